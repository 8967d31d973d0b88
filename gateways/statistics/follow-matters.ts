import type { EpochMs } from "../../schemas/ground/index.ts";
import {
  findDues,
  type Lane,
  readThread,
  type Terms,
  type Thread,
} from "../../schemas/work/index.ts";

/** Something that was awaited in a matter, and how that stands. */
export interface Deadline {
  /** A code of AWAITED. */
  readonly closing: string;
  /** Of whom. */
  readonly of: string;
  /** A code of DEADLINE_STANDING. */
  readonly standing: string;
  /** When it came, of whom it was awaited. */
  readonly doneAt?: EpochMs | undefined;
}

/** One matter of ours with another agency, as it stands. */
export interface FollowedMatter {
  readonly lane: Lane;
  readonly deadlines: readonly Deadline[];
}

/** What was awaited, while its matter is followed. */
interface Kept {
  readonly closing: string;
  readonly of: string;
  /** The deadline that runs, or ran last; undefined while its clock stands. */
  readonly by: EpochMs | undefined;
  /** Whether a deadline of it passed, though more time was given later. */
  readonly isMissed: boolean;
  /** When it was awaited no longer, and whose message made it so. */
  readonly ended?: { readonly at: EpochMs; readonly from: string } | undefined;
}

interface Followed {
  readonly lane: Lane;
  readonly kept: readonly Kept[];
}

function isSame(a: Pick<Kept, "closing" | "of">, b: Pick<Kept, "closing" | "of">): boolean {
  return a.closing === b.closing && a.of === b.of;
}

function isPast(by: EpochMs | undefined, at: EpochMs): boolean {
  return by !== undefined && by < at;
}

type Now = Pick<Kept, "closing" | "of" | "by">;

/** What one message makes of it: it runs on, perhaps by another deadline, or it came, or nobody waits for it any more. */
function renew(one: Kept, dues: readonly Now[], ended: NonNullable<Kept["ended"]>): Kept {
  const due = dues.find((other) => isSame(one, other));
  if (one.ended !== undefined) return due === undefined ? one : { ...one, by: due.by, ended: undefined };
  const isMissed = one.isMissed || (isPast(one.by, ended.at) && due?.by !== one.by);
  return due === undefined ? { ...one, isMissed, ended } : { ...one, isMissed, by: due.by };
} // prettier-ignore

function follow(before: Followed | undefined, lane: Lane, { terms, ended }: { readonly terms: Terms; readonly ended: NonNullable<Kept["ended"]> }): Followed {
  if (before?.lane === lane) return before;
  // of whoever might take up what went to a feed nothing is awaited by name
  const dues = findDues(lane, terms).filter(({ of }) => of !== "");
  const known = before?.kept ?? [];
  const begun = dues.filter((due) => !known.some((one) => isSame(one, due)));
  return { lane, kept: [...known.map((one) => renew(one, dues, ended)), ...begun.map(({ closing, of, by }) => ({ closing, of, by, isMissed: false }))] };
} // prettier-ignore

/** Who gives up waiting for what is late does not make it any better. */
function standingOf({ of, by, isMissed, ended }: Kept, now: EpochMs): string {
  if (ended === undefined) return isPast(by, now) ? "OVERDUE" : "RUNNING";
  if (ended.from === of) return isMissed ? "LATE" : "IN_TIME";
  return isMissed ? "OVERDUE" : "LAPSED";
}

function settle(one: Kept, now: EpochMs): Deadline {
  const { closing, of, ended } = one;
  const doneAt = ended?.from === of ? ended.at : undefined;
  return { closing, of, standing: standingOf(one, now), doneAt };
}

/** Whose matters, by which terms, at which moment. */
export interface FollowPlace {
  readonly agency: string;
  readonly terms: Terms;
  readonly now: EpochMs;
}

function isOurs({ opener, other }: Lane, agency: string): boolean {
  return other !== "" && (opener === agency || other === agency);
}

/**
 * The matters of a thread that are between an agency and another, each with all that was awaited in it and whether it came in
 * time: as breaches are found, so that what is late here is what both parties know to be late.
 */
export function followMatters(thread: Thread, { agency, terms, now }: FollowPlace): readonly FollowedMatter[] {
  const followed = new Map<string, Followed>();
  const { lanes } = readThread(thread, ({ at, from }, standing) => {
    for (const lane of standing) {
      const { workflow, opening, other } = lane;
      const name = `${workflow} ${opening.id} ${other}`;
      followed.set(name, follow(followed.get(name), lane, { terms, ended: { at, from } }));
    }
  });
  return lanes.filter((lane) => isOurs(lane, agency)).map((lane) => {
    const kept = followed.get(`${lane.workflow} ${lane.opening.id} ${lane.other}`)?.kept ?? [];
    return { lane, deadlines: kept.map((one) => settle(one, now)) };
  });
} // prettier-ignore
