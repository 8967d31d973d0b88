import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { replaceFile } from "../schemas/disk/index.ts";
import { toFault, utf8 } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import {
  type HubKeys,
  loadHubKeys,
  makeHubKeys,
  renderServerConfig,
  renderServerRoots,
  saveHubKeys,
  type ServerSettings,
} from "./nats/index.ts";
import type { BrokerOptions, ServerOptions } from "./options.ts";
import { writeRouteFiles } from "./route-files.ts";

const keysFile = "hub-keys.json";

/** Replaces a text that only we may read when it differs; says whether it did. */
function replaceText(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  replaceFile(file, utf8(text), { mode: 0o600 });
  return true;
}

/**
 * The hub's nkeys: those of its folder, or new ones when it has none yet.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function openHubKeys(dir: string): HubKeys {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, keysFile);
  if (!existsSync(file)) saveHubKeys(file, makeHubKeys());
  return loadHubKeys(file);
}

/**
 * Lays the certificate and the key that a server with a folder of its own is to show into that, in one file: it is replaced as
 * a whole, so that whoever reads it at any moment finds two that belong together.
 */
function layPair(server: ServerOptions): { readonly server: ServerOptions; readonly isChanged: boolean } {
  const { folder, certificateFile, keyFile } = server;
  if (folder === undefined) return { server, isChanged: false };
  const file = join(folder.path, "server.pem");
  const texts = [certificateFile, keyFile].map((one) => readFileSync(one, "utf8").trimEnd());
  const isChanged = replaceText(file, `${texts.join("\n")}\n`);
  return { server: { ...server, certificateFile: file, keyFile: file }, isChanged };
} // prettier-ignore

/** Where the server finds its files, when it sees its folder elsewhere than the broker does. */
function asSeen(server: ServerOptions): ServerSettings {
  const { path = "", seenAt } = server.folder ?? {};
  if (seenAt === undefined) return server;
  const at = (file: string): string =>
    file.startsWith(`${path}/`) ? join(seenAt, file.slice(path.length)) : file;
  const seen = <T extends Record<"certificateFile" | "keyFile" | "caFile", string>>(files: T): T => {
    const { certificateFile, keyFile, caFile } = files;
    return { ...files, certificateFile: at(certificateFile), keyFile: at(keyFile), caFile: at(caFile) };
  };
  const { cluster, storeDir, logFile } = server;
  return {
    ...seen(server),
    storeDir: at(storeDir),
    logFile: at(logFile),
    cluster: cluster === undefined ? undefined : seen(cluster),
  };
} // prettier-ignore

function writeOne(
  register: RegisterView,
  { hub, server }: { readonly hub: string; readonly server: ServerOptions },
  keys: HubKeys,
): boolean {
  const render = (settings: ServerSettings): string =>
    renderServerConfig(register, {
      hub,
      settings,
      keys: {
        issuer: keys.issuer.publicKey,
        callout: keys.callout.publicKey,
        hub: keys.hub.publicKey,
        system: keys.system.publicKey,
        curve: keys.curve.publicKey,
      },
    });
  try {
    for (const file of [server.configFile, server.caFile, server.logFile]) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    }
    // The roots and the keys first: the configuration names the digest of the ones, and the file of the others.
    replaceText(server.caFile, renderServerRoots(register));
    const laid = layPair(server);
    return replaceText(server.configFile, render(asSeen(laid.server))) || laid.isChanged;
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "the server's files cannot be written");
  }
}

/**
 * Writes the servers' configurations and roots as the register has them; says whether anything changed, so that they have to
 * read them again. Several servers show the same certificate: that of `server`.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function writeServerFiles(
  register: RegisterView,
  { hub, server, cluster }: Pick<BrokerOptions, "hub" | "server" | "cluster">,
  keys: HubKeys,
): boolean {
  if (cluster === undefined) return writeOne(register, { hub, server }, keys);
  const { certificateFile, keyFile } = server;
  const written = cluster.servers.map((one) =>
    writeOne(register, { hub, server: { ...one, certificateFile, keyFile } }, keys),
  );
  return writeRouteFiles(hub, cluster) || written.includes(true);
}
