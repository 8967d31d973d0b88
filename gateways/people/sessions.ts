import type { EpochMs } from "../../schemas/ground/index.ts";
import { Fault, makeUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { PersonRow, SessionRow } from "../store/index.ts";
import { classOf } from "./addresses.ts";
import type { Caller } from "./caller.ts";
import { type CookieKind, readCookie, renderCookie, sessionCookie } from "./cookies.ts";
import type { PeopleDesk, Visit } from "./desk.ts";
import { type Origin, originOf } from "./origin.ts";
import { callerIdOf, handlingOf, rolesOf } from "./rights.ts";
import { digestSecret, isSecret, makeSecret } from "./secrets.ts";

/** A session just begun, and the header that gives it to the browser. */
export interface BegunSession {
  readonly session: SessionRow;
  readonly cookie: string;
}

/** How a session begins. */
export interface SessionBegin {
  readonly person: PersonRow;
  readonly way: "PASSKEY" | "OIDC";
  /** When she proved to be there herself, if she did. */
  readonly provedAt?: EpochMs | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** The time of the last request is kept by the minute: it is no reason for a write each time. */
const seenStepMs = 60_000;
/** More than anybody has browsers; the oldest is ended. */
const maxSessions = 10;

/**
 * Begins a session. Called inside `write`. What the browser gets is 256 bits of chance and is kept as a digest only.
 */
export function beginSession(desk: PeopleDesk, visit: Visit, begin: SessionBegin): BegunSession {
  const { store, clock, chance, choice, note } = desk;
  const { person, way, provedAt, roles } = begin;
  const now = clock.now();
  const secret = makeSecret(chance);
  const session: SessionRow = {
    digest: digestSecret(secret),
    id: renderUuid(makeUuid(now, chance)),
    person: person.id,
    way,
    roles,
    startedAt: now,
    seenAt: now,
    provedAt,
    endsAt: now + choice.lifeMs,
  };
  store.sessions.purge(now);
  for (const old of store.sessions.of(person.id).slice(maxSessions - 1)) store.sessions.end(old.id);
  store.sessions.put(session);
  const address = classOf(visit.peer.address);
  note({ who: callerIdOf(person), act: "SIGNED_IN", object: session.id, address });
  const seconds = Math.floor(choice.lifeMs / 1_000);
  const origin = originOf(visit, choice.origin);
  return { session, cookie: renderCookie(sessionCookie, origin, { value: secret, seconds }) };
}

/** The Set-Cookie that takes a cookie back. */
export function dropCookie(kind: CookieKind, origin: Origin): string {
  return renderCookie(kind, origin, { value: "", seconds: 0 });
}

function isOver({ choice, clock }: PeopleDesk, { seenAt, endsAt }: SessionRow): boolean {
  const now = clock.now();
  return now >= endsAt || now - seenAt >= choice.idleMs;
}

/** Who is signed in by this session, and by which. */
export interface SignedIn {
  readonly session: SessionRow;
  readonly person: PersonRow;
}

/** Whether a request bears a session at all, good or not. */
export function bearsSession(desk: PeopleDesk, visit: Visit): boolean {
  const origin = originOf(visit, desk.choice.origin);
  return readCookie(visit.request, sessionCookie, origin) !== undefined;
}

/**
 * The session a request bears, when it is still one: not idle, not over, its person still at work. Rights are those she has
 * now, not those she signed in with.
 */
export function findSession(desk: PeopleDesk, visit: Visit): SignedIn | undefined {
  const origin = originOf(visit, desk.choice.origin);
  const secret = readCookie(visit.request, sessionCookie, origin) ?? "";
  if (!isSecret(secret)) return undefined;
  const session = desk.store.sessions.get(digestSecret(secret));
  if (session === undefined || isOver(desk, session)) return undefined;
  const person = desk.store.people.get(session.person);
  return person?.state === "active" ? { session, person } : undefined;
}

/** Keeps a session from being idle; writes at most once a minute. */
export async function touchSession(desk: PeopleDesk, { session }: SignedIn): Promise<void> {
  const { store, clock } = desk;
  const now = clock.now();
  if (now - session.seenAt < Math.min(seenStepMs, desk.choice.idleMs / 4)) return;
  await store.write(() => {
    const kept = store.sessions.get(session.digest);
    if (kept !== undefined) store.sessions.put({ ...kept, seenAt: Math.max(now, kept.seenAt) });
  });
}

/** The caller a signed-in person is. */
export function callerOf({ person, session }: SignedIn): Caller {
  const own = rolesOf(person.roles);
  const given = session.roles;
  const roles = given === undefined ? own : new Set([...own].filter((one) => given.includes(one)));
  return {
    id: callerIdOf(person),
    kind: "person",
    name: person.name,
    roles,
    handlingUpTo: handlingOf(person.handling),
    provedAt: session.provedAt,
    purpose: person.purpose,
  };
}

/** What a person sees of a session. */
export interface ShownSession {
  readonly id: string;
  readonly way: string;
  readonly startedAt: EpochMs;
  readonly seenAt: EpochMs;
  readonly endsAt: EpochMs;
}

/** The sessions of a person that still count, newest first. */
export function listSessions(desk: PeopleDesk, person: string): readonly ShownSession[] {
  const open = desk.store.sessions.of(person).filter((one) => !isOver(desk, one));
  return open.map(({ id, way, startedAt, seenAt, endsAt }) => ({ id, way, startedAt, seenAt, endsAt }));
} // prettier-ignore

/**
 * Ends a session: one's own, or as an administrator anybody's. Another's is answered like one that is not there.
 *
 * @throws {Fault} NOT_FOUND
 */
export async function endSession(desk: PeopleDesk, caller: Caller, id: string): Promise<void> {
  const { store, note } = desk;
  await store.write(() => {
    const session = store.sessions.byId(id);
    const isOwn = session !== undefined && caller.id === callerIdOf({ id: session.person });
    if (session === undefined || !(isOwn || caller.roles.has("administrator"))) {
      throw new Fault("NOT_FOUND", "no session of yours has this id");
    }
    store.sessions.end(id);
    note({ who: caller.id, act: isOwn ? "SIGNED_OUT" : "SESSION_ENDED", object: id });
  });
}

/** Ends every session of a person; called inside `write`. */
export function endSessionsOf(desk: PeopleDesk, by: string, person: string): void {
  const count = desk.store.sessions.endAll(person);
  if (count > 0) desk.note({ who: by, act: "SESSION_ENDED", object: person });
}
