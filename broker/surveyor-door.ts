import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  connect,
  type ConnectionOptions,
  createServer,
  type Server,
  type TLSSocket,
} from "node:tls";

import { replaceFile } from "../schemas/disk/index.ts";
import { Fault, isFault, type Log, toFault, utf8 } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { linkTlsOf, urlsOf } from "./links.ts";
import { isRoutePair, makeNkey, makeRoutePair, type RoutePair } from "./nats/index.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";
import { openOwnKeys } from "./own-keys.ts";
import { heldRegisterFile, lookFirst, openRegisterSource } from "./register-source.ts";

const here = "127.0.0.1";
/** One surveyor needs one connection, and one more while it connects anew. */
const mostConnections = 4;
/** How long a handshake may take, on either side. */
const patienceMs = 20_000;

/** Where a door for nats-surveyor is, and what it is opened with. */
export interface DoorOrder {
  readonly options: BrokerOptions;
  /** What the surveyor is given lies here: `door.pem` and `door.key`, which it and the door show each other, and `surveyor.nk`, its key, whose public half is in `surveyor.pub`. */
  readonly dir: string;
  /** On this machine alone. */
  readonly port: number;
}

/** A door that stands open. */
export interface Door {
  /** The public nkey of the surveyor, for `server.surveyor` or `cluster.surveyor`. */
  readonly publicKey: string;
  stop(): Promise<void>;
}

function openPair(dir: string): RoutePair {
  const [certificateFile, keyFile] = [join(dir, "door.pem"), join(dir, "door.key")];
  if (existsSync(certificateFile) && existsSync(keyFile)) {
    const held = { certificatePem: readFileSync(certificateFile, "utf8"), keyPem: readFileSync(keyFile, "utf8") };
    if (isRoutePair(held, [here])) return held;
  }
  const made = makeRoutePair("surveyor", [here]);
  replaceFile(keyFile, utf8(made.keyPem), { mode: 0o600 });
  replaceFile(certificateFile, utf8(made.certificatePem), { mode: 0o600 });
  return made;
} // prettier-ignore

function openKey(dir: string): string {
  const file = join(dir, "surveyor.nk");
  const told = join(dir, "surveyor.pub");
  if (existsSync(file) && existsSync(told)) return readFileSync(told, "utf8").trim();
  const { seed, publicKey } = makeNkey("U");
  replaceFile(file, utf8(`${seed}\n`), { mode: 0o600 });
  replaceFile(told, utf8(`${publicKey}\n`), { mode: 0o600 });
  return publicKey;
}

/** Makes what the surveyor is given, where it is not there yet. Gives its public nkey. */
export function prepareSurveyorDoor(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  openPair(dir);
  return openKey(dir);
}

function markOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

/**
 * How a server of the hub is dialled, by the keys and the register of the moment. The register is proved anew only when it is
 * another: who waits at the door waits two seconds.
 *
 * @throws {Fault} REGISTER_*, CONFIG_INVALID
 */
function openWay(options: BrokerOptions): () => ConnectionOptions {
  const dir = hubFolderOf(options);
  const files = [options.registerFile, join(dir, heldRegisterFile)];
  const prove = (): RegisterView => lookFirst(openRegisterSource({ ...options, dir })).view;
  let mark = files.map(markOf).join();
  let view = prove();
  const own = openOwnKeys(options, () => view);
  const tls = linkTlsOf(options, { register: () => view, link: () => own.link() });
  const checkServerIdentity: ConnectionOptions["checkServerIdentity"] = (_host, { raw }) =>
    tls.isServer(raw) ? undefined : new Fault("HUB_UNREACHABLE", "the server shows a certificate the register does not name");
  return () => {
    const next = files.map(markOf).join();
    if (next !== mark) [view, mark] = [prove(), next];
    return { cert: tls.certificatePem, key: tls.keyPem, ca: tls.rootsPem, minVersion: "TLSv1.3", checkServerIdentity };
  };
} // prettier-ignore

/** Dials the next of the hub's servers at each call. */
function openDial(options: BrokerOptions): () => TLSSocket {
  const urls = urlsOf(options).map((url) => new URL(url.replace("tls:", "http:")));
  const way = openWay(options);
  let next = 0;
  return () => {
    const { hostname, port } = urls[next % urls.length] ?? new URL("http://invalid");
    next += 1;
    const host = hostname.replaceAll(/^\[|\]$/g, "");
    return connect({ ...way(), host, port: Number(port), servername: "" });
  };
}

/** Joins who was let in to a server, byte by byte, until one of them ends it. Each server is believed by its certificate alone. */
function joinTo(caller: TLSSocket, dial: () => TLSSocket, log: Log): void {
  const tell = (error: unknown): void => {
    const code = isFault(error) ? error.code : "HUB_UNREACHABLE";
    log.warn("a server of the hub is not reached for the surveyor", { code });
  };
  try {
    const server = dial();
    server.setTimeout(patienceMs, () => server.destroy());
    server.once("secureConnect", () => server.setTimeout(0));
    server.once("error", tell);
    server.once("close", () => caller.destroy());
    caller.once("close", () => server.destroy());
    caller.pipe(server).pipe(caller);
  } catch (error) {
    tell(error);
    caller.destroy();
  }
}

function openServer({ certificatePem: cert, keyPem: key }: RoutePair): Server {
  // who shows the pair that both have read it in a folder that is the hub's alone
  const server = createServer({
    cert,
    key,
    ca: cert,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.3",
    handshakeTimeout: patienceMs,
  });
  server.maxConnections = mostConnections;
  return server;
}

/**
 * Opens a door for nats-surveyor on this machine. The hub's certificates name the hub and no host, which the surveyor cannot
 * check; so it is shown one that does, and whoever dials for it checks the server's as the broker does. What it may ask is said by
 * its own nkey at the server: the door gives no right, and hides nothing.
 *
 * @throws {Fault} REGISTER_*, and CONFIG_INVALID when the port cannot be had or the files cannot be kept
 */
export async function openSurveyorDoor({ options, dir, port }: DoorOrder): Promise<Door> {
  const { log } = options;
  const publicKey = prepareSurveyorDoor(dir);
  const server = openServer(openPair(dir));
  const callers = new Set<TLSSocket>();
  const dial = openDial(options);
  server.on("secureConnection", (caller) => {
    callers.add(caller);
    caller.on("error", () => undefined);
    caller.once("close", () => callers.delete(caller));
    joinTo(caller, dial, log);
  });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once("error", reject);
  server.listen(port, here, () => resolve(undefined));
  try {
    await promise;
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `port ${port} cannot be listened at`);
  }
  return {
    publicKey,
    stop: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const caller of callers) caller.destroy();
      await closed;
    },
  };
}
