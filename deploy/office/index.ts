/**
 * The commands of offices: a state's authority, the registrars, and whoever must revoke in a hurry.
 *
 * Promises: nothing is changed before it was shown and agreed to; every refusal says the way out; no key, PIN or content
 * is printed. Trusts the person at the terminal and the folder it is given. Needs no gateway and no network.
 * Start at `authority.ts`, `register.ts`, `revoke.ts`.
 */
export { addAuthority } from "./authority.ts";
export { startTerminal, type Terminal } from "./terminal.ts";
export { addRegister } from "./register.ts";
export { addRevoke } from "./revoke.ts";
