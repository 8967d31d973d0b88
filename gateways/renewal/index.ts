/**
 * A gateway's own certificates: which of them it signs with, opens with and shows, as they are renewed.
 *
 * Promises: at every moment there is a key to use as long as one holds; what is signed is refused by nobody for being too
 * new. Trusts the register, and what `certs/renewal` keeps. Never connects to anything. Start at `renewal.ts`, then
 * `choice.ts`.
 */
export { chooseShown } from "./choice.ts";
export { makeRenewal, type Renewal } from "./renewal.ts";
