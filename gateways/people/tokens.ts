import { generateKeyPairSync } from "node:crypto";

import { type Bytes, Fault, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { MachineRow, ProofRow } from "../store/index.ts";
import { classOf, isAmong } from "./addresses.ts";
import type { Caller } from "./caller.ts";
import { type Assertion, type ClientProof, isSignedBy } from "./client-auth.ts";
import type { PeopleDesk, Visit } from "./desk.ts";
import { machineCaller } from "./machines.ts";
import { originOf } from "./origin.ts";
import { digestSecret, isSameSecret, isSecret, makeSecret } from "./secrets.ts";

/** What the token endpoint gives. */
export interface GivenToken {
  readonly token: string;
  readonly seconds: number;
}

/** Path of the token endpoint: assertions are made out to it. */
export const tokenPath = "/v1/oauth/token";

/** Tells a machine's token from the owner's at a glance. */
const prefix = "atm_";
const lifeMs = 10 * 60_000;
const maxAssertionMs = 5 * 60_000;
const skewMs = 30_000;

/** Verified against where a machine has no key, so that the answer takes as long. */
const decoyKey: Bytes = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey.export({
  format: "der",
  type: "spki",
});

function refuse(): Fault {
  return new Fault("SIGN_IN_REFUSED", "the client is not known here, or its secret, key, address or time is not right");
} // prettier-ignore

function openProofs({ store, clock }: PeopleDesk, id: string, kind: ProofRow["kind"]): readonly ProofRow[] {
  const now = clock.now();
  const held = store.machines.proofsOf(id).filter((one) => one.kind === kind);
  return held.filter(({ endsAt }) => endsAt === undefined || endsAt > now);
} // prettier-ignore

function findSecret(desk: PeopleDesk, id: string, secret: string): ProofRow | undefined {
  const held = openProofs(desk, id, "SECRET");
  // every one is compared, and one where there is none
  const same = held.filter(({ value }) => isSameSecret(secret, value));
  if (held.length === 0) isSameSecret(secret, undefined);
  return same[0];
}

function isFor(desk: PeopleDesk, visit: Visit, { audiences, exp }: Assertion): boolean {
  const { origin } = originOf(visit, desk.choice.origin);
  const now = desk.clock.now();
  const isOurs = audiences.some((one) => one === origin || one === `${origin}${tokenPath}`);
  return isOurs && exp * 1_000 > now - skewMs && exp * 1_000 <= now + maxAssertionMs + skewMs;
}

function findKey(desk: PeopleDesk, visit: Visit, assertion: Assertion): ProofRow | undefined {
  const held = openProofs(desk, assertion.id, "KEY");
  const good = held.filter(({ value }) => isSignedBy(assertion, value));
  if (held.length === 0) isSignedBy(assertion, decoyKey);
  return isFor(desk, visit, assertion) ? good[0] : undefined;
}

function findProof(desk: PeopleDesk, visit: Visit, shown: ClientProof): ProofRow | undefined {
  if (shown.kind === "SECRET") return findSecret(desk, shown.id, shown.secret);
  return findKey(desk, visit, shown.assertion);
}

/** An assertion counts once, whatever spelling it comes in; told by what was signed. Called inside `write`. */
function spend({ store }: PeopleDesk, shown: ClientProof): void {
  if (shown.kind === "SECRET") return;
  const { id, jti, exp } = shown.assertion;
  const digest = sha256(utf8(JSON.stringify([id, jti])));
  if (!store.machines.seeAssertion(digest, exp * 1_000 + skewMs)) throw refuse();
}

/**
 * Gives a machine a token for ten minutes, against its secret or an assertion by its key. One answer for an unknown machine and
 * for a wrong proof, after the same work.
 *
 * @throws {Fault} SIGN_IN_REFUSED
 */
export async function giveToken(desk: PeopleDesk, visit: Visit, shown: ClientProof): Promise<GivenToken> {
  const { store, clock, chance, note } = desk;
  const proof = findProof(desk, visit, shown);
  const machine = store.machines.get(shown.id);
  const { address } = visit.peer;
  if (proof === undefined || machine === undefined || !isAmong(machine.addresses, address)) throw refuse();
  const token = `${prefix}${makeSecret(chance)}`;
  await store.write(() => {
    const now = clock.now();
    store.machines.purge(now);
    spend(desk, shown);
    const endsAt = now + lifeMs;
    store.machines.addToken({ digest: digestSecret(token), machine: machine.id, proof: proof.id, endsAt });
    note({ who: `machine:${machine.id}`, act: "TOKEN_GIVEN", object: proof.id, address: classOf(address) });
  });
  return { token, seconds: lifeMs / 1_000 };
} // prettier-ignore

/** The token of ours in an Authorization header; undefined when it bears none of this kind. */
export function readToken(authorization: string | null): string | undefined {
  const text = authorization ?? "";
  if (text.length > 100) return undefined;
  const token = /^Bearer (atm_[A-Za-z0-9_-]{1,80})$/i.exec(text)?.[1];
  return token;
}

function checkHere(machine: MachineRow, { peer }: Visit): MachineRow {
  if (isAmong(machine.addresses, peer.address)) return machine;
  throw new Fault("NOT_AUTHENTICATED", "the machine may not ask from this address");
}

/**
 * The machine whose token this is, as it stands now: what was taken from it since is taken.
 *
 * @throws {Fault} NOT_AUTHENTICATED
 */
export function findByToken({ store, clock }: PeopleDesk, visit: Visit, token: string): Caller {
  const isWhole = isSecret(token.slice(prefix.length));
  const found = isWhole ? store.machines.token(digestSecret(token)) : undefined;
  const now = clock.now();
  const proof = found === undefined ? undefined : store.machines.proof(found.proof);
  const isProofOpen = proof !== undefined && (proof.endsAt ?? Infinity) > now;
  const machine = found === undefined ? undefined : store.machines.get(found.machine);
  if (found === undefined || found.endsAt <= now || !isProofOpen || machine === undefined) {
    throw new Fault("NOT_AUTHENTICATED", `the token is not one of ours or ended; ask for another at ${tokenPath}`);
  }
  return machineCaller(checkHere(machine, visit));
} // prettier-ignore

/**
 * The machine whose client certificate this is: the very one that was written down, in its time. Who vouches for it and what it
 * calls itself is not asked.
 *
 * @throws {Fault} NOT_AUTHENTICATED
 */
export function findByCertificate({ store, clock }: PeopleDesk, visit: Visit): Caller | undefined {
  const { certificate } = visit.peer;
  if (certificate === undefined) return undefined;
  const now = clock.now();
  const proof = store.machines.byCertificate(certificate.thumbprint);
  const machine = proof === undefined ? undefined : store.machines.get(proof.machine);
  const isIn = now >= certificate.notBefore && now <= certificate.notAfter;
  if (proof === undefined || machine === undefined || !isIn || (proof.endsAt ?? Infinity) <= now) {
    throw new Fault("NOT_AUTHENTICATED", "this client certificate is not written down for any machine, or is out of its time");
  }
  return machineCaller(checkHere(machine, visit));
} // prettier-ignore
