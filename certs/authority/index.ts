/**
 * The authority tools: make a state's CAs, issue and revoke certificates, publish the register.
 *
 * Promises: nothing is given out that our own readers would refuse, nor before it is in the journal on
 * disk. Trusts the officer who calls it and the folder it stands in. The only room that can issue; never
 * opens a socket. Start at `authority.ts`, then `issue.ts` and `revoke.ts`.
 */
export * from "./authority-folder.ts";
export * from "./authority.ts";
export * from "./csr.ts";
export * from "./issue.ts";
export * from "./journal.ts";
export * from "./key-id.ts";
export * from "./publish.ts";
export * from "./revoke.ts";
export * from "./serial.ts";
