import { countTableShape } from "../../../certs/oversight/index.ts";
import { getOversightCounts, getOversightFigures, postOversightExport } from "../oversight.ts";
import {
  oversightCountsQueryShape,
  oversightExportShape,
  oversightFiguresQueryShape,
  oversightFiguresShape,
} from "../oversight-shapes.ts";
import type { Route } from "../route.ts";

/** What a seat of oversight sees: how much, never what. */
export const oversightRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/oversight/counts", summary: "counts of the hub's log, each with its positions and the signed note of the log", for: ["analyst", "auditor"], act: "OVERSIGHT_READ", query: oversightCountsQueryShape, answers: { 200: { says: "as a file of counts has it; nothing is withheld here", shape: countTableShape } }, handle: getOversightCounts },
  { method: "GET", path: "/v1/oversight/figures", summary: "figures that agencies told in messages, summed over states", for: ["analyst", "auditor"], act: "OVERSIGHT_READ", query: oversightFiguresQueryShape, answers: { 200: { says: "each with the messages it was taken from and their places in the log", shape: oversightFiguresShape } }, handle: getOversightFigures },
  { method: "POST", path: "/v1/oversight:export", summary: "a file of counts, of indicators of Sustainable Development Goal 16, or of trafficking tables, for others", for: ["analyst", "auditor"], act: "OVERSIGHT_GIVEN", body: { shape: oversightExportShape }, answers: { 200: { says: "the file; small figures are withheld, and others with them", types: ["text/csv", "application/json"], headers: { "repr-digest": "SHA-256 of the file (RFC 9530)" } } }, handle: postOversightExport },
]; // prettier-ignore
