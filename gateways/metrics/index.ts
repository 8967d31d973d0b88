/**
 * Numbers for those who watch the gateway.
 *
 * Promises: few lines, whatever happens; every label is a code of a closed list. Start at `metrics.ts`.
 */
export { makeMetrics, type Metrics } from "./metrics.ts";
export type { MetricsParts } from "./parts.ts";
