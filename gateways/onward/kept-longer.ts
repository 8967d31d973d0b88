import { type InnerHeader, renderInstant, typeOptions } from "../../schemas/index.ts";
import { type EpochMs, Fault, renderUuid, type Violation } from "../../schemas/ground/index.ts";
import type { Step } from "../../schemas/work/index.ts";
import { keptMs, lastDayOf } from "../work/index.ts";
import type { OnwardPlace } from "./place.ts";
import { findHeld, findOrigins, innerOf, type Source } from "./source.ts"; // prettier-ignore

const code = "ONWARD_KEPT_LONGER";
const way = "or ask its owner to keep it longer with data.retention_extend";

/** The day a message of others goes here, as its owner said it or as its type's time runs; while its matter is open, as if that ended now. */
function dayOf(place: OnwardPlace, { stored, inner }: Source): EpochMs {
  const kept = place.store.retention.of(stored.seq);
  const day = kept === undefined ? inner.deleteBy : lastDayOf(place, kept, stored);
  return day ?? place.clock.now() + keptMs(stored.type);
} // prettier-ignore

/** A message that is about to be sent, as far as it says how long it is kept. */
export interface Keeping {
  readonly type: string;
  readonly inner: Pick<InnerHeader, "reviewBy" | "deleteBy">;
  readonly expiresAt: EpochMs;
}

/** How long a message is kept that passes others on, and what is wrong with what it said itself. */
export interface Kept {
  readonly inner: Pick<InnerHeader, "reviewBy" | "deleteBy">;
  readonly violations: readonly Violation[];
}

/** Times that run from the sending alone: by them it is known now when it goes. */
const known = new Set(["", "FROM_SENDING"]);

/** The day it would go by itself; undefined where that hangs on what is still to come. */
function ownDay({ type, expiresAt }: Keeping, now: EpochMs): EpochMs | undefined {
  const { keep = "" } = typeOptions(type) ?? {};
  return known.has(keep) ? Math.max(now + keptMs(type), expiresAt) : undefined;
}

function later(path: string, what: string, at: EpochMs): Violation {
  return { path, code, message: `is after ${renderInstant(at)}, ${what}; say that or an earlier moment, ${way}` };
} // prettier-ignore

function bindDeletion(said: Keeping, bound: EpochMs, now: EpochMs): Kept {
  const { deleteBy } = said.inner;
  if (bound <= now) {
    const message = `what is passed on was to be gone on ${renderInstant(bound)}; leave it out, ${way}`;
    return { inner: {}, violations: [{ path: "/inner/passesOn", code, message }] };
  }
  if (deleteBy !== undefined) {
    const what = "the day on which what is passed on goes";
    return { inner: { deleteBy }, violations: deleteBy > bound ? [later("/inner/deleteBy", what, bound)] : [] };
  }
  const own = ownDay(said, now);
  return { inner: own !== undefined && own <= bound ? {} : { deleteBy: bound }, violations: [] };
} // prettier-ignore

function bindReview({ inner: { reviewBy } }: Keeping, bound: EpochMs | undefined): Kept {
  if (bound === undefined) return { inner: { reviewBy }, violations: [] };
  const what = "the day on which what is passed on is looked at again";
  const violations = reviewBy !== undefined && reviewBy > bound ? [later("/inner/reviewBy", what, bound)] : [];
  return { inner: { reviewBy: reviewBy ?? bound }, violations };
} // prettier-ignore

/**
 * A message that passes others on is kept and left unlooked at no longer than each of them: the earliest of their days
 * stands in where it says none and would else be there longer; a later one is wrong. A day of review that has passed binds
 * nobody.
 */
export function bindKeeping(place: OnwardPlace, said: Keeping, sources: readonly Source[]): Kept {
  const now = place.clock.now();
  if (sources.length === 0) return { inner: said.inner, violations: [] };
  const reviews = sources.flatMap(({ inner: { reviewBy = 0 } }) => (reviewBy > now ? [reviewBy] : []));
  const review = bindReview(said, reviews.length === 0 ? undefined : Math.min(...reviews));
  const deletion = bindDeletion(said, Math.min(...sources.map((one) => dayOf(place, one))), now);
  return {
    inner: { ...review.inner, ...deletion.inner },
    violations: [...deletion.violations, ...review.violations],
  };
} // prettier-ignore

/**
 * Refuses to keep a message of ours longer than what it passes on.
 *
 * @throws {Fault} ONWARD_KEPT_LONGER
 */
export function checkExtended(place: OnwardPlace, step: Step, load: (id: Uint8Array) => Source | undefined): void {
  const { targetIds = [], newDeletionAt = 0 } = step.read("data.retention_extend") ?? {};
  for (const id of targetIds) {
    const held = findHeld(place.store, id);
    if (held?.originator !== place.agency) continue;
    const sources = findOrigins(place, innerOf(held)?.passesOn ?? []).flatMap((one) => load(one) ?? []);
    const first = sources.find((one) => dayOf(place, one) < newDeletionAt);
    if (first === undefined) continue;
    const message = `${renderUuid(id)} passes on ${first.id}, which goes on ${renderInstant(dayOf(place, first))}; choose that day or an earlier one, ${way}`;
    throw new Fault(code, message, { violations: [{ path: "/body/newDeletionAt", code, message }] });
  }
} // prettier-ignore
