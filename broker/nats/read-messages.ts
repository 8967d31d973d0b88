import { type Bytes, Fault, renderHex, utf8 } from "../../schemas/ground/index.ts";
import { toHubFault } from "../../schemas/wire/index.ts";
import { whileUp } from "./ask.ts";
import { type Msg, statusOf } from "./connect.ts";
import { hubLimits } from "./limits.ts";
import { type NotesSource, sequenceOf } from "./read-stream.ts";

const nanos = 1_000_000;
/** Under what the server holds for a slow reader, at the largest entries. */
const atOnce = 32;

/** One entry of a stream, as it stands there. */
export interface StreamEntry {
  readonly sequence: number;
  readonly data: Bytes;
}

/** Which part of a stream is read. */
export interface StreamPart {
  readonly stream: string;
  /** The first that is wanted. */
  readonly from: number;
}

/** Takes the next few entries; an empty list is the end. */
function takeSome({ link, clock, chance, inbox }: NotesSource, subject: string): Promise<Msg[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Msg[]>();
  const reply = `${inbox}.${renderHex(chance.bytes(8))}`;
  const taken: Msg[] = [];
  const subscription = link.subscribe(reply, {
    callback: (error, message) => {
      if (error !== null) return reject(toHubFault(error));
      if (statusOf(message) !== undefined) return resolve(taken);
      taken.push(message);
      if (taken.length === atOnce) resolve(taken);
      return undefined;
    },
  });
  const timer = clock.after(hubLimits.storeTimeoutMs, () =>
    reject(new Fault("HUB_UNREACHABLE", "the stream was not read in time")),
  );
  link.publish(subject, utf8(JSON.stringify({ batch: atOnce, no_wait: true })), { reply });
  return whileUp(link, () => promise).finally(() => {
    timer.stop();
    if (!link.isClosed()) subscription.unsubscribe();
  });
}

/**
 * Reads a stream from one entry on to its end as it is then, in order.
 *
 * @param onEntry may throw, which ends the reading
 * @throws {Fault} HUB_UNREACHABLE, HUB_STREAM_WRITE_FAILED, and what `onEntry` throws
 */
export async function readMessages(
  source: NotesSource,
  { stream, from }: StreamPart,
  onEntry: (entry: StreamEntry) => void,
): Promise<void> {
  const { jetStream, chance } = source;
  const name = `read-${renderHex(chance.bytes(8))}`;
  await jetStream.putConsumer(stream, {
    name,
    deliver_policy: "by_start_sequence",
    opt_start_seq: from,
    ack_policy: "none",
    mem_storage: true,
    inactive_threshold: 30_000 * nanos,
  });
  try {
    for (;;) {
      const taken = await takeSome(source, `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`);
      for (const message of taken) {
        onEntry({ sequence: sequenceOf(message.reply ?? ""), data: message.data });
      }
      if (taken.length < atOnce) return;
    }
  } catch (error) {
    throw toHubFault(error);
  } finally {
    await jetStream.deleteConsumer(stream, name);
  }
}
