/**
 * What a hub asks of mail and receipts that a relay takes from one hub to another.
 *
 * Promises: nothing is taken from a relay that the register does not name for exactly this way; what it carries is judged as if
 * its sender had brought it. Trusts the register. Start at `check.ts`.
 */
export { type BroughtOrder, checkBrought } from "./brought.ts";
export * from "./check.ts";
