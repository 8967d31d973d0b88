import type { MessageType } from "../../body/index.ts";
import type { Bodies } from "../../gen/index.ts";
import type { Party } from "../lane.ts";
import { move, type Move, type MoveOf } from "../workflow.ts";

/** One thing a family says: in which of its steps, by whom, in which states, and what comes of it. */
export type StepRow<T extends MessageType> = Omit<MoveOf<T>, "on"> & {
  readonly says: readonly string[];
};

/** A family in which one message type says every step of the way. */
export interface SpokenSteps<T extends MessageType> {
  readonly on: T;
  readonly stepOf: (body: Bodies[T]) => string;
  readonly rows: readonly StepRow<T>[];
}

const parties: readonly Party[] = ["OPENER", "OTHER"];

/**
 * Moves of a family with one message type for all its steps: its body says what it means. A step that is the other side's
 * in this state is NOT_THEIRS, one that is nobody's is OUT_OF_TURN.
 */
export function movesBySteps<T extends MessageType>({ on, stepOf, rows }: SpokenSteps<T>): readonly Move[] {
  const made = rows.map(({ says, ...row }) => ({ says, row: move({ on, ...row }) }));
  return parties.flatMap((party) => {
    const own = made.filter(({ row: { by } }) => by === "EITHER" || by === party);
    const from = [...new Set(own.flatMap(({ row }) => row.from))];
    if (from.length === 0) return [];
    return {
      on,
      by: party,
      from,
      try: (step, lane, lanes) => {
        const body = step.read(on);
        if (body === undefined) return { refusal: "OUT_OF_TURN" };
        const said = stepOf(body);
        const isNow = ({ says, row }: (typeof made)[number]): boolean =>
          says.includes(said) && row.from.includes(lane.state);
        const found = own.find(isNow);
        if (found !== undefined) return found.row.try(step, lane, lanes);
        return { refusal: made.some(isNow) ? "NOT_THEIRS" : "OUT_OF_TURN" };
      },
    };
  });
} // prettier-ignore
