import type { EpochMs } from "../ground/index.ts";
import type { Step } from "./step.ts";

/** The two sides of a lane: who opened it, and who is to act on it. */
export type Party = "OPENER" | "OTHER";

/** Why a message changed nothing. */
export type Refusal =
  | "OUT_OF_TURN" // the state of the lane does not allow it
  | "NOT_THEIRS" // it is the other side's to say
  | "NOT_DUE_YET" // only when a deadline has passed
  | "UNCONSENTED" // what it does needs a consent that is not there
  | "INCOMPLETE"; // something must come first: an acknowledgement further on, a custody event, an assurance

/** What moves remember for the clocks. */
export interface Marks {
  /** When the opening reached the other side; the clocks start then, not when it was sent. */
  readonly deliveredAt?: EpochMs | undefined;
  /** When the state was entered. */
  readonly since: EpochMs;
  /** Until when the result was promised, asked for or extended to. */
  readonly resultBy?: EpochMs | undefined;
  /** Until when an awaited answer or decision is to come. */
  readonly answerBy?: EpochMs | undefined;
  /** The clock stands since. */
  readonly stoppedAt?: EpochMs | undefined;
  /** How long it stood in all. */
  readonly stoodMs: number;
  /** Kinds of authorities that the result hangs on. */
  readonly waitingOn: readonly string[];
}

/** One matter between two agencies: an opening message, and what followed. */
export interface Lane {
  readonly workflow: string;
  readonly opening: Step;
  readonly opener: string;
  /** The agency that is to act; "" when the opening went to a feed and nobody has acted on it yet. */
  readonly other: string;
  readonly state: string;
  readonly marks: Marks;
  /** The messages that changed it, after the opening. */
  readonly applied: readonly Step[];
  /** Messages that were of it and changed nothing. */
  readonly refused: readonly { readonly step: Step; readonly reason: Refusal }[];
}
