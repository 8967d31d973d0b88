/**
 * Who is who, and proof of it: certificates, signatures, the register, and the one function that decides.
 *
 * Promises: nothing is believed that is not proved from the register's anchors; what nothing allows is
 * denied. Trusts: the anchors and the time it is given. Never: holds a private key, or touches a network.
 * Start at `decide.ts`, then `statement.ts`, `register.ts`, `path.ts`, `verify-path.ts`.
 */
export * from "./agency-key.ts";
export * from "./algorithms.ts";
export * from "./audience.ts";
export { revokedSince } from "./crl.ts";
export * from "./decide.ts";
export * from "./envelope-signatures.ts";
export * from "./denial.ts";
export * from "./endorsement.ts";
export * from "./explain.ts";
export type { PeerHost, PolicyQuestion } from "./general/question.ts";
export * from "./lines.ts";
export type { LogLines, RegisteredWitness } from "./log-keys.ts";
export * from "./linked-hubs.ts";
export * from "./mailbox.ts";
export * from "./path-cache.ts";
export * from "./path.ts";
export * from "./period.ts";
export * from "./question.ts";
export { parseStatePart } from "./register-parts.ts";
export * from "./register.ts";
export * from "./relay-proof.ts";
export * from "./relay-ways.ts";
export {
  bringsReceipts,
  coversMail,
  isRelayInForce,
  type RelayedMail,
  type RelayWay,
} from "./relays.ts";
export * from "./release.ts";
export * from "./renewal-endorsement.ts";
export * from "./renewal-request.ts";
export * from "./repository/index.ts";
export * from "./signature.ts";
export * from "./signature-policy.ts";
export * from "./signing-choice.ts";
export * from "./staleness.ts";
export * from "./statement.ts";
export * from "./verify-path.ts";
