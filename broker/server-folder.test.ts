import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { fixtureHub, makeRegion, mandate } from "../test/kit/hub-region.ts";
import { freePort, type Server, startServer, until } from "../test/kit/server.ts";
import { makeHubKeys } from "./nats/index.ts";
import type { ServerOptions } from "./options.ts";
import { writeServerFiles } from "./server-files.ts";

const home = mkdtempSync(join(tmpdir(), "server-folder-"));
const keys = makeHubKeys();
const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
  ],
  mandates: [mandate("ng/tcu", ["PUBLISH", "ecowas"])],
});
const own = join(home, "hub/servers/one");
/** As a container sees it: the same folder by another name. */
const seenAt = join(home, "seen");
let server: Server;
let options: ServerOptions;

/** A certificate and a key among the broker's own, and its fingerprint; what for is nothing to who only looks. */
function makePair(name: string, kind: "LINK" | "SERVER" = "SERVER"): { readonly files: Pick<ServerOptions, "certificateFile" | "keyFile">; readonly print: string } {
  const { certificatePem, keyPem } = region.leaf(fixtureHub, kind);
  const files = { certificateFile: join(home, "hub/keys", `${name}.pem`), keyFile: join(home, "hub/keys", `${name}.key`) };
  writeFileSync(files.certificateFile, certificatePem);
  writeFileSync(files.keyFile, keyPem, { mode: 0o600 });
  return { files, print: new X509Certificate(certificatePem).fingerprint256 };
} // prettier-ignore

function write(files: Partial<ServerOptions>): boolean {
  return writeServerFiles(region.view, { hub: fixtureHub, server: { ...options, ...files } }, keys);
}

/** The fingerprint of what the server shows whoever dials it. */
async function shown(): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

beforeAll(async () => {
  mkdirSync(join(home, "hub/keys"), { recursive: true });
  symlinkSync(own, seenAt);
  const port = await freePort();
  options = {
    listen: { host: "127.0.0.1", port },
    ...makePair("first").files,
    caFile: join(own, "clients.pem"),
    configFile: join(own, "nats-server.conf"),
    storeDir: join(home, "store"),
    logFile: join(own, "nats-server.log"),
    maxMemoryBytes: 2 ** 26,
    maxFileBytes: 2 ** 28,
    folder: { path: own, seenAt },
  };
  write({});
  server = await startServer(join(seenAt, "nats-server.conf"), port);
});

afterAll(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe("a server with a folder of its own", () => {
  it("runs from what lies in it, and its configuration names nothing else of the broker's", () => {
    const named = readFileSync(options.configFile, "utf8");
    expect(named).toContain(`cert_file: "${seenAt}/server.pem"`);
    expect(named).not.toContain(join(home, "hub"));
    expect(readdirSync(own).toSorted()).toEqual(["clients.pem", "nats-server.conf", "nats-server.log", "server.pem"]);
    expect(statSync(join(own, "server.pem")).mode & 0o777).toBe(0o600);
  }); // prettier-ignore

  it("is to read its files anew when it is to show another certificate, and then shows that", async () => {
    const next = makePair("next", "LINK");
    expect(write({})).toBe(false);
    expect(await shown()).not.toBe(next.print);
    expect(write(next.files)).toBe(true);
    expect(write(next.files)).toBe(false);
    process.kill(server.pid!, "SIGHUP");
    await until("it shows the next one", async () => (await shown()) === next.print);
  });
});
