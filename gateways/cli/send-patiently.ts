import { type Chance, type Fault, faults, isFault } from "../../schemas/ground/index.ts";
import { pause, type Pausing } from "./pause.ts";

/** How to wait. */
export interface Patience extends Pausing {
  readonly chance: Chance;
  /** Told of each answer that was not final, before waiting. */
  readonly onWait: (fault: Fault) => void;
}

const firstPauseMs = 500;
const lastPauseMs = 30_000;
/** How often a failure inside the gateway is tried again: it may be the row that makes it fail. */
const maxInternal = 5;

/** What an HTTP edge says when it is busy or not able for now, as opposed to having judged. */
const awayStatus: ReadonlySet<number> = new Set([429, 503, 504]);

function isAway({ code }: Fault): boolean {
  return awayStatus.has(faults[code].status);
}

/** A pause that doubles, with up to half of it by chance, so that many do not come back at once. */
function pauseOf(tries: number, chance: Chance): number {
  const full = Math.min(lastPauseMs, firstPauseMs * 2 ** Math.min(tries, 10));
  return full / 2 + (full / 2) * ((chance.bytes(1)[0] ?? 0) / 255);
}

/**
 * Acts until it succeeds or is refused for good: a gateway that is away, busy or failing for now is waited
 * for without limit, one that fails inside five times. The act must be idempotent.
 *
 * @throws {Fault} what the last answer was, when it was final or the person wants to stop
 */
export async function sendPatiently<T>(act: () => Promise<T>, patience: Patience): Promise<T> {
  const { chance, signal, onWait } = patience;
  for (let tries = 0; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isFault(error) || signal.aborted) throw error;
      const isFinal = !isAway(error) && !(error.code === "INTERNAL" && tries < maxInternal);
      if (isFinal) throw error;
      onWait(error);
    }
    await pause(pauseOf(tries, chance), patience);
  }
}
