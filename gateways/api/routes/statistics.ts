import type { Route } from "../route.ts";
import { getStatistics } from "../statistics.ts";
import { statisticsQueryShape, statisticsShape } from "../statistics-shapes.ts";

/** Figures without persons. */
export const statisticsRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/statistics", summary: "tables of figures without persons, counted at night", for: ["officer", "approver", "integrator", "analyst", "auditor"], query: statisticsQueryShape, answers: { 200: { says: "the newest time first, each figure with how many messages it was counted from", shape: statisticsShape } }, handle: getStatistics },
]; // prettier-ignore
