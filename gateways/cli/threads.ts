import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderTable } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";

const due = {
  closing: z.string(),
  of: z.string(),
  by: z.string().optional(),
  isOverdue: z.boolean(),
};
const matterShape = z.looseObject({
  workflow: z.string(),
  state: z.string(),
  opening: z.string(),
  opener: z.string(),
  other: z.string(),
  isEnded: z.boolean(),
  waitingOn: z.array(z.string()),
  next: z.array(z.looseObject({ agency: z.string(), type: z.string() })),
  awaited: z.array(z.looseObject(due)),
  refused: z.array(z.looseObject({ id: z.string(), reason: z.string() })),
});
const threadShape = z.looseObject({
  id: z.string(),
  matters: z.array(matterShape),
  missing: z.array(z.string()),
});
const awaitedShape = z.looseObject({
  items: z.array(z.looseObject({ thread: z.string(), workflow: z.string(), state: z.string(), ...due })),
}); // prettier-ignore

type Due = z.infer<z.ZodObject<typeof due>>;
type Matter = z.infer<typeof matterShape>;

function renderBy({ by, isOverdue }: Due): string {
  if (by === undefined) return "no date while its clock stands";
  return `${renderMinute(by)}${isOverdue ? "  LATE" : ""}`;
}

function renderNext({ next }: Matter): readonly string[] {
  const byAgency = Map.groupBy(next, ({ agency }) => agency);
  return [...byAgency].map(([agency, acts]) => {
    const types = [...new Set(acts.map(({ type }) => type))].join(", ");
    return `  ${agency === "" ? "whoever takes it up" : agency} may send ${types}`;
  });
}

function renderMatter(matter: Matter): string {
  const { workflow, state, opener, other, isEnded, waitingOn, awaited, refused } = matter;
  return [
    `${workflow}  ${state}${isEnded ? "  (ended)" : ""}  ${opener} → ${other === "" ? "a feed" : other}`,
    ...awaited.map((one) => `  awaited of ${one.of}: ${one.closing}, ${renderBy(one)}`),
    ...(waitingOn.length === 0 ? [] : [`  waits for another authority: ${waitingOn.join(", ")}`]),
    ...renderNext(matter),
    ...refused.map(({ id, reason }) => `  changed nothing: ${id} (${reason})`),
  ].join("\n");
}

/** Shows how a thread stands, as the gateway reads it from its messages. */
export async function runThread(desk: Desk, id: string): Promise<number> {
  const path = `/v1/threads/${encodeURIComponent(id)}/state`;
  const thread = await desk.client().askFor(threadShape, { path });
  const missing = thread.missing.length;
  const text = [
    ...thread.matters.map(renderMatter),
    ...(missing === 0 ? [] : [`${missing} messages that others followed are not here.`]),
  ].join("\n");
  desk.result(thread, text === "" ? "No matter is open in this thread." : text);
  return exitCodes.ok;
}

/** Shows what is awaited in all threads, the earliest first. */
export async function runAwaited(desk: Desk, options: { readonly overdue?: true; readonly of?: string }): Promise<number> {
  const search = new URLSearchParams();
  if (options.overdue === true) search.set("overdue", "true");
  if (options.of !== undefined) search.set("of", options.of);
  const answer = await desk.client().askFor(awaitedShape, { path: `/v1/awaited?${search.toString()}` });
  const rows = answer.items.map((one) => [one.thread, one.closing, one.of, renderBy(one), one.workflow, one.state]);
  const header = ["THREAD", "AWAITED", "OF", "BY", "MATTER", "STATE"];
  desk.result(answer, rows.length === 0 ? "Nothing is awaited." : renderTable([header, ...rows]));
  return exitCodes.ok;
} // prettier-ignore
