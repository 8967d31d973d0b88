import { z } from "zod";

import { labelOf, type Language } from "../../schemas/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const due = {
  closing: z.string(),
  of: z.string(),
  by: z.string().optional(),
  isOverdue: z.boolean(),
  isEscalated: z.boolean().default(false),
  isBarred: z.boolean().default(false),
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
  barred: z
    .array(z.looseObject({ agency: z.string(), type: z.string(), reasons: z.array(z.string()) }))
    .default([]),
  awaited: z.array(z.looseObject(due)),
  leads: z.array(z.looseObject({ message: z.string(), agency: z.string().optional() })).default([]),
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

function renderBy({ by, isOverdue, isEscalated, isBarred }: Due): string {
  const bar = isBarred ? "  NO MANDATE" : "";
  if (by === undefined) return `no date while its clock stands${bar}`;
  const late = isEscalated ? "  LATE TWICE" : "  LATE";
  return `${renderMinute(by)}${isOverdue ? late : ""}${bar}`;
}

function renderNext({ next }: Matter): readonly string[] {
  const byAgency = Map.groupBy(next, ({ agency }) => agency);
  return [...byAgency].map(([agency, acts]) => {
    const types = [...new Set(acts.map(({ type }) => type))].join(", ");
    return `  ${agency === "" ? "whoever takes it up" : agency} may send ${types}`;
  });
}

/** What is no one's to say who would have to: to whom to turn is for people. */
function renderBarred({ barred }: Matter): readonly string[] {
  const same = Map.groupBy(barred, ({ agency, reasons }) => `${agency} may not by the register (${reasons.join(", ")})`);
  return [...same].map(([says, acts]) => `  ${says}: ${[...new Set(acts.map(({ type }) => type))].join(", ")}`);
} // prettier-ignore

/** A code in English, which is what people type and look up; its name in every other language. */
function named(list: string, code: string, lang: Language): string {
  return lang === "en" ? code : labelOf(list, code, lang);
}

function renderLeads({ leads }: Matter): readonly string[] {
  return leads.map(
    ({ message, agency = "its sender" }) => `  tell ${agency} what came of ${message}`,
  );
}

function renderMatter(matter: Matter, lang: Language): string {
  const { workflow, opener, other, isEnded, waitingOn, awaited, refused } = matter;
  const state = named("MATTER_STATE", matter.state, lang);
  return [
    `${workflow}  ${state}${isEnded ? "  (ended)" : ""}  ${opener} → ${other === "" ? "a feed" : other}`,
    ...awaited.map(
      (one) => `  awaited of ${one.of}: ${named("AWAITED", one.closing, lang)}, ${renderBy(one)}`,
    ),
    ...(waitingOn.length === 0 ? [] : [`  waits for another authority: ${waitingOn.join(", ")}`]),
    ...renderNext(matter),
    ...renderBarred(matter),
    ...renderLeads(matter),
    ...refused.map(({ id, reason }) => `  changed nothing: ${id} (${reason})`),
  ].join("\n");
}

/** Shows how a thread stands, as the gateway reads it from its messages. */
export async function runThread(desk: Desk, id: string): Promise<number> {
  const path = `/v1/threads/${encodeURIComponent(id)}/state`;
  const thread = await desk.client().askFor(threadShape, { path });
  const missing = thread.missing.length;
  const text = [
    ...thread.matters.map((one) => renderMatter(one, desk.common.lang ?? "en")),
    ...(missing === 0 ? [] : [`${missing} messages that others followed are not here.`]),
  ].join("\n");
  desk.result(thread, text === "" ? sayOf(desk)("none.thread") : text);
  return exitCodes.ok;
}

/** Shows what is awaited in all threads, the earliest first. */
export async function runAwaited(desk: Desk, options: { readonly overdue?: true; readonly of?: string }): Promise<number> {
  const search = new URLSearchParams();
  if (options.overdue === true) search.set("overdue", "true");
  if (options.of !== undefined) search.set("of", options.of);
  const answer = await desk.client().askFor(awaitedShape, { path: `/v1/awaited?${search.toString()}` });
  const lang = desk.common.lang ?? "en";
  const rows = answer.items.map((one) => [one.thread, named("AWAITED", one.closing, lang), one.of, renderBy(one), one.workflow, named("MATTER_STATE", one.state, lang)]);
  const heads = ["thread", "awaited", "of", "due", "matter", "state"];
  desk.result(answer, renderList(rows, { say: sayOf(desk), none: "awaited", heads }));
  return exitCodes.ok;
} // prettier-ignore
