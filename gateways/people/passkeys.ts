import { z } from "zod";

import { Fault, renderBase64url } from "../../schemas/ground/index.ts";
import type { InvitationRow, PasskeyRow, PersonRow } from "../store/index.ts";
import { classOf } from "./addresses.ts";
import type { Caller } from "./caller.ts";
import type { Asked, Challenges } from "./challenges.ts";
import type { PeopleDesk, Visit } from "./desk.ts";
import { readCode } from "./invitations.ts";
import { originOf } from "./origin.ts";
import { callerIdOf, isActiveAdministrator } from "./rights.ts";
import { beginSession, type BegunSession, type SignedIn } from "./sessions.ts";
import {
  answerShape,
  type Ceremony,
  creationShape,
  makeCreation,
  makeQuestion,
  type NewPasskey,
  verifyAnswer,
  verifyCreation,
} from "./webauthn.ts";

/** What names a ceremony and answers it. */
export const signInShape = z.strictObject({ ceremony: z.string().max(100), answer: answerShape });
/** A new passkey, and what its owner calls it. */
export const enrolShape = z.strictObject({
  ceremony: z.string().max(100),
  answer: creationShape,
  name: z.string().trim().min(1).max(60).optional(),
});

/** What a browser is given to begin with; `ceremony` comes back with the answer. */
export interface Begun {
  readonly ceremony: string;
  readonly options: unknown;
}

const maxPasskeys = 10;

/** Passkeys: making them, and proving to be there by them. */
export interface Passkeys {
  beginEnrolment(visit: Visit, code: string): Promise<Begun>;
  /** @throws {Fault} SIGN_IN_REFUSED */
  enrol(visit: Visit, code: string, given: z.infer<typeof enrolShape>): Promise<BegunSession>;
  beginAdding(visit: Visit, who: SignedIn): Promise<Begun>;
  add(visit: Visit, who: SignedIn, given: z.infer<typeof enrolShape>): Promise<void>;
  beginSignIn(visit: Visit): Promise<Begun>;
  /** @throws {Fault} SIGN_IN_REFUSED */
  signIn(visit: Visit, given: z.infer<typeof signInShape>): Promise<BegunSession>;
  beginProof(visit: Visit, who: SignedIn): Promise<Begun>;
  /** Keeps that the person is there now. @throws {Fault} SIGN_IN_REFUSED */
  prove(visit: Visit, who: SignedIn, given: z.infer<typeof signInShape>): Promise<number>;
}

function refuse(detail = "the passkey's answer was not proved; begin again"): Fault {
  return new Fault("SIGN_IN_REFUSED", detail);
}

class DeskPasskeys implements Passkeys {
  readonly #desk: PeopleDesk;
  readonly #challenges: Challenges;

  constructor(desk: PeopleDesk, challenges: Challenges) {
    this.#desk = desk;
    this.#challenges = challenges;
  }

  async beginEnrolment(visit: Visit, code: string): Promise<Begun> {
    const { person, invitation } = readCode(this.#desk, code);
    return await this.#beginCreation(visit, person, { kind: "ENROL", subject: keyOf(invitation) });
  }

  async enrol(visit: Visit, code: string, given: z.infer<typeof enrolShape>): Promise<BegunSession> {
    const { invitation, person } = readCode(this.#desk, code);
    const made = await this.#verifyNew(visit, given, { kind: "ENROL", subject: keyOf(invitation) });
    const { store, note } = this.#desk;
    return await store.write(() => {
      // read again: the code may have been used by another while this answer was proved
      const { person: now } = readCode(this.#desk, code);
      this.#putPasskey(person, made, given.name);
      store.people.dropInvitations(person.id);
      store.people.put({ ...now, state: "active" });
      note({ who: callerIdOf(person), act: "PERSON_ENROLLED", object: person.id, address: classOf(visit.peer.address) });
      const provedAt = this.#desk.clock.now();
      return beginSession(this.#desk, visit, { person, way: "PASSKEY", provedAt });
    });
  } // prettier-ignore

  async beginAdding(visit: Visit, { person, session }: SignedIn): Promise<Begun> {
    return await this.#beginCreation(visit, person, { kind: "ADD", subject: session.id });
  }

  async add(visit: Visit, { person, session }: SignedIn, given: z.infer<typeof enrolShape>): Promise<void> {
    const made = await this.#verifyNew(visit, given, { kind: "ADD", subject: session.id });
    await this.#desk.store.write(() => this.#putPasskey(person, made, given.name));
  } // prettier-ignore

  async beginSignIn(visit: Visit): Promise<Begun> {
    const ceremony = this.#challenges.make({ kind: "SIGN_IN", subject: "" });
    return { ceremony, options: await makeQuestion(this.#ceremony(visit, ceremony)) };
  }

  async signIn(visit: Visit, given: z.infer<typeof signInShape>): Promise<BegunSession> {
    const asked = { kind: "SIGN_IN", subject: "" } as const;
    const { passkey } = await this.#verify(visit, given, asked);
    const { store, clock } = this.#desk;
    return await store.write(() => {
      const person = store.people.get(passkey.person);
      if (person?.state !== "active") throw refuse();
      return beginSession(this.#desk, visit, { person, way: "PASSKEY", provedAt: clock.now() });
    });
  }

  async beginProof(visit: Visit, { person, session }: SignedIn): Promise<Begun> {
    const ceremony = this.#challenges.make({ kind: "PROVE", subject: session.id });
    const held = this.#desk.store.sessions.passkeysOf(person.id);
    return { ceremony, options: await makeQuestion(this.#ceremony(visit, ceremony), held) };
  }

  async prove(visit: Visit, who: SignedIn, given: z.infer<typeof signInShape>): Promise<number> {
    const { person, session } = who;
    const { passkey } = await this.#verify(visit, given, { kind: "PROVE", subject: session.id });
    if (passkey.person !== person.id) throw refuse();
    const { store, clock, note } = this.#desk;
    const provedAt = clock.now();
    await store.write(() => {
      const kept = store.sessions.get(session.digest);
      if (kept === undefined) throw refuse("the session ended meanwhile; sign in again");
      store.sessions.put({ ...kept, provedAt });
      note({ who: callerIdOf(person), act: "PROVED", object: session.id });
    });
    return provedAt;
  }

  #ceremony(visit: Visit, challenge: string): Ceremony {
    return { origin: originOf(visit, this.#desk.choice.origin), challenge };
  }

  async #beginCreation(visit: Visit, person: PersonRow, asked: Asked): Promise<Begun> {
    const ceremony = this.#challenges.make(asked);
    const held = this.#desk.store.sessions.passkeysOf(person.id);
    return { ceremony, options: await makeCreation(this.#ceremony(visit, ceremony), person, held) };
  }

  async #verifyNew(visit: Visit, given: z.infer<typeof enrolShape>, asked: Asked): Promise<NewPasskey> {
    const { ceremony, answer } = given;
    if (!this.#challenges.isOpen(ceremony, asked)) throw refuse();
    const made = await verifyCreation(this.#ceremony(visit, ceremony), answer);
    if (!this.#challenges.close(ceremony)) throw refuse();
    return made;
  } // prettier-ignore

  /** Called inside `write`. */
  #putPasskey(person: PersonRow, made: NewPasskey, name = "passkey"): void {
    const { store, clock, note } = this.#desk;
    if (store.sessions.passkey(made.id) !== undefined) throw refuse("this passkey is enrolled already");
    if (store.sessions.passkeysOf(person.id).length >= maxPasskeys) {
      throw new Fault("REQUEST_INVALID", `a person has at most ${maxPasskeys} passkeys; remove one first`);
    }
    const now = clock.now();
    const at = { addedAt: now, usedAt: now, isSuspect: false };
    store.sessions.putPasskey({ ...made, ...at, person: person.id, name });
    note({ who: callerIdOf(person), act: "PASSKEY_ADDED", object: person.id });
  } // prettier-ignore

  async #verify(visit: Visit, { ceremony, answer }: z.infer<typeof signInShape>, asked: Asked): Promise<{ passkey: PasskeyRow }> {
    const { store } = this.#desk;
    const passkey = store.sessions.passkey(answer.id);
    if (!this.#challenges.isOpen(ceremony, asked) || passkey === undefined) throw refuse();
    const counter = await verifyAnswer(this.#ceremony(visit, ceremony), passkey, answer);
    if (!this.#challenges.close(ceremony)) throw refuse();
    await this.#count(passkey.id, counter);
    return { passkey };
  } // prettier-ignore

  /** A counter that does not go on means that there are two of this passkey: neither opens anything from then on. */
  async #count(id: string, counter: number): Promise<void> {
    const { store, clock, log, note } = this.#desk;
    const isGood = await store.write(() => {
      const kept = store.sessions.passkey(id);
      if (kept === undefined) return false;
      const isSuspect = kept.isSuspect || ((counter > 0 || kept.counter > 0) && counter <= kept.counter);
      const usedAt = isSuspect ? kept.usedAt : clock.now();
      store.sessions.putPasskey({ ...kept, counter: Math.max(counter, kept.counter), usedAt, isSuspect });
      if (isSuspect) note({ who: callerIdOf({ id: kept.person }), act: "SIGNED_IN", outcome: "SIGN_IN_REFUSED" });
      return !isSuspect;
    });
    if (isGood) return;
    log.warn("a passkey may have been copied", { code: "SIGN_IN_REFUSED" });
    throw refuse("this passkey may have been copied; use another, and have this one removed");
  } // prettier-ignore
}

/** A code names the ceremony it was begun with: another code's ceremony is not its own. */
function keyOf({ digest }: InvitationRow): string {
  return renderBase64url(digest);
}

/** Builds them over one desk. */
export function makePasskeys(desk: PeopleDesk, challenges: Challenges): Passkeys {
  return new DeskPasskeys(desk, challenges);
}

/** A passkey as its owner sees it. */
export interface ShownPasskey {
  readonly id: string;
  readonly name: string;
  readonly addedAt: number;
  readonly usedAt: number;
  readonly isSuspect: boolean;
}

/** The passkeys of a person. */
export function listPasskeys({ store }: Pick<PeopleDesk, "store">, person: string): readonly ShownPasskey[] {
  const held = store.sessions.passkeysOf(person);
  return held.map(({ id, name, addedAt, usedAt, isSuspect }) => ({ id, name, addedAt, usedAt, isSuspect }));
} // prettier-ignore

/**
 * Removes a passkey of one's own; another's is answered like one that is not there. An administrator keeps one that is good.
 *
 * @throws {Fault} NOT_FOUND, LAST_ADMINISTRATOR
 */
export async function dropOwnPasskey(desk: PeopleDesk, caller: Caller, given: { readonly person: PersonRow; readonly id: string }): Promise<void> {
  const { store, note } = desk;
  const { person, id } = given;
  await store.write(() => {
    const held = store.sessions.passkeysOf(person.id);
    if (!held.some((one) => one.id === id)) throw new Fault("NOT_FOUND", "no passkey of yours has this id");
    const others = held.filter((one) => one.id !== id && !one.isSuspect);
    if (others.length === 0 && isActiveAdministrator(person) && person.issuer === undefined) {
      throw new Fault("LAST_ADMINISTRATOR", "add another passkey first");
    }
    store.sessions.dropPasskey(person.id, id);
    note({ who: caller.id, act: "PASSKEY_REMOVED", object: person.id });
  });
} // prettier-ignore
