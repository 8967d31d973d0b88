import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderTable } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const cellShape = z.looseObject({
  indicator: z.string(),
  count: z.number().optional(),
  quantity: z.looseObject({ value: z.string(), unit: z.string() }).optional(),
  treatment: z.string(),
  messages: z.number().optional(),
});
const tablesShape = z.looseObject({
  items: z.array(
    z.looseObject({
      type: z.string(),
      period: z.string(),
      madeAt: z.string(),
      state: z.string(),
      draft: z.string().optional(),
      sentAs: z.string().optional(),
      smallestCell: z.number(),
      messages: z.number(),
      cells: z.array(cellShape),
    }),
  ),
});

type Cell = z.infer<typeof cellShape>;
type Table = z.infer<typeof tablesShape>["items"][number];

/** What a figure is counted under, in the order it is told. */
function underOf({ indicator: _i, count: _c, quantity: _q, treatment: _t, messages: _m, ...under }: Cell): string {
  return Object.values(under).map(String).join(" ");
} // prettier-ignore

/** A figure that was rounded is not read as if it were exact. */
function renderFigure({ count, quantity, treatment }: Cell): string {
  if (quantity !== undefined) return `${quantity.value} ${quantity.unit}`;
  if (count === undefined) return "withheld";
  return treatment === "ROUNDED" ? `about ${count}` : String(count);
}

function renderOne({ type, period, madeAt, state, draft, sentAs, smallestCell, messages, cells }: Table): string {
  const where = [draft === undefined ? "" : `  draft ${draft}`, sentAs === undefined ? "" : `  message ${sentAs}`].join("");
  const rows = cells.map((cell) => [cell.indicator, underOf(cell), renderFigure(cell), String(cell.messages ?? "-")]);
  return [
    `${type}  ${period}  ${state}${where}`,
    `counted ${renderMinute(madeAt)} from ${messages} messages; figures below ${smallestCell} are withheld`,
    ...(rows.length === 0 ? ["Nothing is counted."] : [renderTable([["INDICATOR", "OF", "FIGURE", "MESSAGES"], ...rows])]),
  ].join("\n");
} // prettier-ignore

/** Shows tables of figures without persons, the newest time first. */
export async function runStatistics(desk: Desk, options: { readonly type?: string; readonly period?: string }): Promise<number> {
  const search = new URLSearchParams();
  if (options.type !== undefined) search.set("type", options.type);
  if (options.period !== undefined) search.set("period", options.period);
  const answer = await desk.client().askFor(tablesShape, { path: `/v1/statistics?${search.toString()}` });
  const text = answer.items.map(renderOne).join("\n\n");
  desk.result(answer, text === "" ? sayOf(desk)("none.statistics") : text);
  return exitCodes.ok;
} // prettier-ignore
