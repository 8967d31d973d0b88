/**
 * The people and machines of one agency: who they are, how they prove it, and what they may do here.
 *
 * Promises: nobody is taken for another; a role gives what its line in the route table says and nothing else; nobody
 * gives himself rights; secrets, codes and sessions are kept as digests. Trusts the store, and of a connection what the machine
 * itself saw of it. Start at `caller.ts`, then `gate.ts`, `changes.ts` and `second-word.ts`.
 */
export * from "./caller.ts";
export * from "./change-shapes.ts";
export { classOf } from "./addresses.ts";
export { type ChangeDone, type ChangeWaiting } from "./changes.ts";
export * from "./choice.ts";
export { type ClientProof, readAssertion, readBasic } from "./client-auth.ts";
export { noPeer, type PeopleAct, type PeopleNote, type Visit } from "./desk.ts";
export { oidcReturnPath } from "./oidc-sign-in.ts";
export { nobody, owner } from "./owner.ts";
export { enrolShape, signInShape } from "./passkeys.ts";
export { handlingOf, rolesOf } from "./rights.ts";
export { readers, type Role, roles, writers } from "./roles.ts";
export { makePeopleService, type PeopleService, type ShownPerson } from "./service.ts";
export { tokenPath } from "./tokens.ts";
export { isInSight, type Seen, type Sight, sightOf, visibleTo, wholeSight } from "./visible.ts";
