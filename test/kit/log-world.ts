import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { connect, headers, type NatsConnection } from "nats";

import { type HubLog, type HubLogOptions, startHubLog } from "../../broker/log/index.ts";
import { type JetStream, makeJetStream } from "../../broker/nats/index.ts";
import { makeKeyPair, makeSigningKey } from "../../certs/keys/index.ts";
import { leafHash, makeFrontier, makeNoteSigner, verifyCheckpoint } from "../../certs/log/index.ts";
import { type LogLeaf, parseLogBatch, parseLogLeaf } from "../../schemas/index.ts";
import {
  type Bytes,
  type Fault,
  parseBase64url,
  renderBase64url,
  sameBytes,
  sha256,
  silentLog,
  systemChance,
  systemClock,
  utf8,
} from "../../schemas/ground/index.ts";
import { freePort, startServer } from "./server.ts";

/** A channel of a feed, and one of a mailbox, with the streams that hold them. */
export const feedChannel = "ecowas.drugs.h1.alert.incident";
const directChannel = "direct.k7q2m4";
const time = Date.UTC(2026, 10, 20);

/** One broker's log, and how it ended. */
export interface LogBroker {
  readonly log: HubLog;
  readonly dir: string;
  readonly faults: readonly Fault[];
  stop(): Promise<void>;
}

/** The log as it stands in its stream, read by somebody who trusts nobody. */
export interface ReadLog {
  readonly leaves: readonly LogLeaf[];
  readonly sizes: readonly number[];
}

/** A server with streams of messages, and brokers that keep one log of them. */
export interface LogWorld {
  readonly jetStream: JetStream;
  readonly link: NatsConnection;
  readonly instances: Map<string, string>;
  /** Puts a message into a stream; says where it stands. */
  put(stream: string): Promise<{ stream: string; instance: string; sequence: number }>;
  offer(broker: LogBroker, place: { stream: string; instance: string; sequence: number }): void;
  /** In a folder, or a new one; what it hears of the server may be changed on the way. */
  open(dir?: string, hear?: (jetStream: JetStream) => JetStream): Promise<LogBroker>;
  read(): Promise<ReadLog>;
  makeStream(name: string): Promise<void>;
  stop(): Promise<void>;
}

const subjects: Readonly<Record<string, string>> = { FEED_ECOWAS: "feed.>", DIRECT: "direct.>" };

function takenOf(stream: string, sequence: number): ReturnType<HubLogOptions["readTaken"]> & object {
  const channel = stream === "DIRECT" ? directChannel : feedChannel;
  const commitment = sha256(utf8(`${stream} ${sequence}`));
  return { channel, originator: "ng/tcu", admittedAt: time + sequence, commitment };
} // prettier-ignore

const key = makeSigningKey(makeKeyPair("Ed25519"));
/** Signs in the name of the log that all brokers here keep. */
export const logSigner = makeNoteSigner("atumpan/au/hub-one", key);

/** Starts a server of its own. */
export async function makeLogWorld(): Promise<LogWorld> {
  const folder = mkdtempSync(join(tmpdir(), "hub-log-"));
  const port = await freePort();
  const config = join(folder, "nats.conf");
  writeFileSync(
    config,
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(folder, "js")}" }\n`,
  );
  const server = await startServer(config, port);
  const dial = (): Promise<NatsConnection> => connect({ servers: `127.0.0.1:${port}` });
  const link = await dial();
  const jetStream = makeJetStream(link);
  const instances = new Map<string, string>();
  let brokers = 0;

  const makeStream = async (name: string): Promise<void> => {
    const instance = `${name}-${Math.floor(performance.now())}`;
    await jetStream.createStream({
      name,
      subjects: [subjects[name]],
      storage: "file",
      metadata: { instance },
    });
    instances.set(name, instance);
  };
  for (const name of Object.keys(subjects)) await makeStream(name);

  return {
    jetStream,
    link,
    instances,
    makeStream,
    put: async (stream) => {
      const last = (await jetStream.stream(stream))?.lastSequence ?? 0;
      const taken = takenOf(stream, last + 1);
      const notes = headers();
      notes.set("Commitment", renderBase64url(taken.commitment));
      notes.set("Admitted", String(taken.admittedAt));
      const subject = `${subjects[stream]?.slice(0, -1)}${last}`;
      const answer = await link.request(subject, "sealed", { headers: notes, timeout: 20_000 });
      const { seq } = answer.json<{ seq: number }>();
      return { stream, instance: instances.get(stream) ?? "", sequence: seq };
    },
    offer: ({ log }, place) => log.offer(place, takenOf(place.stream, place.sequence)),
    open: async (dir = mkdtempSync(join(folder, "broker-")), hear = (heard) => heard) => {
      const own = await dial();
      brokers += 1;
      const faults: Fault[] = [];
      const log = startHubLog({
        dir,
        link: own,
        jetStream: hear(makeJetStream(own)),
        inbox: `_INBOX.log${brokers}`,
        clock: systemClock,
        chance: systemChance,
        log: silentLog,
        signer: logSigner,
        keys: () => [],
        checkKey: () => undefined,
        maxBytes: 64 * 1024 * 1024,
        streams: () => instances,
        readTaken: ({ subject, headers: notes }) => ({
          channel: subject.startsWith("direct.") ? directChannel : feedChannel,
          originator: "ng/tcu",
          admittedAt: Number(notes.get("Admitted")),
          commitment: parseBase64url(notes.get("Commitment") ?? ""),
        }),
        onStopped: (fault) => void faults.push(fault),
      });
      const stop = async (): Promise<void> => {
        await log.stop();
        await own.close();
      };
      return { log, dir, faults, stop };
    },
    read: async () => {
      const frontier = makeFrontier();
      const leaves: LogLeaf[] = [];
      const sizes: number[] = [];
      for (let seq = 1; ; seq += 1) {
        const asked = await link.request("$JS.API.STREAM.MSG.GET.LOG", JSON.stringify({ seq }));
        const { message } = asked.json<{ message?: { data: string } }>();
        if (message === undefined) return { leaves, sizes };
        const batch = parseLogBatch(Buffer.from(message.data, "base64"));
        for (const leaf of batch.leaves) {
          frontier.append(leafHash(leaf));
          leaves.push(parseLogLeaf(leaf));
        }
        const { checkpoint } = verifyCheckpoint(batch.checkpoint, logSigner.verifierKey);
        const isRight =
          checkpoint.size === leaves.length && sameBytes(checkpoint.root, frontier.root());
        if (!isRight) throw new Error(`entry ${seq} has a checkpoint of another tree`);
        sizes.push(checkpoint.size);
      }
    },
    stop: async () => {
      await link.close();
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The leaves of each stream in the order in which they stand, by their numbers. */
export function numbersOf({ leaves }: ReadLog): Readonly<Record<string, readonly number[]>> {
  const all: Record<string, number[]> = {};
  for (const { stream, instance = "", sequence } of leaves) {
    (all[`${stream} ${instance}`] ??= []).push(sequence);
  }
  return all;
}

/** 1 to n. */
export function upTo(n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

/** The bytes of a checkpoint as text. */
export function sizeOf(checkpoint: Bytes | undefined): number {
  if (checkpoint === undefined) return 0;
  return verifyCheckpoint(checkpoint, logSigner.verifierKey).checkpoint.size;
}
