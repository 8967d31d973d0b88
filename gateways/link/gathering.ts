import type { Chance, Clock } from "../../schemas/ground/index.ts";
import { scatterMs } from "./back-off.ts";

/** What is needed to follow which of a hub's servers are together. */
export interface GatheringOptions {
  /** The servers that the one we are at says it is together with, itself among them; none where it does not say. */
  readonly servers: () => readonly string[];
  /** Called when one came or went: what was asked for may be known to nobody any more. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** Notices when a server of the hub comes or goes, without a byte of ours. */
export interface Gathering {
  /** Whether the server we are at tells when another comes or goes. */
  readonly isTold: boolean;
  /** Call about once a second while the link is up. */
  tick(): void;
  /** A new connection: what it says first is no news. */
  reset(): void;
}

/** Until others were chosen to lead what it led; and all that are linked to one hub hear it in the same instant, and do not ask in one. */
const usualMs = 15_000;
/** Whoever came is asked once more when it has caught up: by then it knows what it is asked for. */
const laterMs = 60_000;
/** A server that comes and goes all the time is no reason to ask all the time: what was asked for before stands for a while. */
const leastMs = 30_000;

/** Builds it; nothing is asked of anybody. */
export function makeGathering({ servers, onChange, clock, chance }: GatheringOptions): Gathering {
  let known: string | undefined;
  let soonAt = Infinity;
  let laterAt = Infinity;
  let changedAt = -leastMs;

  const hear = (now: number): void => {
    const all = servers();
    const text = all.toSorted().join(" ");
    if (text === known) return;
    const isNews = known !== undefined;
    known = text;
    if (!isNews) return;
    // one that is parted from all others holds few of those who are linked
    const waitMs = all.length < 2 ? 0 : scatterMs(usualMs, chance);
    soonAt = Math.min(soonAt, Math.max(now + waitMs, changedAt + leastMs));
    laterAt = now + scatterMs(laterMs, chance);
  };
  const isDue = (now: number): boolean => {
    if (now >= laterAt) laterAt = Infinity;
    else if (now < soonAt) return false;
    soonAt = Infinity;
    changedAt = now;
    return true;
  };

  return {
    get isTold() {
      return servers().length > 1;
    },
    tick: () => {
      const now = clock.elapsed();
      hear(now);
      if (isDue(now)) onChange();
    },
    reset: () => {
      known = undefined;
      soonAt = Infinity;
      laterAt = Infinity;
    },
  };
}
