/**
 * The small words that generated validators are made of, and the one place where formats are spelt.
 *
 * Promises: every violation has a fault code, a pointer and words that name the limit, never the content;
 * no pattern meets a text longer than its format. Trusts nothing it is given. Knows no message type.
 * Start at `formats.ts`, then `texts.ts` and `check-message.ts`.
 */
export * from "./check-message.ts";
export type { Checker } from "./checker.ts";
export * from "./formats.ts";
export * from "./instant.ts";
export * from "./numbers.ts";
export * from "./pointer.ts";
export * from "./shapes.ts";
export { findCharacterFault } from "./text-faults.ts";
export * from "./texts.ts";
