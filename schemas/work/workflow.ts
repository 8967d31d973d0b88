import type { MessageType } from "../body/index.ts";
import type { Bodies } from "../gen/index.ts";
import type { EpochMs } from "../ground/index.ts";
import type { Lane, Marks, Party, Refusal } from "./lane.ts";
import type { Step } from "./step.ts";
import type { Terms } from "./terms.ts";

/** What comes of a message in a lane: another state, or why not. */
export type Outcome =
  { readonly state: string; readonly marks: Marks } | { readonly refusal: Refusal };

/** One thing that can happen in a workflow. */
export interface Move {
  readonly on: MessageType;
  readonly by: Party | "EITHER";
  readonly from: readonly string[];
  /** It moves every matter about what its message names, though it answers none of them: a recall ends the review of what is recalled. */
  readonly ofSubject?: boolean | undefined;
  /** What comes of it; `lanes` are the other matters of the thread as they stand then. */
  try(step: Step, lane: Lane, lanes?: readonly Lane[]): Outcome;
}

/** Where a guard looks: what was said, in which matter, and how the other matters of the thread stand then. */
export interface MoveAt {
  readonly step: Step;
  readonly lane: Lane;
  /**
   * Every matter of the thread, this one included. Who holds less of the thread sees fewer: a guard may refuse for what it
   * finds there and not for what it misses.
   */
  readonly lanes: readonly Lane[];
}

/** A move as a workflow writes it, typed by its message. */
export interface MoveOf<T extends MessageType> {
  readonly on: T;
  readonly by: Party | "EITHER";
  readonly from: readonly string[];
  readonly ofSubject?: boolean;
  /** The state it leads to; by what the message says where one message can mean several things. */
  readonly to: string | ((body: Bodies[T], lane: Lane) => string);
  /** Why it may not, if it may not. */
  readonly unless?: (body: Bodies[T], at: MoveAt) => Refusal | undefined;
  /** What the clocks are to remember of it. */
  readonly marks?: (body: Bodies[T], at: { readonly step: Step; readonly lane: Lane }) => Partial<Marks>;
} // prettier-ignore

/** What is awaited of one side, and until when. */
export interface Awaited {
  readonly closing: Closing;
  readonly of: Party;
  /** Until when; undefined while the clock stands or has not begun. */
  readonly by: (lane: Lane, terms: Terms) => EpochMs | undefined;
}

/** Three closings, and what may be awaited on the way to them: nothing ends silently. */
export type Closing = "ACKNOWLEDGEMENT" | "RESULT" | "FEEDBACK" | "ANSWER" | "DECISION" | "PURGE";

/** A workflow: a table, read by the functions of this room alone. */
export interface Workflow {
  readonly name: string;
  /** Messages that open a lane. */
  readonly opens: readonly MessageType[];
  readonly first: string;
  /** The state a matter begins in by what its opening says; `first` where this is silent. */
  readonly begins?: (step: Step) => string | undefined;
  /** Whether an opening begins a matter with this agency ("" for whoever acts on what went to a feed); it does unless this says no. */
  readonly opensFor?: (step: Step, other: string) => boolean;
  /** An opening that was refused in the matter it belongs to opens nothing: it asks for what that matter did not give. */
  readonly opensInTurn?: boolean;
  /** What clocks remember of the opening. */
  readonly opened?: (step: Step) => Partial<Marks>;
  readonly moves: readonly Move[];
  /** What is awaited in each state. A state that is not named here is an end. */
  readonly awaits: Readonly<Record<string, readonly Awaited[]>>;
}

/** Types a move by its message, once; what reads the table need not know. */
export function move<T extends MessageType>({
  on,
  by,
  from,
  ofSubject,
  to,
  unless,
  marks,
}: MoveOf<T>): Move {
  return {
    on,
    by,
    from,
    ofSubject,
    try: (step, lane, lanes = [lane]) => {
      const body = step.read(on);
      if (body === undefined) return { refusal: "OUT_OF_TURN" };
      const refusal = unless?.(body, { step, lane, lanes });
      if (refusal !== undefined) return { refusal };
      const state = typeof to === "string" ? to : to(body, lane);
      const since = state === lane.state ? lane.marks.since : step.at;
      return { state, marks: { ...lane.marks, since, ...marks?.(body, { step, lane }) } };
    },
  };
}
