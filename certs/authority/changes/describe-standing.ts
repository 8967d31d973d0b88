import type { EpochMs } from "../../../schemas/ground/index.ts";
import { renderInstant, type StateClocks } from "../../../schemas/index.ts";
import type { RegisterView } from "../../trust/index.ts";
import { describeDeadlines, describeStateClocks } from "./describe-clocks.ts";
import type { Remark } from "./sentences.ts";

type ClocksView = Pick<RegisterView, "deadlines" | "clocks">;

/** When a state works and who is on duty, with its name. */
interface StandingClocks extends StateClocks {
  readonly authority: string;
}

function isStanding(at: EpochMs): (line: { readonly until?: number | undefined }) => boolean {
  return ({ until }) => until === undefined || at < until;
}

/** The working time, the days still to come on which nobody works, and the rosters of states, without what has ended. */
export function findStandingClocks(
  view: Pick<ClocksView, "clocks">,
  authorities: readonly string[],
  at: EpochMs,
): readonly StandingClocks[] {
  // a day is over everywhere only when it is where clocks are last
  const today = renderInstant(at - 12 * 3_600_000).slice(0, 10);
  return authorities.flatMap((authority) => {
    const { workingWeeks, holidays, rosters } = view.clocks(authority) ?? { workingWeeks: [], holidays: [], rosters: [] };
    const standing = {
      authority,
      workingWeeks: workingWeeks.filter(isStanding(at)),
      holidays: holidays.filter((day) => day >= today),
      rosters: rosters.filter(isStanding(at)),
    };
    const isBare = standing.workingWeeks.length + standing.holidays.length + standing.rosters.length === 0;
    return isBare ? [] : [standing];
  });
} // prettier-ignore

/** The deadlines of the region as they stand or will, without those that have ended. */
export function findStandingDeadlines({ deadlines }: Pick<ClocksView, "deadlines">, at: EpochMs): ClocksView["deadlines"] {
  return deadlines.filter(isStanding(at));
} // prettier-ignore

/** How long things may take, when states work and who is on duty, as the register has it: line by line, in the words a change of it has. */
export function describeStanding(view: ClocksView, authorities: readonly string[], at: EpochMs): readonly Remark[] {
  const deadlines = [...findStandingDeadlines(view, at)];
  return [
    ...describeDeadlines(undefined, { clocks: { deadlines } }),
    ...findStandingClocks(view, authorities, at).flatMap(({ authority, ...clocks }) =>
      describeStateClocks(undefined, { authority, clocks }),
    ),
  ];
} // prettier-ignore
