import { Fault, makeUuid, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import type { PersonRow } from "../store/index.ts";
import type { OidcChoice } from "./choice.ts";
import { oidcCookie, readCookie, renderCookie } from "./cookies.ts";
import type { PeopleDesk, Visit } from "./desk.ts";
import { readCode } from "./invitations.ts";
import { mayCombine } from "./roles.ts";
import { makeBinding, type OidcBinding, type OidcProvider, type OidcWord } from "./oidc.ts";
import { type Origin, originOf } from "./origin.ts";
import { makePending } from "./pending.ts";
import { callerIdOf, isGuarded } from "./rights.ts";
import { digestSecret, makeSecret } from "./secrets.ts";
import { beginSession, type SignedIn } from "./sessions.ts";

/** What somebody goes to the identity provider for. */
export type OidcErrand =
  | { readonly kind: "SIGN_IN" }
  /** With an invitation's code: the account is linked to the person who was invited. */
  | { readonly kind: "LINK"; readonly code: string }
  | { readonly kind: "PROVE"; readonly who: SignedIn };

/** Signing in by the agency's identity provider. */
export interface OidcSignIn {
  /** Where the browser goes, and the cookie that binds the answer to it. */
  begin(
    visit: Visit,
    errand: OidcErrand,
  ): Promise<{ readonly url: string; readonly cookie: string }>;
  /** Takes what came back; the cookies to set. @throws {Fault} SIGN_IN_REFUSED */
  finish(visit: Visit, search: URLSearchParams): Promise<readonly string[]>;
  /** Where somebody who signed in by the provider goes to be signed out there too. */
  leaveUrl(visit: Visit, who: SignedIn): Promise<string | undefined>;
}

/** Path the provider sends the browser back to. */
export const oidcReturnPath = "/v1/oidc/return";

const awayMs = 10 * 60_000;
/** The provider's clock and ours. */
const skewMs = 30_000;

interface Away {
  readonly binding: OidcBinding;
  readonly errand: OidcErrand;
  /** Digest of the cookie: who was sent is who comes back. */
  readonly browser: Uint8Array;
  readonly startedAt: number;
}

function refuse(detail: string): Fault {
  return new Fault("SIGN_IN_REFUSED", detail);
}

/** The roles the provider's groups give; undefined when the operator chose no claim. */
function rolesBy({ roles }: OidcChoice, { groups }: OidcWord): readonly string[] | undefined {
  if (roles === undefined) return undefined;
  const { map } = roles;
  const given = [...new Set(groups.flatMap((group) => (Object.hasOwn(map, group) ? (map[group] ?? []) : [])))];
  return mayCombine(given) ? given : given.filter((role) => role !== "inspector");
} // prettier-ignore

/** When the person proved to be there, if the provider's word says so in a way the operator accepts. */
function provedAtBy({ stepUpAcr }: OidcChoice, { authTime, acr }: OidcWord): number | undefined {
  const isAccepted = stepUpAcr === undefined || (acr !== undefined && stepUpAcr.includes(acr));
  return isAccepted && authTime !== undefined ? authTime * 1_000 : undefined;
}

class DeskOidc implements OidcSignIn {
  readonly #desk: PeopleDesk;
  readonly #choice: OidcChoice;
  readonly #provider: OidcProvider;
  readonly #away: ReturnType<typeof makePending<Away>>;

  constructor(desk: PeopleDesk, choice: OidcChoice, provider: OidcProvider) {
    this.#desk = desk;
    this.#choice = choice;
    this.#provider = provider;
    this.#away = makePending(desk.clock, awayMs);
  }

  async begin(visit: Visit, errand: OidcErrand): Promise<{ readonly url: string; readonly cookie: string }> {
    if (errand.kind === "LINK") readCode(this.#desk, errand.code);
    const origin = this.#origin(visit);
    const redirectUri = `${origin.origin}${oidcReturnPath}`;
    const binding = makeBinding(this.#desk.chance, redirectUri, errand.kind === "PROVE");
    const url = await this.#provider.ask(binding);
    const secret = makeSecret(this.#desk.chance);
    const startedAt = this.#desk.clock.now();
    this.#away.add(binding.state, { binding, errand, browser: digestSecret(secret), startedAt });
    const cookie = renderCookie(oidcCookie, origin, { value: secret, seconds: awayMs / 1_000 });
    return { url: url.href, cookie };
  } // prettier-ignore

  async finish(visit: Visit, search: URLSearchParams): Promise<readonly string[]> {
    const origin = this.#origin(visit);
    const secret = readCookie(visit.request, oidcCookie, origin) ?? "";
    const away = this.#away.take((search.get("state") ?? "").slice(0, 100));
    if (away === undefined || !sameBytes(away.browser, digestSecret(secret))) {
      throw refuse("nobody was sent to the identity provider from this browser, or it took too long; begin again");
    }
    const word = await this.#provider.read(away.binding, search);
    const dropped = renderCookie(oidcCookie, origin, { value: "", seconds: 0 });
    if (away.errand.kind === "PROVE") {
      await this.#prove(away.errand.who, word, away.startedAt);
      return [dropped];
    }
    return [dropped, await this.#signIn(visit, away.errand, word)];
  } // prettier-ignore

  async leaveUrl(visit: Visit, { session }: SignedIn): Promise<string | undefined> {
    if (session.way !== "OIDC") return undefined;
    const url = await this.#provider.leave(`${this.#origin(visit).origin}/`);
    return url?.href;
  }

  #origin(visit: Visit): Origin {
    return originOf(visit, this.#desk.choice.origin);
  }

  async #prove({ person, session }: SignedIn, word: OidcWord, startedAt: number): Promise<void> {
    const { store, note } = this.#desk;
    const provedAt = provedAtBy(this.#choice, word);
    const isSame = person.issuer === word.issuer && person.subject === word.subject;
    // the provider must have asked anew: a proof from before the question is none
    if (!isSame || provedAt === undefined || provedAt < startedAt - skewMs) {
      throw refuse("the identity provider did not prove that it is you, now");
    }
    await store.write(() => {
      const kept = store.sessions.get(session.digest);
      if (kept === undefined) throw refuse("the session ended meanwhile; sign in again");
      store.sessions.put({ ...kept, provedAt: Math.min(provedAt, this.#desk.clock.now()) });
      note({ who: callerIdOf(person), act: "PROVED", object: session.id });
    });
  }

  async #signIn(visit: Visit, errand: OidcErrand, word: OidcWord): Promise<string> {
    const { store, clock } = this.#desk;
    return await store.write(() => {
      const person = errand.kind === "LINK" ? this.#link(errand.code, word) : this.#known(word);
      const proved = provedAtBy(this.#choice, word);
      const provedAt = proved === undefined ? undefined : Math.min(proved, clock.now());
      const roles = rolesBy(this.#choice, word);
      return beginSession(this.#desk, visit, { person, way: "OIDC", provedAt, roles }).cookie;
    });
  }

  #link(code: string, { issuer, subject }: OidcWord): PersonRow {
    const { store, note } = this.#desk;
    const { person } = readCode(this.#desk, code);
    const holder = store.people.linkedTo(issuer, subject);
    if (holder !== undefined && holder.id !== person.id) throw refuse("this account belongs to another person here");
    store.people.dropInvitations(person.id);
    const linked = { ...person, issuer, subject, state: "active" };
    store.people.put(linked);
    note({ who: callerIdOf(person), act: "PERSON_ENROLLED", object: person.id });
    return linked;
  } // prettier-ignore

  #known(word: OidcWord): PersonRow {
    const person = this.#desk.store.people.linkedTo(word.issuer, word.subject);
    if (person?.state === "active") return person;
    if (person !== undefined || this.#choice.provision !== true) {
      throw refuse("this account is linked to nobody here; an administrator invites people");
    }
    return this.#provision(word);
  }

  /** Whoever decides about others is never made by a machine's word alone. */
  #provision(word: OidcWord): PersonRow {
    const { store, clock, chance, note } = this.#desk;
    const given = rolesBy(this.#choice, word) ?? [];
    const roles = given.filter((role) => !isGuarded({ roles: [role] }));
    if (roles.length === 0) throw refuse("the identity provider gives this account no role here");
    const now = clock.now();
    const id = renderUuid(makeUuid(now, chance));
    const { issuer, subject, name } = word;
    const about = { name: name.slice(0, 100), languages: [], roles, handling: "H0" };
    const person = { ...about, id, state: "active", issuer, subject, madeAt: now };
    store.people.put(person);
    note({ who: callerIdOf(person), act: "PERSON_ENROLLED", object: id });
    return person;
  }
}

/** Builds it over one desk and one provider. */
export function makeOidcSignIn(desk: PeopleDesk, choice: OidcChoice, provider: OidcProvider): OidcSignIn {
  return new DeskOidc(desk, choice, provider);
} // prettier-ignore
