import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { connect, type NatsConnection } from "nats";

import { type HubLog, startHubLog } from "../../broker/log/index.ts";
import { makeJetStream } from "../../broker/nats/index.ts";
import { makeNoteSigner } from "../../certs/log/index.ts";
import { sha256, silentLog, systemChance, systemClock, utf8 } from "../../schemas/ground/index.ts";
import { noteKey } from "../kit/note-key.ts";
import { freePort, startServer } from "../kit/server.ts";
import { atExit } from "./at-exit.ts";

/** A server that syncs every write, a bare feed in it, and a hub's log in it. */
export interface LogGround {
  /** Stores one message in a feed that nothing is entered of; its number, once it is synced. */
  publishBare(payload: Uint8Array): Promise<number>;
  /** Stores one message in the feed whose messages are entered. */
  publish(payload: Uint8Array): Promise<number>;
  /** Enters the leaf of a message; resolves when it stands in the log and its checkpoint is signed. */
  enter(stream: string, sequence: number): Promise<number>;
  /** Where the log is published. */
  readonly folder: string;
  readonly log: HubLog;
  stop(): Promise<void>;
}

/** What signs the log of a bench. */
export const benchSigner = makeNoteSigner("atumpan/au/hub-one", noteKey("ed25519"));
/** The feed that messages are stored in. */
export const feed = "FEED_ECOWAS";
const bareFeed = "BARE";
const instance = "bench";

function takenOf(stream: string, sequence: number): Parameters<HubLog["offer"]>[1] {
  const channel = stream === feed ? "ecowas.drugs.h1.alert.incident" : "direct.k7q2m4";
  const commitment = sha256(utf8(`${stream} ${sequence}`));
  return { channel, originator: "ng/tcu", admittedAt: Date.now(), commitment };
}

function startLog(link: NatsConnection, dir: string): HubLog {
  return startHubLog({
    dir,
    link,
    jetStream: makeJetStream(link),
    inbox: "_INBOX.log",
    clock: systemClock,
    chance: systemChance,
    log: silentLog,
    signer: benchSigner,
    keys: () => [],
    checkKey: () => undefined,
    maxBytes: 4 * 1024 ** 3,
    streams: () => new Map([[feed, instance]]),
    readTaken: () => undefined,
    onStopped: ({ code }) => process.stderr.write(`the log stopped: ${code}\n`),
  });
}

/** Starts the server with its feed, and the log. */
export async function startLogGround(): Promise<LogGround> {
  const folder = mkdtempSync(join(tmpdir(), "log-bench-"));
  const port = await freePort();
  const config = join(folder, "nats.conf");
  writeFileSync(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(folder, "js")}", sync_interval: always }\n`);
  const server = await startServer(config, port);
  const callOff = atExit(() => {
    if (server.pid !== undefined) process.kill(server.pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const links = await Promise.all([1, 2].map(() => connect({ servers: `127.0.0.1:${port}`, noAsyncTraces: true })));
  const [data = links[0]!, own = links[0]!] = links;
  for (const name of [feed, bareFeed]) {
    await makeJetStream(data).createStream({ name, subjects: [`${name}.>`], storage: "file", metadata: { instance } });
  }
  const publish = async (subject: string, payload: Uint8Array): Promise<number> =>
    (await data.request(subject, payload, { timeout: 30_000 })).json<{ seq: number }>().seq;
  const log = startLog(own, folder);
  return {
    publishBare: (payload) => publish(`${bareFeed}.x`, payload),
    publish: (payload) => publish(`${feed}.x`, payload),
    enter: async (stream, sequence) => {
      const place = { stream, instance, sequence };
      log.offer(place, takenOf(stream, sequence));
      return await log.positionOf(place);
    },
    folder: join(folder, "log"),
    log,
    stop: async () => {
      await log.stop();
      for (const link of links) await link.close();
      await server.kill();
      callOff();
      rmSync(folder, { recursive: true, force: true });
    },
  };
} // prettier-ignore
