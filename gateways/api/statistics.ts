import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { statisticsQueryShape } from "./statistics-shapes.ts";

/** Tables of figures without persons, the newest time first. */
export function getStatistics({ services }: Desk, { url, record }: Call): Response {
  const desk = services?.statistics;
  if (desk === undefined) throw new Fault("NOT_FOUND", "this gateway keeps no figures");
  const asked = tryShape(statisticsQueryShape, Object.fromEntries(url.searchParams));
  if (!asked.success) {
    const says = "say type=tip.statistics, statistics.crime or statistics.exchange, period= such as 2026-Q1, or nothing";
    throw new Fault("REQUEST_INVALID", says);
  }
  const items = desk.list(asked.data);
  record.count(items.length);
  return renderAnswer({ items });
} // prettier-ignore
