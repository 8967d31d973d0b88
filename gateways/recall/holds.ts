import {
  type Bytes,
  type EpochMs,
  Fault,
  makeUuid,
  parseUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import type { LegalHold } from "../store/index.ts";
import type { RecallParts } from "./parts.ts"; // prettier-ignore

/** What an authority orders to be kept. */
export interface HoldWish {
  /** Ids of the messages. */
  readonly ids: readonly string[];
  readonly ref: string;
  readonly country: string;
  readonly ground: string;
  readonly until: EpochMs;
}

/** Who does something, and what is done with it in the same write. */
export interface HoldBy {
  readonly by: string;
  readonly also?: ((id: string) => void) | undefined;
}

type Place = Pick<RecallParts, "store" | "clock" | "chance">;

/** One person's word keeps a message so long; then a second one's is needed. */
const aloneMs = 72 * 3_600_000;
const longestMs = 5 * 366 * 86_400_000;
const maxListed = 500;

/** Whether a hold keeps anything now. */
export function isStanding({ until, liftedAt, confirmedBy, setAt }: LegalHold, now: EpochMs): boolean {
  if (liftedAt !== undefined || until <= now) return false;
  return confirmedBy !== undefined || setAt + aloneMs > now;
} // prettier-ignore

/** The hold that keeps a message now: of several the one that ends last. */
export function findHold({ store, clock }: Pick<Place, "store" | "clock">, target: Bytes): LegalHold | undefined {
  const standing = store.legalHolds.of(target).filter((hold) => isStanding(hold, clock.now()));
  return standing.toSorted((a, b) => b.until - a.until)[0];
} // prettier-ignore

/**
 * Sets a hold on each of some messages, whether they are here or not; at once, and for 72 hours until another person agrees.
 *
 * @throws {Fault} ID_INVALID, REQUEST_INVALID when it ends in the past or after more than five years
 */
export async function setHolds({ store, clock, chance }: Place, wish: HoldWish, { by, also }: HoldBy): Promise<readonly LegalHold[]> {
  const { ids, ref, country, ground, until } = wish;
  const now = clock.now();
  if (until <= now || until > now + longestMs) {
    throw new Fault("REQUEST_INVALID", "until is not within the next five years: a hold ends, and is set again if need be");
  }
  const holds = ids.map((id) => ({
    id: renderUuid(makeUuid(now, chance)),
    target: parseUuid(id),
    ref, country, ground, until, setBy: by, setAt: now,
  }));
  await store.write(() => {
    for (const hold of holds) {
      store.legalHolds.put(hold);
      also?.(hold.id);
    }
  });
  return holds;
} // prettier-ignore

function getStanding({ store, clock }: Place, id: string): LegalHold {
  parseUuid(id);
  const hold = store.legalHolds.get(id);
  if (hold === undefined || !isStanding(hold, clock.now())) {
    throw new Fault("NOT_FOUND", "no hold that still keeps anything has this id");
  }
  return hold;
}

/**
 * Another person agrees to a hold: it stands to its end.
 *
 * @throws {Fault} NOT_FOUND, ID_INVALID, SECOND_PERSON_NEEDED
 */
export async function confirmHold(place: Place, id: string, { by, also }: HoldBy): Promise<LegalHold> {
  return await place.store.write(() => {
    const hold = getStanding(place, id);
    if (hold.setBy === by) throw new Fault("SECOND_PERSON_NEEDED", "who set a hold does not confirm it; an approver does");
    const next = { ...hold, confirmedBy: hold.confirmedBy ?? by };
    place.store.legalHolds.put(next);
    also?.(id);
    return next;
  });
} // prettier-ignore

/**
 * Another person than who set it lifts a hold; what its owner took back meanwhile goes then.
 *
 * @throws {Fault} NOT_FOUND, ID_INVALID, SECOND_PERSON_NEEDED
 */
export async function liftHold(place: Place, id: string, word: HoldBy & { readonly ground: string }): Promise<LegalHold> {
  const { by, also, ground } = word;
  return await place.store.write(() => {
    const hold = getStanding(place, id);
    if (hold.setBy === by) throw new Fault("SECOND_PERSON_NEEDED", "who set a hold does not lift it; an approver does");
    const next = { ...hold, liftedBy: by, liftedAt: place.clock.now(), liftGround: ground };
    place.store.legalHolds.put(next);
    also?.(id);
    return next;
  });
} // prettier-ignore

/** All holds, the newest first, whether they still keep anything or not. */
export function listHolds({ store, clock }: Place): readonly (LegalHold & { readonly isStanding: boolean })[] {
  return store.legalHolds.list(maxListed).map((hold) => ({ ...hold, isStanding: isStanding(hold, clock.now()) }));
} // prettier-ignore
