/**
 * The command `atumpan` for people at a gateway: write, check, send, read, watch, import.
 *
 * Promises: results go to standard output, talk to standard error; every "no" is a sentence, a code and the
 * next command; the exit code says what kind it was. Trusts the contexts file and nothing a gateway answers.
 * Never touches the process: whoever runs it hands in the world. Start at `program.ts`, then `run-cli.ts`.
 */
export { exitCodeOf, exitCodes } from "./exit-codes.ts";
export { renderHelpFiles } from "./help-files.ts";
export { runCli } from "./run-cli.ts";
export type { Desk } from "./desk.ts";
export type { Start, Verb } from "./start.ts";
export { bareOf, sizesOf } from "./support-bare.ts";
export { readLogTail } from "./support-log.ts";
export { writeBundle } from "./support-write.ts";
export { type Say, sayOf } from "./words.ts";
export type { RegisterFile, World } from "./world.ts";
