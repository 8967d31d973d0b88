import { getMetrics } from "../metrics.ts";
import type { Route } from "../route.ts";

/** Numbers for those who watch the gateway. */
export const metricsRoutes: readonly Route[] = [
  { method: "GET", path: "/metrics", summary: "numbers for those who watch the gateway", for: ["administrator", "auditor", "integrator"], answers: { 200: { says: "the text form of Prometheus", types: ["text/plain"] } }, handle: getMetrics },
]; // prettier-ignore
