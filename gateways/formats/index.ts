/**
 * Other people's formats, read into messages of ours.
 *
 * Promises: a row becomes a message or a fault with its line; nothing of it is invented, what is not known
 * is said to be unknown; the source's own words stay beside our codes. Trusts nothing a file says.
 * Never sends anything. Start at `maritime/plan-row.ts`, then `maritime/read-rows.ts`.
 */
export { importKey, type Plan, planRow } from "./maritime/plan-row.ts";
export { type ReadRow, readMaritimeRows } from "./maritime/read-rows.ts";
export { columns, type MaritimeRow } from "./maritime/row.ts";
