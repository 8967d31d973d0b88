import { z } from "zod";

import {
  machineShape,
  personShape,
  rightsShape,
  roles,
  signInShape,
  enrolShape,
  stateShape,
} from "../../people/index.ts";
import {
  deletePersonPasskey,
  getPeople,
  getPerson,
  getPersonSessions,
  postPerson,
  postPersonCode,
  putPersonRights,
  putPersonState,
} from "../people.ts";
import { decisionShape, getChanges, postDecision } from "../people-deciding.ts";
import {
  deleteMachine,
  getMachines,
  newProofShape,
  postMachine,
  postMachineProof,
} from "../people-machines.ts";
import { deletePasskey, getPasskeys, postPasskey, postPasskeyBegin } from "../people-passkeys.ts";
import { getOidcReturn, getWays, oidcShape, postOidcBegin, waysShape } from "../people-oidc.ts";
import {
  deleteOneSession,
  deleteSession,
  getSessions,
  makeGetSession,
  postProve,
  postProveBegin,
} from "../people-sessions.ts";
import {
  codeShape,
  enrolmentShape,
  postEnrolment,
  postEnrolmentBegin,
  postSession,
  postSessionBegin,
} from "../people-sign-in.ts";
import { postToken } from "../people-tokens.ts";
import type { Route } from "../route.ts";
import { trialQueryShape } from "../trial.ts";

const instant = z.string();
const begun = z.strictObject({ ceremony: z.string(), options: z.looseObject({}) });
const signedIn = z.strictObject({ signedIn: z.literal(true) });
const signedOut = z.strictObject({ signedOut: z.literal(true), leaveUrl: z.string().nullable() });
const session = z.strictObject({
  id: z.string(),
  way: z.enum(["PASSKEY", "OIDC"]),
  startedAt: instant,
  seenAt: instant,
  endsAt: instant,
  isThis: z.boolean(),
});
const passkey = z.strictObject({
  id: z.string(),
  name: z.string(),
  addedAt: instant,
  usedAt: instant,
  isSuspect: z.boolean(),
});
const person = z.strictObject({
  id: z.string(),
  name: z.string(),
  languages: z.array(z.string()),
  roles: z.array(z.enum(roles)),
  handlingUpTo: z.string(),
  purpose: z.string().nullable(),
  state: z.enum(["invited", "active", "suspended", "left"]),
  madeAt: instant,
  hasAccount: z.boolean(),
  passkeys: z.array(passkey),
});
const proof = z.strictObject({ id: z.string(), kind: z.string(), secret: z.string().optional() });
const done = z.strictObject({
  done: z.literal(true),
  id: z.string(),
  code: z.string().optional(),
  endsAt: instant.optional(),
  proof: proof.optional(),
});
const waits = z.strictObject({
  done: z.literal(false),
  change: z.string(),
  endsAt: instant,
  says: z.string(),
});
const machine = z.strictObject({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  handlingUpTo: z.string(),
  purpose: z.string().nullable(),
  addresses: z.array(z.string()),
  madeAt: instant,
  proofs: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      madeAt: instant,
      endsAt: instant.nullable(),
    }),
  ),
});
const change = z.strictObject({
  id: z.string(),
  by: z.string(),
  madeAt: instant,
  endsAt: instant,
  change: z.looseObject({ kind: z.string() }),
});
const token = z.strictObject({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.number(),
});
const whoAmI = z.strictObject({
  id: z.string(),
  kind: z.enum(["owner", "person", "machine"]),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  handlingUpTo: z.string(),
  purpose: z.string().nullable(),
  provedAt: instant.nullable(),
  session: z.string().nullable(),
  endsAt: instant.nullable(),
  idleEndsAt: instant.nullable(),
  may: z.array(z.strictObject({ method: z.string(), path: z.string(), stepUp: z.boolean() })),
});

const list = (item: z.ZodType): z.ZodType => z.strictObject({ items: z.array(item) });
const nothing = { 204: { says: "done" } } as const;
const tried = z.strictObject({ tried: z.literal(true), done: z.boolean() });
const doneOrTried = z.union([done, tried]);
const changed = {
  200: { says: "done; with dryRun whether it would be", shape: doneOrTried },
  202: { says: "waits for a second word", shape: waits },
} as const;
const made = {
  200: { says: "with dryRun: whether it would be done at once", shape: tried },
  201: { says: "done; codes and secrets are shown this once", shape: done },
  202: { says: "waits for a second word", shape: waits },
} as const;

/** Ways in: for whoever is not known yet. */
const wayRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/session:ways", summary: "by which ways persons sign in here", open: true, for: [], answers: { 200: { says: "the ways", shape: waysShape } }, handle: getWays },
  { method: "POST", path: "/v1/session:begin", summary: "begin to sign in by passkey", open: true, for: [], answers: { 200: { says: "what the browser asks the passkey", shape: begun } }, handle: postSessionBegin },
  { method: "POST", path: "/v1/session", summary: "sign in by the answer of a passkey", open: true, for: [], body: { shape: signInShape }, answers: { 201: { says: "signed in; the session is a cookie", shape: signedIn } }, handle: postSession },
  { method: "POST", path: "/v1/enrolment:begin", summary: "begin to enrol, with a one-time code", open: true, for: [], body: { shape: codeShape }, answers: { 200: { says: "what the browser asks the passkey", shape: begun } }, handle: postEnrolmentBegin },
  { method: "POST", path: "/v1/enrolment", summary: "enrol a passkey, and be signed in", open: true, for: [], body: { shape: enrolmentShape }, answers: { 201: { says: "signed in; the session is a cookie", shape: signedIn } }, handle: postEnrolment },
  { method: "POST", path: "/v1/oidc:begin", summary: "go to the agency's identity provider", open: true, for: [], body: { shape: oidcShape }, answers: { 200: { says: "where the browser goes", shape: z.strictObject({ url: z.string() }) } }, handle: postOidcBegin },
  { method: "GET", path: "/v1/oidc/return", summary: "come back from the identity provider", open: true, for: [], answers: { 303: { says: "signed in; on to the first page" } }, handle: getOidcReturn },
  { method: "POST", path: "/v1/oauth/token", summary: "a token for a machine (RFC 6749 §4.4, RFC 7523)", open: true, for: [], body: { type: "application/x-www-form-urlencoded" }, answers: { 200: { says: "a token for ten minutes", shape: token } }, handle: postToken },
]; // prettier-ignore

/** One's own sessions and passkeys. */
const ownRoutes: readonly Route[] = [
  { method: "DELETE", path: "/v1/session", summary: "sign out", for: roles, answers: { 200: { says: "signed out; where to go to be signed out at the identity provider too", shape: signedOut } }, handle: deleteSession },
  { method: "POST", path: "/v1/session:prove-begin", summary: "begin to prove that it is you", for: roles, answers: { 200: { says: "what the browser asks the passkey", shape: begun } }, handle: postProveBegin },
  { method: "POST", path: "/v1/session:prove", summary: "prove that it is you", for: roles, body: { shape: signInShape }, answers: { 200: { says: "proved", shape: z.strictObject({ provedAt: instant }) } }, handle: postProve },
  { method: "GET", path: "/v1/sessions", summary: "your open sessions", for: roles, answers: { 200: { says: "newest first", shape: list(session) } }, handle: getSessions },
  { method: "DELETE", path: "/v1/sessions/:id", summary: "end a session of yours; as administrator of anybody", for: roles, answers: nothing, handle: deleteOneSession },
  { method: "GET", path: "/v1/passkeys", summary: "your passkeys", for: roles, answers: { 200: { says: "oldest first", shape: list(passkey) } }, handle: getPasskeys },
  { method: "POST", path: "/v1/passkeys:begin", summary: "begin to add a passkey", for: roles, stepUp: true, answers: { 200: { says: "what the browser asks the passkey", shape: begun } }, handle: postPasskeyBegin },
  { method: "POST", path: "/v1/passkeys", summary: "add a passkey", for: roles, stepUp: true, body: { shape: enrolShape }, answers: { 201: { says: "your passkeys", shape: list(passkey) } }, handle: postPasskey },
  { method: "DELETE", path: "/v1/passkeys/:id", summary: "remove a passkey of yours", for: roles, stepUp: true, answers: nothing, handle: deletePasskey },
]; // prettier-ignore

/** Who may ask here at all. */
const administration: readonly Route[] = [
  { method: "GET", path: "/v1/people", summary: "everybody who was invited", for: ["administrator", "auditor"], act: "PEOPLE_READ", answers: { 200: { says: "oldest first", shape: list(person) } }, handle: getPeople },
  { method: "POST", path: "/v1/people", summary: "invite a person", for: ["administrator"], stepUp: true, query: trialQueryShape, body: { shape: personShape }, answers: made, handle: postPerson },
  { method: "GET", path: "/v1/people/:id", summary: "one person", for: ["administrator", "auditor"], act: "PEOPLE_READ", answers: { 200: { says: "the person", shape: person } }, handle: getPerson },
  { method: "POST", path: "/v1/people/:id/code", summary: "a new one-time code for a person", for: ["administrator"], stepUp: true, query: trialQueryShape, answers: changed, handle: postPersonCode },
  { method: "PUT", path: "/v1/people/:id/rights", summary: "what a person may do", for: ["administrator"], stepUp: true, query: trialQueryShape, body: { shape: rightsShape }, answers: changed, handle: putPersonRights },
  { method: "PUT", path: "/v1/people/:id/state", summary: "suspend, let work again, or say that a person left", for: ["administrator"], stepUp: true, query: trialQueryShape, body: { shape: stateShape }, answers: changed, handle: putPersonState },
  { method: "DELETE", path: "/v1/people/:id/passkeys/:passkey", summary: "remove a passkey of a person", for: ["administrator"], stepUp: true, query: trialQueryShape, answers: changed, handle: deletePersonPasskey },
  { method: "GET", path: "/v1/people/:id/sessions", summary: "open sessions of a person", for: ["administrator"], act: "PEOPLE_READ", answers: { 200: { says: "newest first", shape: list(session) } }, handle: getPersonSessions },
  { method: "GET", path: "/v1/machines", summary: "every machine, and what proves it", for: ["administrator", "auditor"], act: "PEOPLE_READ", answers: { 200: { says: "oldest first", shape: list(machine) } }, handle: getMachines },
  { method: "POST", path: "/v1/machines", summary: "let a machine in", for: ["administrator"], stepUp: true, query: trialQueryShape, body: { shape: machineShape }, answers: made, handle: postMachine },
  { method: "POST", path: "/v1/machines/:id/proofs", summary: "a new secret, key or certificate; the one before goes on for a week", for: ["administrator"], stepUp: true, query: trialQueryShape, body: { shape: newProofShape }, answers: changed, handle: postMachineProof },
  { method: "DELETE", path: "/v1/machines/:id", summary: "let a machine in no more", for: ["administrator"], stepUp: true, query: trialQueryShape, answers: changed, handle: deleteMachine },
  { method: "GET", path: "/v1/people-changes", summary: "changes that wait for a second word", for: ["administrator", "auditor"], act: "PEOPLE_READ", answers: { 200: { says: "oldest first", shape: list(change) } }, handle: getChanges },
  { method: "POST", path: "/v1/people-changes/:id/decision", summary: "agree to what another asked for, or refuse it", for: ["administrator"], stepUp: true, query: trialQueryShape, body: { shape: decisionShape }, answers: { 200: { says: "done; codes and secrets are shown this once", shape: doneOrTried } }, handle: postDecision },
]; // prettier-ignore

/** People, machines and their sessions; `all` is the whole table, for who asks what he may do. */
export function makePeopleRoutes(all: () => readonly Route[]): readonly Route[] {
  const handle = makeGetSession(all);
  const own: Route = { method: "GET", path: "/v1/session", summary: "who you are, and what you may do", for: roles, packed: true, answers: { 200: { says: "who asks", shape: whoAmI } }, handle };
  return [...wayRoutes, own, ...ownRoutes, ...administration];
} // prettier-ignore
