/** One end of the bare transport, in a process of its own: publishes into a stream, or consumes it. */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, createInbox, type NatsConnection } from "nats";

import { type Load, runLoad } from "./load.ts";
import { sharedNow } from "./shared-clock.ts";
import { serveOrders } from "./worker.ts";

/** Where the bare server is, and who we are there. */
export interface BarePlace {
  readonly url: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly rootsFile: string;
}

/** How the answer of the stream is waited for: the library's `js.publish`, or an inbox of our own. */
export type BareVariant = "js" | "raw";

const stream = "BARE";
const subject = "bare.x";
const consumerName = "bare";
const held = { at: [] as number[], count: 0 };
let connection: NatsConnection | undefined;

function nats(): NatsConnection {
  if (connection === undefined) throw new Error("not connected");
  return connection;
}

async function open({ url, certificateFile, keyFile, rootsFile }: BarePlace): Promise<void> {
  const tls = {
    handshakeFirst: true,
    cert: readFileSync(certificateFile, "utf8"),
    key: readFileSync(keyFile, "utf8"),
    ca: readFileSync(rootsFile, "utf8"),
    minVersion: "TLSv1.3",
    // hub certificates bear no host name; that they lead to the roots is checked as always
    checkServerIdentity: () => undefined,
  };
  connection = await connect({ servers: url, tls, noAsyncTraces: true, inboxPrefix: "_INBOX_B" });
}

async function makeStream(): Promise<void> {
  const manager = await jetstreamManager(nats());
  await manager.streams.add({ name: stream, subjects: ["bare.>"] });
  await manager.consumers.add(stream, {
    durable_name: consumerName,
    ack_policy: "explicit",
    max_ack_pending: 4096,
  });
}

type Publish = (body: Uint8Array) => Promise<void>;

function makeJsPublish(): Publish {
  const js = jetstream(nats(), { timeout: 30_000 });
  return async (body) => void (await js.publish(subject, body));
}

/** A windowed publish that matches answers by number, without the library's request path. */
function makeRawPublish(): Publish {
  const own = nats();
  const inbox = createInbox("_INBOX_B");
  const waiting = new Map<string, () => void>();
  let next = 0;
  own.subscribe(`${inbox}.*`, {
    callback: (error, answer) => {
      const token = answer.subject.slice(inbox.length + 1);
      if (error !== null || !answer.string().includes('"seq"')) throw new Error("not stored");
      waiting.get(token)?.();
      waiting.delete(token);
    },
  });
  return (body) =>
    new Promise((resolve) => {
      next += 1;
      const token = next.toString(36);
      waiting.set(token, resolve);
      own.publish(subject, body, { reply: `${inbox}.${token}` });
    });
}

const variants: Partial<Record<BareVariant, Publish>> = {};

async function publish(given: {
  variant: BareVariant;
  load: Load;
  bytes: number;
}): Promise<{ dueAt: Float64Array }> {
  const { variant, load, bytes } = given;
  const send = (variants[variant] ??= variant === "js" ? makeJsPublish() : makeRawPublish());
  const dueAt: number[] = [];
  await runLoad(load, async (index, due) => {
    const body = new Uint8Array(bytes);
    new DataView(body.buffer).setUint32(0, index);
    dueAt[index] = due;
    await send(body);
  });
  return { dueAt: Float64Array.from(dueAt) };
}

async function consume(): Promise<void> {
  const consumer = await jetstream(nats()).consumers.get(stream, consumerName);
  const messages = await consumer.consume({ max_messages: 2000 });
  const follow = async (): Promise<void> => {
    for await (const message of messages) {
      const index = new DataView(message.data.buffer, message.data.byteOffset).getUint32(0);
      held.at[index] = sharedNow();
      held.count += 1;
      message.ack();
    }
  };
  void follow();
}

async function collect(given: { count: number }): Promise<{ heldAt: Float64Array }> {
  while (held.count < given.count) await pause(20);
  return { heldAt: Float64Array.from(held.at) };
}

serveOrders(
  {
    open,
    makeStream,
    publish,
    consume,
    collect,
    begin: () => {
      held.at.length = 0;
      held.count = 0;
    },
  },
  async () => {
    await connection?.close();
  },
);
