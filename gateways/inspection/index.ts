/**
 * National inspection: an inspector or data-protection authority reads messages of this agency, in its own gateway, by two keys.
 *
 * Promises: nobody opens one alone; exactly the messages that were named, or drawn by a seed that nobody could choose, can be
 * read, up to the inspector's own ceiling, until it ends; opening and closing stand in the record and in the hub's log; a report
 * says how it went and nothing of content. Trusts whoever tells who asks. Start at `desk.ts`, then `keys.ts`, `choose.ts`.
 */
export { type InspectionDesk, makeInspectionDesk } from "./desk.ts";
export type { InspectionItem } from "./items.ts";
export type { Inspection } from "./keep.ts";
export type { InspectionParts } from "./parts.ts";
export type { SignedReport } from "./report.ts";
export { findingShape, grounds, inspectionStates, maxMessages } from "./shapes.ts";
