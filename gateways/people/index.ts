/**
 * The people and machines of one agency: who they are, how they prove it, and what they may do here.
 *
 * Promises: nobody is taken for another; a role gives what its line in the route table says and nothing else.
 * Trusts the store. Start at `caller.ts`.
 */
export { type Caller, type Callers, type Handling, handlings } from "./caller.ts";
export { nobody, owner } from "./owner.ts";
export { readers, type Role, roles, writers } from "./roles.ts";
