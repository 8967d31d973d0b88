/**
 * The authority tools: make a state's CAs, issue and revoke certificates, publish the register.
 *
 * Promises: nothing is signed that our own readers would refuse, nor given out before it is in the journal on
 * disk. Trusts the officer who calls it and the folder it stands in. The only room that can issue; never
 * opens a socket. Start at `authority.ts`, then `issue.ts`, `crl.ts` and `revoke.ts`; for the root, `CEREMONY.md`.
 */
export * from "./authority-folder.ts";
export * from "./authority.ts";
export * from "./certificate-files.ts";
export * from "./ceremony/desk.ts";
export * from "./ceremony/files.ts";
export * from "./ceremony/fingerprint.ts";
export * from "./ceremony/install.ts";
export * from "./ceremony/pins.ts";
export * from "./ceremony/request.ts";
export * from "./ceremony/root-list.ts";
export * from "./ceremony/root.ts";
export * from "./ceremony/sign.ts";
export * from "./ceremony/transcript.ts";
export * from "./changes/index.ts";
export * from "./crl.ts";
export * from "./csr.ts";
export * from "./issue.ts";
export * from "./issuer.ts";
export * from "./journal-events.ts";
export * from "./journal.ts";
export * from "./key-files.ts";
export * from "./key-id.ts";
export * from "./ledger.ts";
export * from "./make-ca.ts";
export * from "./publish.ts";
export * from "./register-lock.ts";
export * from "./renewals.ts";
export * from "./renewed-part.ts";
export * from "./repository/index.ts";
export * from "./revoke.ts";
export * from "./serial.ts";
