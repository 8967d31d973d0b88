/**
 * The commands of offices: a state's authority, the registrars, and whoever must revoke in a hurry.
 *
 * Promises: nothing is changed before it was shown and agreed to; every refusal says the way out; no key, PIN or content
 * is printed. Trusts the person at the terminal and the folder it is given. Needs no gateway and no network.
 * Start at `authority.ts`, `register.ts`, `revoke.ts`.
 */
export { runAuthorityCommand } from "./authority.ts";
export { runAtTerminal, startTerminal, type Terminal } from "./terminal.ts";
export { runRegisterCommand } from "./register.ts";
export { runRevokeCommand } from "./revoke.ts";
