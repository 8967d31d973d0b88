/**
 * What anyone can check without us, our network or our keys: a certification path, a signature, a message, a
 * register; one at a time, or one a line.
 *
 * Promises: the answers are those of the functions that gateways and hubs ask; whatever comes is answered, and
 * nothing is thrown. Trusts the anchors and the time it is given, nothing else. Never opens a sealed body, holds
 * a key, reads a clock or touches a file. Start at `answer.ts`, then `answer-path.ts`.
 */
export * from "./answer.ts";
export * from "./answer-message.ts";
export * from "./answer-path.ts";
export * from "./answer-register.ts";
export * from "./answer-signature.ts";
export { findMoment } from "./fields.ts";
export { type Anchors, checkTrustedRoot } from "../trust/index.ts";
