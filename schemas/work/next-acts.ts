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
  /** What the state allows and the rights of who would say it do not. */
  readonly barred: readonly Act[];
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

/** What the state of a matter lets each side say next, whatever rights they have. */
export function findActs(lane: Pick<Lane, "workflow" | "state" | "opener" | "other">): readonly Act[] {
  const moves = byName.get(lane.workflow)?.moves.filter(({ from }) => from.includes(lane.state));
  return (moves ?? []).flatMap(({ on, by }) => {
    const parties: readonly Party[] = by === "EITHER" ? ["OPENER", "OTHER"] : [by];
    const { opener, other } = lane;
    return parties.map((party) => ({ agency: party === "OPENER" ? opener : other, type: on }));
  });
} // prettier-ignore

/**
 * Says who may do what next, and by when. The API, the command line and the console ask this one function; what it does
 * not name is refused when it is tried. Who has no right to an act by the register, as `may` says, is not offered it: it is
 * told apart, because somebody may be waiting for it.
 */
export function findNextActs(lane: Lane, terms: Terms, may: (act: Act) => boolean = () => true): NextActs {
  const all = findActs(lane);
  const acts = all.filter(may);
  const dues = findDues(lane, terms);
  const barred = all.filter((act) => !acts.includes(act));
  return { acts, barred, dues, isEnded: all.length === 0 && dues.length === 0 };
} // prettier-ignore

/** Whether something is awaited of an agency that has a right to nothing that it could say. */
export function isBarred(agency: string, { acts, barred }: Pick<NextActs, "acts" | "barred">): boolean {
  return barred.some((act) => act.agency === agency) && !acts.some((act) => act.agency === agency);
} // prettier-ignore

/** Whether an agency may say this now, as far as the state goes; what the body says is judged when it is there. */
export function mayAct(lane: Lane, agency: string, type: MessageType): boolean {
  const party = partyOf(lane, agency);
  const moves = byName.get(lane.workflow)?.moves ?? [];
  return moves.some(
    ({ on, by, from }) =>
      on === type && from.includes(lane.state) && (by === "EITHER" || by === party),
  );
}
