import { type Chance, type Clock, Fault, renderHex, utf8 } from "../../schemas/ground/index.ts";
import { toHubFault } from "../../schemas/wire/index.ts";
import { whileUp } from "./ask.ts";
import { type Link, type Msg, statusOf } from "./connect.ts";
import type { JetStream } from "./jetstream.ts";
import { hubLimits } from "./limits.ts";

const batch = 2000;
const nanos = 1_000_000;

/** One stored message without its payload. */
export interface NotedMessage {
  readonly subject: string;
  readonly sequence: number;
  /** The value of a header, "" when it is not there. */
  header(name: string): string;
}

/**
 * The stream sequence in a message's reply subject: `$JS.ACK.<stream>.<consumer>.<n>.<seq>…`, or with the
 * domain and account in front as servers from 2.15 on write it.
 */
export function sequenceOf(reply: string): number {
  const tokens = reply.split(".");
  return Number(tokens[tokens.length >= 11 ? 7 : 5]);
}

/** Takes one batch; returns how many came. Headers alone have no payload, so only a status ends a batch. */
function takeBatch(
  { link, clock, chance, inbox }: NotesSource,
  subject: string,
  onMessage: (message: Msg) => void,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const reply = `${inbox}.${renderHex(chance.bytes(8))}`;
  let count = 0;
  const subscription = link.subscribe(reply, {
    callback: (error, message) => {
      if (error !== null) reject(toHubFault(error));
      else if (statusOf(message) === undefined) {
        onMessage(message);
        count += 1;
        if (count === batch) resolve(count);
      } else resolve(count);
    },
  });
  const timer = clock.after(hubLimits.storeTimeoutMs, () =>
    reject(new Fault("HUB_UNREACHABLE", "the stream was not read in time")),
  );
  link.publish(subject, utf8(JSON.stringify({ batch, no_wait: true })), { reply });
  return whileUp(link, () => promise).finally(() => {
    timer.stop();
    if (!link.isClosed()) subscription.unsubscribe();
  });
}

/** What the notes are read with. */
export interface NotesSource {
  readonly link: Link;
  readonly jetStream: JetStream;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Prefix of reply subjects of this connection. */
  readonly inbox: string;
}

/**
 * Reads subject, sequence and headers of every message of a stream, oldest first. Costs no payload.
 *
 * @throws {Fault} HUB_UNREACHABLE, HUB_STREAM_WRITE_FAILED
 */
export async function readStreamNotes(
  source: NotesSource,
  stream: string,
  onNote: (note: NotedMessage) => void,
): Promise<void> {
  const { jetStream, chance } = source;
  const total = (await jetStream.stream(stream))?.messages ?? 0;
  if (total === 0) return;
  const name = `notes-${renderHex(chance.bytes(8))}`;
  await jetStream.putConsumer(stream, {
    name,
    deliver_policy: "all",
    ack_policy: "none",
    headers_only: true,
    mem_storage: true,
    inactive_threshold: 30_000 * nanos,
  });
  try {
    let read = 0;
    for (;;) {
      const count = await takeBatch(
        source,
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`,
        (message) => {
          onNote({
            subject: message.subject,
            sequence: sequenceOf(message.reply ?? ""),
            header: (key) => message.headers?.get(key) ?? "",
          });
        },
      );
      read += count;
      if (count < batch) break;
    }
    if (read < total)
      throw new Fault("HUB_UNREACHABLE", `stream ${stream} was not read to its end`);
  } catch (error) {
    throw toHubFault(error);
  } finally {
    await jetStream.deleteConsumer(stream, name);
  }
}
