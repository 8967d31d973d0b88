/**
 * Numbers and health of a hub, for who watches it.
 *
 * Promises: no agency, person, message or mailbox is in any number; direct mail is told of as totals; every label is of a
 * closed list; nothing is asked of the server unless somebody reads, and then at most once in some seconds. Trusts nobody
 * who asks: it listens on this machine alone unless the operator says otherwise. Start at `metrics.ts`, then `face.ts`.
 */
export { type HubFace, type HubFacePlace, openHubFace, type Shown } from "./early.ts";
export { type Face, type FaceOptions, startFace } from "./face.ts";
export { type HubHealth, judgeHealth } from "./health.ts";
export { type HubMetrics, type HubMetricsParts, makeHubMetrics } from "./metrics.ts";
export { type HubFigure, hubFigures } from "./names.ts";
export type { HubStanding } from "./standing.ts";
