import { Fault } from "../../schemas/ground/index.ts";
import type { Caller, Callers } from "./caller.ts";
import {
  type Asked,
  askChange,
  type ChangeDone,
  type ChangeWaiting,
  decideChange,
  type Decision,
  listChanges,
  type ShownChange,
} from "./changes.ts";
import { makeChallenges } from "./challenges.ts";
import type { ClientProof } from "./client-auth.ts";
import { sessionCookie } from "./cookies.ts";
import type { PeopleDesk, Visit } from "./desk.ts";
import { type Gate, makeGate, makeCallers } from "./gate.ts";
import { listMachines, type ShownMachine } from "./machines.ts";
import { makeOidcProvider } from "./oidc.ts";
import { makeOidcSignIn, type OidcSignIn } from "./oidc-sign-in.ts";
import { checkOrigin, originOf } from "./origin.ts";
import {
  dropOwnPasskey,
  listPasskeys,
  makePasskeys,
  type Passkeys,
  type ShownPasskey,
} from "./passkeys.ts";
import { isActiveAdministrator } from "./rights.ts";
import {
  dropCookie,
  endSession,
  findSession,
  listSessions,
  type ShownSession,
  type SignedIn,
} from "./sessions.ts";
import { type GivenToken, giveToken } from "./tokens.ts";

/** A person as administrators see her. */
export interface ShownPerson {
  readonly id: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly roles: readonly string[];
  readonly handlingUpTo: string;
  readonly purpose?: string | undefined;
  readonly state: string;
  readonly madeAt: number;
  readonly hasAccount: boolean;
  readonly passkeys: readonly ShownPasskey[];
}

/** What the API offers of people and machines. */
export interface PeopleService {
  readonly gate: Gate;
  readonly passkeys: Passkeys;
  /** None unless the operator chose a provider. */
  readonly oidc?: OidcSignIn | undefined;
  /** Refuses what another site's page asks, before anybody is signed in. @throws {Fault} ORIGIN_FOREIGN */
  checkOwnPage(visit: Visit): void;
  /** The session a request came by. @throws {Fault} NOT_AUTHENTICATED when it came by none */
  signedIn(visit: Visit): SignedIn;
  /** The same, where there may be none. */
  findSession(visit: Visit): SignedIn | undefined;
  idleEndsAt(who: SignedIn): number;
  sessionsOf(person: string): readonly ShownSession[];
  passkeysOf(person: string): readonly ShownPasskey[];
  endSession(caller: Caller, id: string): Promise<void>;
  /** The Set-Cookie that signs the browser out. */
  dropSessionCookie(visit: Visit): string;
  dropOwnPasskey(caller: Caller, who: SignedIn, id: string): Promise<void>;
  people(): readonly ShownPerson[];
  /** @throws {Fault} NOT_FOUND */
  person(id: string): ShownPerson;
  machines(): readonly ShownMachine[];
  changes(): readonly ShownChange[];
  ask(caller: Caller, asked: Asked): Promise<ChangeDone | ChangeWaiting>;
  decide(caller: Caller, given: Decision): Promise<ChangeDone>;
  token(visit: Visit, shown: ClientProof): Promise<GivenToken>;
  hasAdministrator(): boolean;
}

/** The people of one gateway: what the API offers, and what proves its callers. */
export interface MadePeople {
  readonly service: PeopleService;
  readonly callers: Callers;
}

function showPeople({ store }: PeopleDesk): readonly ShownPerson[] {
  return store.people.all().map((person) => {
    const { id, name, languages, roles, handling, purpose, state, madeAt, subject } = person;
    const shown = { id, name, languages, roles, handlingUpTo: handling, purpose, state, madeAt };
    return { ...shown, hasAccount: subject !== undefined, passkeys: listPasskeys({ store }, id) };
  });
}

function needSession(desk: PeopleDesk, visit: Visit): SignedIn {
  const found = findSession(desk, visit);
  if (found !== undefined) return found;
  throw new Fault("NOT_AUTHENTICATED", "this is for people who are signed in");
}

/** Builds them over one desk. Nothing is asked of any identity provider yet. */
export function makePeopleService(desk: PeopleDesk): MadePeople {
  const { store, clock, chance, choice } = desk;
  const own = (visit: Visit): ReturnType<typeof originOf> => originOf(visit, choice.origin);
  const { oidc } = choice;
  const service: PeopleService = {
    gate: makeGate(desk),
    passkeys: makePasskeys(desk, makeChallenges(chance, clock)),
    oidc: oidc === undefined ? undefined : makeOidcSignIn(desk, oidc, makeOidcProvider(oidc)),
    checkOwnPage: (visit) => checkOrigin(visit, own(visit)),
    signedIn: (visit) => needSession(desk, visit),
    findSession: (visit) => findSession(desk, visit),
    idleEndsAt: ({ session }) => Math.min(session.seenAt + choice.idleMs, session.endsAt),
    sessionsOf: (person) => listSessions(desk, person),
    passkeysOf: (person) => listPasskeys(desk, person),
    endSession: (caller, id) => endSession(desk, caller, id),
    dropSessionCookie: (visit) => dropCookie(sessionCookie, own(visit)),
    dropOwnPasskey: (caller, { person }, id) => dropOwnPasskey(desk, caller, { person, id }),
    people: () => showPeople(desk),
    person: (id) => {
      const found = showPeople(desk).find((one) => one.id === id);
      if (found === undefined) throw new Fault("NOT_FOUND", "no person has this id");
      return found;
    },
    machines: () => listMachines(desk),
    changes: () => listChanges(desk),
    ask: (caller, asked) => askChange(desk, caller, asked),
    decide: (caller, given) => decideChange(desk, caller, given),
    token: (visit, shown) => giveToken(desk, visit, shown),
    hasAdministrator: () => store.people.all().some(isActiveAdministrator),
  };
  return { service, callers: makeCallers(desk) };
}
