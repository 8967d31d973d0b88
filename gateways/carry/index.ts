/**
 * Carry files: what one gateway has for another, as one sealed and signed file on a stick.
 *
 * Promises: a file is taken in by the very code that takes what comes over a link; the same file twice, in any order or
 * by half leaves one store; a file that is not whole, not for us or not signed changes nothing. Trusts the register
 * and its own keys; nothing because it came by hand. Never opens a connection. Start at `write-file.ts`, then
 * `take-file.ts`; the format stands in `frames.ts`, `pieces.ts` and `content.ts`.
 */
export {
  type CarryDesk,
  type CarryDeskOptions,
  type CarryProgress,
  makeCarryDesk,
} from "./desk.ts";
export type { CarriedFiles } from "./files.ts";
export { carryLimits } from "./limits.ts";
export { type Checked, checkFile, type Taken, takeFile, type TakeParts } from "./take-file.ts";
export { type Written, writeFile, type Writing } from "./write-file.ts";
