/**
 * Webhooks: calls of ours that tell an agency's systems what became of messages, by the Standard Webhooks specification.
 *
 * Promises: at least once, in order for each webhook, from a place on the disk, however long a receiver is away; nothing
 * goes to an address that the operator did not list, and the address that was checked is the one that is called; nobody
 * is told what he may not see now. Content never goes: receivers ask for it, with a purpose. Trusts the store; of
 * receivers nothing. Start at `deliver.ts`, then `egress.ts`.
 */
export type { HookDesk, HookNotice, MadeHook } from "./desk.ts";
export type { ShownHook } from "./rows.ts";
export { makeEgress, webhooksShape } from "./egress.ts";
export { type HookOptions, type Hooks, startHooks } from "./service.ts";
export type { HookTrial, HookTried } from "./trial.ts";
export { hookChangeShape, hookShape, replayShape, rotationShape } from "./wish.ts";
