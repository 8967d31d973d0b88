import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { toFault } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { replaceText } from "./files.ts";
import {
  type HubKeys,
  loadHubKeys,
  makeHubKeys,
  renderServerConfig,
  renderServerRoots,
  saveHubKeys,
} from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";

const keysFile = "hub-keys.json";

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
 * Writes the server's configuration and roots as the register has them; says whether anything changed, so
 * that the server has to read them again.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function writeServerFiles(
  register: RegisterView,
  { hub, server }: Pick<BrokerOptions, "hub" | "server">,
  keys: HubKeys,
): boolean {
  const text = renderServerConfig(register, {
    hub,
    settings: server,
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
    // The roots first: the configuration names their digest.
    replaceText(server.caFile, renderServerRoots(register), 0o600);
    return replaceText(server.configFile, text, 0o600);
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "the server's files cannot be written");
  }
}
