/**
 * Code lists and labels: what codes there are, and what codes, fields and faults are called in each language.
 *
 * Promises: every list a schema names is here, every code and field has its labels in six languages, and an
 * edition has one digest. Never drops a code it does not know: its label is the code. Memberships are register
 * data, not here. The JSON files beside this one are the source; `npm run gen` checks them and packs them.
 * Start at `catalogue.ts` and `labels.ts`.
 */
export * from "./catalogue.ts";
export type { CodeList } from "./code-list.ts";
export * from "./counted.ts";
export * from "./labels.ts";
export * from "./languages.ts";
export { type Pack, packOf, packState, type PackState } from "./packs.ts";
export { readPacks } from "./read-packs.ts";
