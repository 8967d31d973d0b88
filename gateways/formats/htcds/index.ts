/**
 * The Human Trafficking Case Data Standard 2.0 of IOM, read into messages about trafficking and written back.
 *
 * @see github.com/UNMigration/HTCDS (CC BY 4.0; no endorsement by IOM)
 */
export { htcdsNames } from "./names.ts";
export { type HtcdsBodies, type HtcdsSaid, readHtcds, type ReadHtcds } from "./read-htcds.ts";
export type { HtcdsRecord, HtcdsValue } from "./record.ts";
export { type HtcdsRow, readHtcdsRows, renderHtcdsCells } from "./rows.ts";
export { writeHtcds } from "./write-htcds.ts";
