import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { renderHex, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ReaderOptions } from "./explaining.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { type Say, sayOf } from "./words.ts";

const entry = z.looseObject({ state: z.string(), index: z.number().optional(), code: z.string().optional() }); // prettier-ignore
const item = z.looseObject({
  place: z.number(),
  id: z.string(),
  state: z.string(),
  isRead: z.boolean(),
  type: z.string().optional(),
  handling: z.string().optional(),
});
const inspection = z.looseObject({
  id: z.string(),
  state: z.string(),
  ground: z.string(),
  reference: z.string(),
  askedBy: z.string(),
  endsAt: z.string(),
  inspected: z.number(),
  read: z.number(),
  openedEntry: entry.optional(),
  closedEntry: entry.optional(),
  items: z.array(item).optional(),
});
const listShape = z.looseObject({ items: z.array(inspection) });
const reportShape = z.looseObject({ statement: z.string(), signature: z.string() });

type Inspection = z.infer<typeof inspection>;

const usualMs = 14 * 86_400_000;
const json = { "content-type": "application/json" };

function pathOf(id: string, ...more: readonly string[]): string {
  return ["/v1/inspections", ...[id, ...more].map(encodeURIComponent)].join("/");
}

function renderAll(items: readonly Inspection[], say: Say): string {
  const rows = items.map(({ id, state, ground, reference, inspected, read, endsAt }) =>
    [id, say(`inspection.${state}`), ground, reference, `${read}/${inspected}`, renderMinute(endsAt)]); // prettier-ignore
  const heads = ["id", "state", "ground", "order", "messages", "until"];
  return renderList(rows, { say, none: "inspections", heads });
}

function renderEntries({ openedEntry, closedEntry }: Inspection, say: Say): readonly string[] {
  const acts = [["INSPECTION_OPENED", openedEntry], ["INSPECTION_CLOSED", closedEntry]] as const; // prettier-ignore
  return acts.flatMap(([act, found]) => {
    if (found === undefined || found.state === "NONE") return [];
    const { state, index = 0, code = "-" } = found;
    return [`${act}  ${say(`log.act.${state}`, { index, code })}`];
  });
}

function renderOne(one: Inspection, say: Say): string {
  const rows = (one.items ?? []).map(({ place, id, state, type = "", handling = "", isRead }) =>
    [String(place), id, type, handling, say(`inspected.${state}`), isRead ? say("inspected.read") : ""]); // prettier-ignore
  const heads = ["place", "message", "type", "handling", "state", "when"];
  const messages = rows.length === 0 ? [] : [renderList(rows, { say, none: "messages", heads })];
  return [renderAll([one], say), ...renderEntries(one, say), ...messages].join("\n");
}

function tell(desk: Desk, one: Inspection): number {
  desk.result(one, renderOne(one, sayOf(desk)));
  return exitCodes.ok;
}

/** What an inspector asks for, as it was typed. */
export interface InspectionOptions {
  readonly ground: string;
  readonly reference: string;
  readonly until?: string;
  readonly message?: readonly string[];
  readonly thread?: string;
  readonly from?: string;
  readonly to?: string;
  readonly box?: string;
  readonly count?: number;
  readonly nonce?: string;
}

function scopeOf(desk: Desk, { message, thread, from, to, box, count, nonce }: InspectionOptions): object {
  const named = { ...(message === undefined ? {} : { messages: message }), ...(thread === undefined ? {} : { thread }) };
  if (from === undefined && to === undefined) return named;
  const drawn = nonce ?? renderHex(desk.world.chance.bytes(32));
  return { ...named, sample: { from, to, count, nonce: drawn, ...(box === undefined ? {} : { box }) } };
} // prettier-ignore

/** Asks for an inspection; another person consents to it. */
export async function runInspectionAsk(desk: Desk, options: InspectionOptions): Promise<number> {
  const { ground, reference } = options;
  const until = options.until ?? renderInstant(desk.world.clock.now() + usualMs);
  const body = JSON.stringify({ ground, reference, until, ...scopeOf(desk, options) });
  const question = { method: "POST", path: "/v1/inspections", headers: json, body } as const;
  const asked = await desk.client().askFor(inspection, question);
  const say = sayOf(desk);
  const next = say("inspection.next", { command: `atumpan inspection consent ${asked.id}` });
  desk.result(asked, `${renderAll([asked], say)}\n${next}`);
  return exitCodes.ok;
}

/** Shows inspections. */
export async function runInspectionList(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(listShape, { path: "/v1/inspections" });
  desk.result(answer, renderAll(answer.items, sayOf(desk)));
  return exitCodes.ok;
}

/** Shows one of them. */
export async function runInspectionShow(desk: Desk, id: string): Promise<number> {
  return tell(desk, await desk.client().askFor(inspection, { path: pathOf(id) }));
}

/** Consents to one, or ends it. */
export async function runInspectionWord(desk: Desk, id: string, word: "consent" | "ending"): Promise<number> {
  return tell(desk, await desk.client().askFor(inspection, { method: "POST", path: pathOf(id, word) }));
} // prettier-ignore

/** Shows one message of an inspection. */
export async function runInspectionRead(desk: Desk, { id, message }: { readonly id: string; readonly message: string }, { lang, zone }: ReaderOptions): Promise<number> {
  const path = pathOf(id, "messages", message);
  const client = desk.client();
  if (desk.common.json === true) {
    desk.result(await client.askFor(z.looseObject({ id: z.string() }), { path }), "");
    return exitCodes.ok;
  }
  const words = await client.ask({ path, accept: `text/plain;lang=${lang};zone=${zone}` });
  desk.result({ id: message }, (await words.text()).trimEnd());
  return exitCodes.ok;
} // prettier-ignore

/** What was found: codes, each of one message or of all. */
export interface ClosingOptions {
  readonly finding: readonly { readonly code: string; readonly place?: number }[];
  readonly note?: string;
}

/** Closes one with what was found. */
export async function runInspectionClose(desk: Desk, id: string, { finding, note }: ClosingOptions): Promise<number> {
  const findings = finding.map((one, at) => (at === 0 && note !== undefined ? { ...one, note } : one));
  const body = JSON.stringify({ findings });
  return tell(desk, await desk.client().askFor(inspection, { method: "POST", path: pathOf(id, "closing"), headers: json, body }));
} // prettier-ignore

/** Writes the signed report of one that has ended to a new file. @throws {Fault} USAGE_INVALID, and what the gateway says */
export async function runInspectionReport(desk: Desk, id: string, { out }: { readonly out: string }): Promise<number> {
  const report = await desk.client().askFor(reportShape, { path: pathOf(id, "report") });
  try {
    writeFileSync(resolve(desk.world.cwd, out), `${JSON.stringify(report)}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${out} cannot be written; is it there already?`);
  }
  desk.result({ file: out }, out);
  return exitCodes.ok;
} // prettier-ignore
