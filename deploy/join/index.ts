/**
 * Joining: what a new agency is given, one folder and one code, and what it does with them.
 *
 * Promises: a folder that anybody changed, a code of another folder, a time that is over or a clock that is wrong are refused
 * before anything is written; private keys are made where they stay. Trusts the code that came another way, and by it the
 * register's root in the folder. Opens no socket but to the own gateway. Start at `command.ts`; the formats are `kit.ts` and `letters.ts`.
 */
export { addJoin } from "./command.ts";
export * from "./code.ts";
export * from "./kit.ts";
export * from "./letters.ts";
export * from "./make-kit.ts";
