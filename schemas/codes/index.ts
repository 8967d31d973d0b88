/**
 * Code lists and labels: what codes there are, and what codes and fields are called in each language.
 *
 * Promises: every list a schema names is here, every code and field has its labels, and an edition has one
 * digest. Never drops a code it does not know: its label is the code. Memberships are register data, not here.
 * Start at `catalogue.ts`; the lists themselves are the JSON files beside it.
 */
export * from "./catalogue.ts";
export type { Code, CodeList } from "./code-list.ts";
export * from "./field-labels.ts";
