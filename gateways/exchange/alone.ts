import { checkUsable, type StalenessPolicy, usableUntil } from "../../certs/trust/index.ts";
import { type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import type { Draft, SubmissionPlace } from "../release/index.ts";
import { findObjection, isPassing, refuseLeaving, sayWaiting } from "./objection.ts";
import type { Office } from "./office.ts";

/**
 * What a gateway still does with a class while no newer register comes. FULL: all. DEGRADED: reads, verifies what it can and
 * searches; takes messages for audiences it wrote to before, and sends them only when the register is renewed and they were
 * judged again by it. READ_ONLY: takes none.
 */
export interface AloneState {
  readonly mode: "FULL" | "DEGRADED" | "READ_ONLY";
  /** From then on it is the next one; in READ_ONLY, since when. */
  readonly until: EpochMs;
}

/** So long after the register's time messages are still taken. */
const degradedMs = 14 * 86_400_000;

/** What is still done with messages of a handling at `at`. */
export function aloneState(register: StalenessPolicy, handling: string, at: EpochMs): AloneState {
  const full = usableUntil(register, handling);
  if (at < full) return { mode: "FULL", until: full };
  const end = Math.max(full, register.expiresAt + degradedMs);
  return { mode: at < end ? "DEGRADED" : "READ_ONLY", until: end };
}

/** A draft, and the place it was judged in. */
interface DraftedAlone {
  readonly draft: Draft;
  readonly place: SubmissionPlace;
}

function draftBy(place: SubmissionPlace, make: (place: SubmissionPlace) => Draft): DraftedAlone {
  const { register, now } = place;
  if (now < register.expiresAt) return { draft: make(place), place };
  // what is held is judged anew before it leaves, so it is enough that its readers were good as far as this register speaks
  const lastly = { ...place, listedAt: register.expiresAt - 1 };
  const held = make(lastly);
  const isHeld = aloneState(register, held.header.handling, now).mode === "DEGRADED";
  return isHeld ? { draft: held, place: lastly } : { draft: make(place), place };
}

/**
 * Makes a draft where some class still takes messages. One that will be held is sealed to who could be sealed to while the
 * register was in date, though lists of revocation have ended since. Where lists that must hold have ended, nobody's
 * certificate can be checked any more: that is said as what it is, a register that is too old.
 *
 * @param make asked once or twice
 * @throws {Fault} REGISTER_STALE, and all of `make`
 */
export function draftAlone(
  place: SubmissionPlace,
  make: (place: SubmissionPlace) => Draft,
): DraftedAlone {
  const { register, now } = place;
  if (now >= register.expiresAt + degradedMs) checkUsable(register, now);
  try {
    return draftBy(place, make);
  } catch (error) {
    const isUnsealable = isFault(error) && error.code.startsWith("SEAL_");
    if (isUnsealable) checkUsable(register, now);
    throw error;
  }
}

/**
 * Whether a draft, once stored, is held until the register is renewed.
 *
 * @throws {Fault} REGISTER_STALE when it cannot be taken in at all
 */
export function checkAlone(
  { store }: Pick<Office, "store">,
  { header, audience }: Draft,
  { register, now }: SubmissionPlace,
): boolean {
  const { mode } = aloneState(register, header.handling, now);
  if (mode === "FULL") return false;
  if (mode === "READ_ONLY") checkUsable(register, now, header.handling);
  if (store.outbox.wasWrittenTo(audience)) return true;
  throw new Fault(
    "REGISTER_STALE",
    "the register is too old for an audience that was not written to before; choose an earlier one, or fetch a newer register",
  );
}

/** Messages that leave together or not at all, each once. */
function pairsOf({ store }: Office, messages: readonly number[]): readonly (readonly number[])[] {
  const left = new Set(messages);
  return messages.flatMap((message) => {
    if (!left.delete(message)) return [];
    const id = store.messages.summary(message)?.id;
    const otherId = id === undefined ? undefined : store.editions.otherOf(id);
    const other = otherId === undefined ? undefined : store.messages.find(otherId)?.seq;
    return [other !== undefined && left.delete(other) ? [message, other] : [message]];
  });
}

/** Judges messages that leave together, and has each end or wait on where something speaks against any of them. Runs inside a write. */
export function judgePair(office: Office, pair: readonly number[]): { readonly may: boolean; readonly moved: readonly number[] } {
  const all = pair.flatMap((message) => findObjection(office, message) ?? []);
  const [objection] = [...all.filter((one) => !isPassing(one)), ...all];
  if (objection === undefined || isPassing(objection)) {
    const code = objection === "TAKEN_BACK" ? undefined : objection;
    return { may: objection === undefined, moved: pair.filter((message) => sayWaiting(office, message, code)) };
  }
  for (const message of pair) refuseLeaving(office, message, objection);
  return { may: false, moved: pair };
} // prettier-ignore

/** As many as one write judges: some milliseconds' work. */
const atOnce = 50;

/**
 * Lets go what was held, once its class may be judged again: what the register of now allows is sent, what a suspension
 * keeps waits on, all else is refused with the reason and has to be handed in anew. Says whether something is there to be
 * sent.
 */
export async function releaseHeld(office: Office): Promise<boolean> {
  const { store, clock } = office;
  const register = office.register();
  const isUsable = (message: number): boolean => {
    const handling = store.messages.summary(message)?.handling ?? "";
    return aloneState(register, handling, clock.now()).mode === "FULL";
  };
  const pairs = pairsOf(office, store.outbox.held()).filter((pair) => pair.every(isUsable));
  let [isReady, judged] = [false, 0];
  for (let at = 0; at < pairs.length; at += atOnce) {
    const moved = await store.write(() =>
      pairs.slice(at, at + atOnce).flatMap((pair) => {
        const found = judgePair(office, pair);
        if (!found.may) return found.moved;
        for (const message of pair) store.outbox.release(message);
        isReady = true;
        return pair;
      }),
    );
    judged += moved.length;
    if (moved.length > 0) office.changed(moved);
  }
  if (judged > 0) office.log.info("what was held is judged", { count: judged });
  return isReady;
}
