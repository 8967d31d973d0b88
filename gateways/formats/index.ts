/**
 * Other people's formats, read into messages of ours.
 *
 * Promises: a row becomes a message or a fault with its line; nothing of it is invented, what is not known
 * is said to be unknown; the source's own words stay beside our codes. Trusts nothing a file says.
 * Never sends anything. Each format has its room: `maritime/` (CSV), `goaml/` (XML), `htcds/` (JSON, rows), `flat/` (CSV of any type).
 * Start at `maritime/plan-row.ts`, `goaml/read-goaml.ts`, `htcds/read-htcds.ts`.
 */
export { type FlatDates, type FlatRow, readFlatRows } from "./flat/read-flat.ts";
export { goamlDialects, type Dialect } from "./goaml/dialect.ts";
export { type GoamlOptions, type GoamlReport, readGoaml } from "./goaml/read-goaml.ts";
export * from "./htcds/index.ts";
export { importKey, type Plan, planRow } from "./maritime/plan-row.ts";
export { type ReadRow, readMaritimeRows } from "./maritime/read-rows.ts";
export { columns, type MaritimeRow } from "./maritime/row.ts";
