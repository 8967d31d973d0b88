import { hubLimits } from "../nats/index.ts";

/** What the server counted of an agency's connections, as far as it matters here. */
export interface Seen {
  readonly messages: number;
  readonly bytes: number;
  readonly answers: number;
}

/** What an agency sent, and how many messages were taken out of its intake since that stands. */
export interface Weighed {
  readonly seen: Seen;
  readonly taken: number;
  /** Elapsed milliseconds. */
  readonly at: number;
}

/**
 * How far each agency is beyond what anybody sends who waits for answers. What was taken out of its intake, and what it was
 * handed, counts as answered; of what is left a little is forgotten each second.
 */
export interface FloodCounts {
  /** Whether its intake has to be looked at: it sent a window since it last was, or one is left. */
  isDue(agency: string, seen: Seen, at: number): boolean;
  /** Counts what came since the last time; the units that are left. */
  note(agency: string, weighed: Weighed): number;
  /** What comes next is counted from nothing. */
  forget(agency: string): void;
}

/** Bytes that count as one message. */
const unitBytes = 4_096;
/** However little came, the intake is looked at this often: what is left over of old answers must not add up. */
const mostMs = 30_000;

interface Delta {
  readonly messages: number;
  readonly answers: number;
  readonly units: number;
}

function deltaOf(before: Seen, seen: Seen): Delta {
  const messages = seen.messages - before.messages;
  const units = Math.max(messages, (seen.bytes - before.bytes) / unitBytes);
  return { messages, answers: seen.answers - before.answers, units };
}

/** Units of what was not answered; below nothing when older ones were. The server tells messages only of what was taken. */
function leftOf({ messages, answers, units }: Delta, taken: number): number {
  const left = messages - answers - taken;
  return left <= 0 ? left : (units * left) / messages;
}

/** Starts with nothing counted; of a server that began anew too. */
export function makeFloodCounts(): FloodCounts {
  const last = new Map<string, Weighed & { readonly level: number }>();
  return {
    isDue: (agency, seen, at) => {
      const before = last.get(agency);
      if (before === undefined) return true;
      const delta = deltaOf(before.seen, seen);
      const { floodWindowUnits: most } = hubLimits;
      if (delta.messages < 0 || before.level >= most || leftOf(delta, 0) >= most) return true;
      return delta.messages > 0 && at - before.at >= mostMs;
    },
    note: (agency, weighed) => {
      const before = last.get(agency);
      const { seen, taken, at } = weighed;
      // a server, or an intake, that began anew counts from nothing
      const isNew =
        before === undefined || seen.messages < before.seen.messages || taken < before.taken;
      if (isNew) {
        last.set(agency, { ...weighed, level: 0 });
        return 0;
      }
      const forgotten = ((at - before.at) * hubLimits.floodUnitsPerSecond) / 1_000;
      const left = leftOf(deltaOf(before.seen, seen), taken - before.taken);
      const level = Math.max(0, Math.max(0, before.level - forgotten) + left);
      last.set(agency, { ...weighed, level });
      return level;
    },
    forget: (agency) => void last.delete(agency),
  };
}
