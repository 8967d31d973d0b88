/**
 * What those look at who watch hubs and gateways: dashboards, rules by which somebody is called, and what to do then.
 *
 * Promises: every number that is drawn or called by is one that a hub or gateway serves; every rule has a sentence and a page.
 * Start at `alerts.ts`; `node deploy/seeing/make.ts` writes the files.
 */
export { type Alert, alerts } from "./alerts.ts";
export { type Dashboard, dashboards } from "./dashboards.ts";
export { renderSeeing } from "./files.ts";
export { runbookAnchor } from "./render.ts";
