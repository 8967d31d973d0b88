import { limits } from "../../schemas/index.ts";

/**
 * Why an act does not stand in the log yet. SILENT: the hub took it, or did not answer, or shows no proof. WRONG: what it
 * shows is not the act. REFUSED: it says that it does not enter it. OURS: nothing that the hub could help.
 */
export type ActHindrance = "SILENT" | "WRONG" | "REFUSED" | "OURS";

/** How long the hub has owed the oldest act its place; forgotten with a restart, as an alarm that is open is not. */
export interface ActWaits {
  /** It was asked for and does not stand there. @returns what people have to be told by now */
  note(seq: number, why: ActHindrance, code: string): ActAlarm | undefined;
  /** The link broke: until the next answer nobody owes anything. */
  pause(): void;
}

/** What is told of an act that the hub does not enter. */
export type ActAlarm = "LOG_ACT_MISSING" | "LOG_ACT_REFUSED";

/** Every code of an alarm about acts. */
export const actAlarms = ["LOG_ACT_MISSING", "LOG_ACT_REFUSED"] as const;

/** Between two questions more may pass than the hub is to answer for, and we ask again after a pause of our own. */
const maxStepMs = 15_000;
const maxRefusedStepMs = 615_000;
/** A hub that restarts, or whose disk is full, is somebody's work by now. */
const refusedMs = 15 * 60_000;
/** What is over the number of an hour is entered in the next. */
const quotaMs = 2 * 3_600_000;

interface Owed {
  seq: number;
  silentMs: number;
  refusedMs: number;
}

/** Builds it over the time that passes. */
export function makeActWaits(elapsed: () => number): ActWaits {
  let owed: Owed = { seq: 0, silentMs: 0, refusedMs: 0 };
  let askedAt: number | undefined;

  const step = (mostMs: number): number => {
    const passed = askedAt === undefined ? 0 : Math.min(elapsed() - askedAt, mostMs);
    askedAt = elapsed();
    return passed;
  };

  return {
    note: (seq, why, code) => {
      if (owed.seq !== seq) {
        owed = { seq, silentMs: 0, refusedMs: 0 };
        askedAt = undefined;
      }
      if (why === "OURS") return undefined;
      // each has its own time, so that neither a refusal nor a silence now and then begins the other anew
      if (why === "REFUSED") {
        owed.refusedMs += step(maxRefusedStepMs);
        const mostMs = code === "QUOTA_EXCEEDED" ? quotaMs : refusedMs;
        return owed.refusedMs >= mostMs ? "LOG_ACT_REFUSED" : undefined;
      }
      owed.silentMs += step(maxStepMs);
      const isOver = why === "WRONG" || owed.silentMs >= limits.maxMergeDelayMs;
      return isOver ? "LOG_ACT_MISSING" : undefined;
    },
    pause: () => (askedAt = undefined),
  };
}
