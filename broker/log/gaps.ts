import type { Clock } from "../../schemas/ground/index.ts";
import type { JetStream, StoredNote } from "../nats/index.ts";
import type { LogHead } from "./head.ts";
import { voidLeaf } from "./leaves.ts";
import type { Pending } from "./pending.ts";
import { type LogPlace, seriesOf } from "./place.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** Finds what stands in the streams and is not in the log: taken by another broker, or told to nobody. */
export interface GapFiller {
  /** Reads what is missing, where something has been missing for a while. @throws {Fault} HUB_* */
  fill(head: LogHead): Promise<void>;
}

/** What gaps are filled with. */
export interface GapOptions {
  readonly jetStream: JetStream;
  readonly pending: Pending;
  readonly clock: Clock;
  /** The streams whose messages are entered, with their instances. */
  readonly streams: () => ReadonlyMap<string, string>;
  /** The leaf of a message that stands at a place; undefined when what stands there is not ours. */
  readonly leafOf: (place: LogPlace, note: StoredNote) => Bytes | undefined;
  /** A stream is there no more: nothing of it can be entered. */
  readonly onGone: (series: Pick<LogPlace, "stream" | "instance">) => void;
}

/** So old is a gap before it is read: usually its message's answer is on its way. */
const patienceMs = 400;
/** Places looked up at once, and in one go: between two entries of the log. */
const atOnce = 32;
const maxInOneGo = 1_024;

interface Sight {
  readonly lastSequence: number;
  readonly at: number;
}

/** Builds a filler that has seen nothing yet. */
export function makeGapFiller(options: GapOptions): GapFiller {
  const { jetStream, pending, clock, streams, leafOf, onGone } = options;
  /** How far each stream was when it was looked at. */
  const sights = new Map<string, Sight>();

  const readOne = async (place: LogPlace): Promise<readonly [LogPlace, Bytes]> => {
    const note = await jetStream.at(place.stream, place.sequence);
    const leaf = note === undefined ? undefined : leafOf(place, note);
    return [place, leaf ?? voidLeaf(place, clock.now())];
  };

  const readRange = async (series: Pick<LogPlace, "stream" | "instance">, from: number, to: number): Promise<boolean> => {
    const all = Array.from({ length: to - from + 1 }, (_, i) => ({ ...series, sequence: from + i }));
    const missing = all.filter((place) => !pending.has(place));
    const read: (readonly [LogPlace, Bytes])[] = [];
    // of one that leads no more a place is empty that is not
    if ((await jetStream.stream(series.stream))?.isDoubtful === true) return false;
    for (let at = 0; at < missing.length; at += atOnce) {
      read.push(...(await Promise.all(missing.slice(at, at + atOnce).map(readOne))));
    }
    // another stream under the same name has other messages at these numbers
    const state = await jetStream.stream(series.stream);
    if (state?.instance !== series.instance || state.isDoubtful === true) return false;
    for (const [place, leaf] of read) pending.offer(place, leaf);
    return missing.length > 0;
  }; // prettier-ignore

  const fillOne = async (
    series: Pick<LogPlace, "stream" | "instance">,
    head: LogHead,
  ): Promise<void> => {
    const key = seriesOf(series);
    const now = clock.elapsed();
    const seen = sights.get(key);
    if (seen !== undefined && now - seen.at < patienceMs) return;
    const next = pending.nextOf(series, head);
    // what stood there a while ago and is still not entered
    const to = Math.min(seen?.lastSequence ?? 0, next + maxInOneGo - 1);
    if (to >= next) await readRange(series, next, to);
    if ((seen?.lastSequence ?? 0) > to) return;
    const state = await jetStream.stream(series.stream);
    if (state?.instance !== series.instance) return;
    const { lastSequence, firstSequence } = state;
    if (!head.marks.has(key)) pending.beginAt({ ...series, sequence: firstSequence });
    sights.set(key, { lastSequence, at: now });
  };

  return {
    fill: async (head) => {
      const standing = streams();
      for (const series of pending.gaps(head)) {
        if (standing.get(series.stream) === series.instance) continue;
        pending.drop(series);
        onGone(series);
      }
      for (const [stream, instance] of standing) await fillOne({ stream, instance }, head);
    },
  };
}
