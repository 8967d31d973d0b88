import { limits } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import type { LogHead } from "./head.ts";
import { type LogPlace, seriesOf } from "./place.ts";

/** Leaves that are not in the log yet, each in its stream's order. */
export interface Pending {
  /** A leaf of a message; one of a place that stands in the log already is let go by. */
  offer(place: LogPlace, leaf: Bytes): void;
  /** A leaf that follows no other: of a register or an act. */
  offerLoose(leaf: Bytes): void;
  /** From where on a stream is entered that has no leaf yet. */
  beginAt(place: LogPlace): void;
  /** The number that is entered next. */
  nextOf(series: Pick<LogPlace, "stream" | "instance">, head: LogHead): number;
  has(place: LogPlace): boolean;
  /** What can be entered now: no more than one entry takes, and nothing after a gap. */
  ready(head: LogHead): readonly Bytes[];
  /** Forgets what stands in the log. */
  settle(head: LogHead): void;
  /** Forgets a stream that is there no more. */
  drop(series: Pick<LogPlace, "stream" | "instance">): void;
  /** Streams of which something waits behind a gap. */
  gaps(head: LogHead): readonly Pick<LogPlace, "stream" | "instance">[];
}

/** What is left of an entry for leaves, beside the checkpoint. */
const batchBytes = limits.maxLogBatchBytes - 8 * 1024;

interface Series {
  readonly stream: string;
  readonly instance: string;
  readonly leaves: Map<number, Bytes>;
  first: number;
}

/** What may stand in one entry, while there is room. */
function makeTaker(): { take: (leaf: Bytes) => boolean; readonly taken: Bytes[] } {
  const taken: Bytes[] = [];
  let bytes = 0;
  const take = (leaf: Bytes): boolean => {
    // each leaf has a tag and a length before it
    const next = bytes + leaf.length + 8;
    const isFull = taken.length >= limits.maxLogBatchLeaves || next > batchBytes;
    if (isFull) return false;
    bytes = next;
    taken.push(leaf);
    return true;
  };
  return { take, taken };
}

/** Starts with nothing. */
export function makePending(isEntered: (leaf: Bytes, head: LogHead) => boolean): Pending {
  const all = new Map<string, Series>();
  let loose: readonly Bytes[] = [];

  const seriesFor = (at: Pick<LogPlace, "stream" | "instance">): Series => {
    const { stream, instance } = at;
    const key = seriesOf(at);
    const held = all.get(key) ?? { stream, instance, leaves: new Map(), first: 1 };
    all.set(key, held);
    return held;
  };
  const nextOf: Pending["nextOf"] = (at, { marks }) => {
    const key = seriesOf(at);
    const mark = marks.get(key);
    return mark === undefined ? (all.get(key)?.first ?? 1) : mark.last + 1;
  };

  return {
    nextOf,
    offer: (place, leaf) => void seriesFor(place).leaves.set(place.sequence, leaf),
    offerLoose: (leaf) => {
      loose = [...loose, leaf];
    },
    beginAt: (place) => {
      const series = seriesFor(place);
      // one that was taken is entered, even if it is gone by now
      series.first = Math.min(Math.max(1, place.sequence), ...series.leaves.keys());
    },
    has: (place) => all.get(seriesOf(place))?.leaves.has(place.sequence) === true,
    ready: (head) => {
      const { take, taken } = makeTaker();
      for (const leaf of loose) {
        // after a new start it may have been entered before
        if (!isEntered(leaf, head) && !take(leaf)) return taken;
      }
      for (const series of all.values()) {
        for (let at = nextOf(series, head); ; at += 1) {
          const leaf = series.leaves.get(at);
          if (leaf === undefined) break;
          if (!take(leaf)) return taken;
        }
      }
      return taken;
    },
    settle: (head) => {
      loose = loose.filter((leaf) => !isEntered(leaf, head));
      for (const [key, series] of all) {
        const { last = 0 } = head.marks.get(key) ?? {};
        for (const sequence of series.leaves.keys()) {
          if (sequence <= last) series.leaves.delete(sequence);
        }
        if (series.leaves.size === 0 && head.marks.has(key)) all.delete(key);
      }
      // a busy stream fills whole entries: another one comes first then
      const [first] = all;
      if (first === undefined) return;
      all.delete(first[0]);
      all.set(...first);
    },
    drop: (at) => void all.delete(seriesOf(at)),
    gaps: (head) =>
      [...all.values()].filter(
        (series) => series.leaves.size > 0 && !series.leaves.has(nextOf(series, head)),
      ),
  };
}
