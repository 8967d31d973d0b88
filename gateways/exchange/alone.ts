import { checkUsable, type StalenessPolicy, usableUntil } from "../../certs/trust/index.ts";
import { decodeMessage, parseEnvelope } from "../../schemas/index.ts";
import { type EpochMs, Fault, type FaultCode, isFault } from "../../schemas/ground/index.ts";
import { sealRecipients } from "../crypto/index.ts";
import { type Draft, readersOf, type SubmissionPlace } from "../release/index.ts";
import { innerOf, keptByReference } from "./inherited.ts";
import { askedOf } from "./keys/asked.ts";
import type { Office } from "./office.ts";
import { placeOf } from "./place.ts";
import { voidSequence } from "./void.ts";

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

/** What the register of now has against a message that was taken in by an older one. */
function findObjection(office: Office, message: number): FaultCode | undefined {
  const stored = office.store.messages.get(message);
  if (stored === undefined) return "NOT_FOUND";
  const envelope = parseEnvelope(decodeMessage(stored.raw).envelope);
  const said = askedOf(envelope, innerOf(stored.parts ?? stored.raw));
  if (said === undefined) return "SCHEMA_UNKNOWN_TYPE";
  const place = placeOf(office);
  try {
    const kept = keptByReference(office.store, [envelope.id]);
    const recipients = envelope.scope === "FEED" ? [] : stored.audience;
    const readers = readersOf({ ...said, recipients, kept }, place);
    if (envelope.form === "SEALED") sealRecipients(place, stored.audience);
    // who may read it besides may ask for its key; who may no longer is not to get it
    return stored.audience.every((agency) => readers.includes(agency))
      ? undefined
      : "MANDATE_MISSING";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

function settleHeld(office: Office, message: number, objection: FaultCode | undefined): void {
  const { outbox, messages } = office.store;
  if (objection === undefined) return outbox.release(message);
  messages.setState(message, "REFUSED", objection);
  for (const publication of outbox.byMessage(message)) {
    if (publication.state !== "HELD") continue;
    outbox.settle(publication.seq, "REFUSED");
    voidSequence(outbox, publication);
  }
}

/**
 * Lets go what was held, once its class may be judged again: what the register of now allows is sent, all else is refused,
 * with the reason, and has to be handed in anew. Says whether something is there to be sent.
 */
export async function releaseHeld(office: Office): Promise<boolean> {
  const { store, clock } = office;
  const register = office.register();
  const isUsable = (message: number): boolean => {
    const handling = store.messages.summary(message)?.handling ?? "";
    return aloneState(register, handling, clock.now()).mode === "FULL";
  };
  const ripe = store.outbox.held().filter(isUsable);
  if (ripe.length === 0) return false;
  const judged = ripe.map((message) => ({ message, objection: findObjection(office, message) }));
  await store.write(() => {
    for (const { message, objection } of judged) settleHeld(office, message, objection);
  });
  office.log.info("what was held is judged", { count: judged.length });
  office.changed(ripe);
  return judged.some(({ objection }) => objection === undefined);
}
