import type { Route } from "../route.ts";
import { getStatistics } from "../statistics.ts";
import { statisticsQueryShape, statisticsShape } from "../statistics-shapes.ts";
import { getTrends } from "../trends.ts";
import { trendsQueryShape, trendsShape } from "../trends-shapes.ts";

/** Figures without persons. */
export const statisticsRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/statistics", summary: "tables of figures without persons, counted at night", for: ["officer", "approver", "integrator", "analyst", "auditor"], query: statisticsQueryShape, answers: { 200: { says: "the newest time first, each figure with how many messages it was counted from", shape: statisticsShape } }, handle: getStatistics },
  { method: "GET", path: "/v1/trends", summary: "how many messages there were week by week", for: ["officer", "approver", "analyst"], act: "TRENDS_READ", query: trendsQueryShape, answers: { 200: { says: "as far as the caller may see them; as CSV without small figures", shape: trendsShape, types: ["application/json", "text/csv"] } }, handle: getTrends },
]; // prettier-ignore
