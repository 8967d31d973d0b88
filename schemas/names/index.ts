/**
 * Names of people: which characters may stand in one, in which script it is, and how ICAO Doc 9303 writes it.
 *
 * Promises: pure, bounded by the length of the longest name, and no name is changed or refused for being
 * foreign: every script and every mixture passes, and only what can deceive the eye is refused. Trusts
 * nothing it is given. Never guesses: where Doc 9303 has no table there is no transliteration.
 * Start at `name-fault.ts`, then `transliterate.ts`.
 */
export { findNameFault, type NameFault } from "./name-fault.ts";
export { scriptOf } from "./script.ts";
export { type NameToSpell, type Transliteration, transliterate } from "./transliterate.ts";
