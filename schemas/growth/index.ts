/**
 * Schemas only grow: what was signed once stays readable, valid and as hidden as it was.
 *
 * Promises: `findBreaks` names every change that takes something away from an older message or reader. The last
 * release lies beside this file as `release.json`; the bytes it promises, in `golden/`.
 * Start at `breaks.ts`.
 */
export { findBreaks } from "./breaks.ts";
export { makeRelease, type Release, type ReleasedList } from "./release.ts";
