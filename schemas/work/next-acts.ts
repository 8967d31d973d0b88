import type { MessageType } from "../body/index.ts";
import type { EpochMs } from "../ground/index.ts";
import type { Lane, Party } from "./lane.ts";
import { partyOf } from "./read-thread.ts";
import type { Terms } from "./terms.ts";
import type { Awaited, Closing, Workflow } from "./workflow.ts";
import { workflows } from "./workflows/index.ts";

/** Something that is awaited of an agency. */
export interface Due {
  readonly closing: Closing;
  readonly of: string;
  /** Until when; undefined while the clock stands or has not begun. */
  readonly by: EpochMs | undefined;
}

/** Something an agency may do next. */
export interface Act {
  readonly agency: string;
  readonly type: MessageType;
}

/** Who may do what next in a matter, and what is awaited of whom by when. */
export interface NextActs {
  readonly acts: readonly Act[];
  readonly dues: readonly Due[];
  /** Nothing is awaited any more and nothing can happen. */
  readonly isEnded: boolean;
}

const byName: ReadonlyMap<string, Workflow> = new Map(workflows.map((one) => [one.name, one]));

function agencyOf({ opener, other }: Lane, party: Party): string {
  return party === "OPENER" ? opener : other;
}

function duesOf(lane: Lane, awaited: readonly Awaited[], terms: Terms): readonly Due[] {
  return awaited.map(({ closing, of, by }) => ({
    closing,
    of: agencyOf(lane, of),
    by: by(lane, terms),
  }));
}

/** What is awaited in a matter, of whom and until when. It is the part that clocks ask, again and again. */
export function findDues(lane: Lane, terms: Terms): readonly Due[] {
  return duesOf(lane, byName.get(lane.workflow)?.awaits[lane.state] ?? [], terms);
}

/**
 * Says who may do what next, and by when. The API, the command line and the console ask this one function; what it does
 * not name is refused when it is tried.
 */
export function findNextActs(lane: Lane, terms: Terms): NextActs {
  const moves = byName.get(lane.workflow)?.moves.filter(({ from }) => from.includes(lane.state));
  const acts = (moves ?? []).flatMap(({ on, by }) => {
    const parties: readonly Party[] = by === "EITHER" ? ["OPENER", "OTHER"] : [by];
    return parties.map((party) => ({ agency: agencyOf(lane, party), type: on }));
  });
  const dues = findDues(lane, terms);
  return { acts, dues, isEnded: acts.length === 0 && dues.length === 0 };
}

/** Whether an agency may say this now, as far as the state goes; what the body says is judged when it is there. */
export function mayAct(lane: Lane, agency: string, type: MessageType): boolean {
  const party = partyOf(lane, agency);
  const moves = byName.get(lane.workflow)?.moves ?? [];
  return moves.some(
    ({ on, by, from }) =>
      on === type && from.includes(lane.state) && (by === "EITHER" || by === party),
  );
}
