import { Fault, makeUuid, renderUuid, tryShape } from "../../schemas/ground/index.ts";
import type { PersonRow, ProposalRow } from "../store/index.ts";
import type { Caller } from "./caller.ts";
import { type Change, changeShape } from "./change-shapes.ts";
import type { PeopleDesk } from "./desk.ts";
import { type GivenCode, giveCode } from "./invitations.ts";
import { addMachine, addProof, checkProof, endMachine, type GivenProof } from "./machines.ts";
import { mayCombine } from "./roles.ts";
import { callerIdOf, isActiveAdministrator, isWider } from "./rights.ts";
import { needsSecondWord } from "./second-word.ts";
import { endSessionsOf } from "./sessions.ts";

/** What a change came to. Codes and secrets are in it once, and nowhere else. */
export interface ChangeDone {
  readonly done: true;
  readonly id: string;
  readonly code?: GivenCode;
  readonly proof?: GivenProof;
}

/** A change that waits for somebody else's word. */
export interface ChangeWaiting {
  readonly done: false;
  readonly change: string;
  readonly endsAt: number;
}

const waitMs = 7 * 86_400_000;
const maxWaiting = 200;

function administratorsOf({ store }: PeopleDesk): readonly PersonRow[] {
  return store.people.all().filter(isActiveAdministrator);
}

/** The person a change is done to; undefined when it is about nobody yet, or a machine. @throws {Fault} NOT_FOUND */
function subjectOf({ store }: PeopleDesk, change: Change): PersonRow | undefined {
  const { kind } = change;
  if (kind === "INVITE" || kind === "MACHINE" || kind === "PROOF" || kind === "MACHINE_END") {
    return undefined;
  }
  const person = store.people.get(change.id);
  if (person === undefined || person.state === "left") {
    throw new Fault("NOT_FOUND", "no person has this id");
  }
  return person;
}

function checkNotOwnGain(caller: Caller, change: Change, subject: PersonRow | undefined): void {
  if (subject === undefined || callerIdOf(subject) !== caller.id) return;
  const gains =
    (change.kind === "RIGHTS" &&
      isWider(subject, { roles: change.rights.roles, handling: change.rights.handlingUpTo })) ||
    change.kind === "CODE";
  if (gains) throw new Fault("SECOND_PERSON_NEEDED", "nobody gives himself rights or codes; another administrator asks for it");
} // prettier-ignore

/** Refuses what would leave nobody who can let others in. Called inside `write`, after the change. */
function checkAdministratorStays(before: number, desk: PeopleDesk): void {
  if (before > 0 && administratorsOf(desk).length === 0) {
    throw new Fault("LAST_ADMINISTRATOR", "let another administrator in first");
  }
}

function putRights(desk: PeopleDesk, by: string, next: PersonRow): void {
  desk.store.people.put(next);
  endSessionsOf(desk, by, next.id);
}

function invite(desk: PeopleDesk, by: string, { person }: Extract<Change, { kind: "INVITE" }>): ChangeDone {
  const { store, clock, chance, note } = desk;
  const now = clock.now();
  const id = renderUuid(makeUuid(now, chance));
  const { handlingUpTo: handling, ...rest } = person;
  store.people.put({ ...rest, id, handling, state: "invited", madeAt: now });
  note({ who: by, act: "PERSON_INVITED", object: id });
  return { done: true, id, code: giveCode(desk, id) };
} // prettier-ignore

function setState(desk: PeopleDesk, by: string, given: { readonly person: PersonRow; readonly state: string }): void {
  const { store, note } = desk;
  const { person, state } = given;
  const hasWay = store.sessions.passkeysOf(person.id).length > 0 || person.subject !== undefined;
  if (state === "active" && !hasWay) {
    throw new Fault("REQUEST_INVALID", "somebody who has not enrolled is made active by enrolling: give a new code");
  }
  if (state === "left") {
    for (const { id } of store.sessions.passkeysOf(person.id)) store.sessions.dropPasskey(person.id, id);
  }
  if (state !== "active") store.people.dropInvitations(person.id);
  // whoever comes back later is invited again: the account must be free for that
  const account = state === "left" ? { issuer: undefined, subject: undefined } : {};
  putRights(desk, by, { ...person, ...account, state });
  note({ who: by, act: state === "left" ? "PERSON_REMOVED" : "PERSON_CHANGED", object: person.id });
} // prettier-ignore

type PersonChange = Exclude<Change, { kind: "INVITE" | "MACHINE" | "PROOF" | "MACHINE_END" }>;

function giveNewCode(desk: PeopleDesk, by: string, { id, state }: PersonRow): ChangeDone {
  if (state === "suspended") throw new Fault("REQUEST_INVALID", "make the person active first");
  desk.note({ who: by, act: "PERSON_INVITED", object: id });
  return { done: true, id, code: giveCode(desk, id) };
}

function dropPasskey(desk: PeopleDesk, by: string, { id, passkey }: Extract<Change, { kind: "PASSKEY" }>): void {
  if (!desk.store.sessions.dropPasskey(id, passkey)) {
    throw new Fault("NOT_FOUND", "the person has no such passkey");
  }
  endSessionsOf(desk, by, id);
  desk.note({ who: by, act: "PASSKEY_REMOVED", object: id });
} // prettier-ignore

function changePerson(desk: PeopleDesk, by: string, change: PersonChange): ChangeDone {
  const person = subjectOf(desk, change);
  if (person === undefined) throw new Fault("NOT_FOUND", "no person has this id");
  const { id } = person;
  if (change.kind === "CODE") return giveNewCode(desk, by, person);
  if (change.kind === "RIGHTS") {
    const { roles, handlingUpTo: handling, purpose } = change.rights;
    putRights(desk, by, { ...person, roles, handling, purpose });
    desk.note({ who: by, act: "PERSON_CHANGED", object: id });
  } else if (change.kind === "STATE") {
    setState(desk, by, { person, state: change.state });
  } else {
    dropPasskey(desk, by, change);
  }
  return { done: true, id };
}

/** Does a change. Called inside `write`, where what it throws leaves nothing behind. */
function carryOut(desk: PeopleDesk, by: string, change: Change): ChangeDone {
  const before = administratorsOf(desk).length;
  const done = ((): ChangeDone => {
    if (change.kind === "INVITE") return invite(desk, by, change);
    if (change.kind === "MACHINE") return addMachine(desk, by, change.machine);
    if (change.kind === "PROOF") return addProof(desk, by, change);
    if (change.kind === "MACHINE_END") return endMachine(desk, by, change.id);
    return changePerson(desk, by, change);
  })();
  checkAdministratorStays(before, desk);
  return done;
}

/** @throws {Fault} ROLES_APART */
function checkRoles(change: Change): void {
  const given = change.kind === "INVITE" ? change.person.roles : change.kind === "RIGHTS" ? change.rights.roles : [];
  if (mayCombine(given)) return;
  throw new Fault("ROLES_APART", "inspector goes with no other role but auditor; whoever inspects takes no other part here");
} // prettier-ignore

/** Refuses at once what could not be done anyway. */
function checkPossible(desk: PeopleDesk, change: Change): void {
  subjectOf(desk, change);
  if (change.kind === "MACHINE" || change.kind === "PROOF") checkMachineChange(desk, change);
}

function checkMachineChange({ store }: PeopleDesk, change: Extract<Change, { kind: "MACHINE" | "PROOF" }>): void {
  if (change.kind === "PROOF" && store.machines.get(change.id) === undefined) {
    throw new Fault("NOT_FOUND", "no machine has this id");
  }
  const { proof } = change.kind === "MACHINE" ? change.machine : change;
  checkProof(proof);
} // prettier-ignore

/** A change, and whether it is only asked what would come of it. */
export interface Asked {
  readonly change: Change;
  readonly isTrial?: boolean;
}

/** Does it; or does all of it inside a write that is then undone, so that what is told is what would have come of it. */
async function writeOrTry<T>({ store }: PeopleDesk, isTrial: boolean, act: () => T): Promise<T> {
  if (!isTrial) return await store.write(act);
  const undone = new Fault("INTERNAL", "only tried");
  let found: { readonly outcome: T } | undefined;
  try {
    await store.write(() => {
      found = { outcome: act() };
      throw undone;
    });
  } catch (error) {
    if (error !== undone || found === undefined) throw error;
    return found.outcome;
  }
  throw undone;
}

/**
 * Does a change, or keeps it until somebody else says yes, by the rule of `second-word.ts`.
 *
 * @throws {Fault} NOT_FOUND, LAST_ADMINISTRATOR, SECOND_PERSON_NEEDED, ROLES_APART, REQUEST_INVALID
 */
export async function askChange(desk: PeopleDesk, caller: Caller, { change, isTrial = false }: Asked): Promise<ChangeDone | ChangeWaiting> {
  const { store, clock, chance, note } = desk;
  return await writeOrTry(desk, isTrial, () => {
    const subject = subjectOf(desk, change);
    checkRoles(change);
    checkNotOwnGain(caller, change, subject);
    const about = subject === undefined ? undefined : { ...subject, callerId: callerIdOf(subject) };
    const administrators = administratorsOf(desk).map(callerIdOf);
    if (!needsSecondWord({ change, caller, subject: about, administrators })) {
      return carryOut(desk, caller.id, change);
    }
    checkPossible(desk, change);
    const now = clock.now();
    store.people.purge(now);
    if (store.people.proposals().length >= maxWaiting) {
      throw new Fault("TOO_MANY_TRIES", `at most ${maxWaiting} changes wait at once; decide some first`);
    }
    const id = renderUuid(makeUuid(now, chance));
    const endsAt = now + waitMs;
    store.people.propose({ id, content: JSON.stringify(change), by: caller.id, madeAt: now, endsAt });
    note({ who: caller.id, act: "CHANGE_ASKED", object: id });
    return { done: false, change: id, endsAt };
  });
} // prettier-ignore

/** A change that waits, as administrators see it. */
export interface ShownChange {
  readonly id: string;
  readonly by: string;
  readonly madeAt: number;
  readonly endsAt: number;
  readonly change: Change;
}

function readProposal(row: ProposalRow): ShownChange | undefined {
  const { content, ...rest } = row;
  const change = tryShape(changeShape, JSON.parse(content));
  return change.success ? { ...rest, change: change.data } : undefined;
}

/** What waits for a word, oldest first. */
export function listChanges({ store, clock }: PeopleDesk): readonly ShownChange[] {
  const open = store.people.proposals().filter(({ endsAt }) => endsAt > clock.now());
  return open.map(readProposal).filter((one) => one !== undefined);
}

/** Whether whoever asked may still ask: somebody suspended since has asked for nothing. */
function mayStillAsk(desk: PeopleDesk, by: string): boolean {
  return by === "owner" || administratorsOf(desk).some((one) => callerIdOf(one) === by);
}

/** A yes or no to what another asked for. */
export interface Decision {
  readonly id: string;
  readonly agrees: boolean;
  readonly isTrial?: boolean;
}

/**
 * Says yes or no to what another asked for. Whoever asked may take it back, never agree; nor may the one it is done to.
 *
 * @throws {Fault} NOT_FOUND, SECOND_PERSON_NEEDED and what carrying it out throws
 */
export async function decideChange(desk: PeopleDesk, caller: Caller, given: Decision): Promise<ChangeDone> {
  const { store, note } = desk;
  return await writeOrTry(desk, given.isTrial ?? false, () => {
    const shown = listChanges(desk).find(({ id }) => id === given.id);
    if (shown === undefined) throw new Fault("NOT_FOUND", "no change with this id waits");
    const { id, by, change } = shown;
    if (!given.agrees || !mayStillAsk(desk, by)) {
      store.people.dropProposal(id);
      note({ who: caller.id, act: "CHANGE_DECIDED", object: id, outcome: "REFUSED" });
      return { done: true, id };
    }
    const subject = subjectOf(desk, change);
    const isAbout = subject !== undefined && callerIdOf(subject) === caller.id;
    if (by === caller.id || isAbout) {
      throw new Fault("SECOND_PERSON_NEEDED", "whoever asked, and whoever it is about, does not agree to it: another administrator or the owner of the token does");
    }
    store.people.dropProposal(id);
    note({ who: caller.id, act: "CHANGE_DECIDED", object: id });
    return carryOut(desk, by, change);
  });
} // prettier-ignore
