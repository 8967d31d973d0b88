/**
 * Numbers that every process of ours tells of itself, in the text form of Prometheus.
 *
 * Promises: nothing is measured before somebody asks; no label holds a word that anybody wrote. Start at `process.ts`.
 */
export { addProcessFigures, type ProcessFigures } from "./process.ts";
