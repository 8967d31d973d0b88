import { createHash } from "node:crypto";
import { resolve } from "node:path";

import { z } from "zod";

import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { readId } from "./read-message.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { saveFile } from "./save-file.ts";
import { sayOf } from "./words.ts";

const givenShape = z.looseObject({
  rows: z.number(),
  withheld: z.record(z.string(), z.number()),
  digest: z.string(),
});
const exportShape = z.looseObject({
  id: z.string(),
  owner: z.string(),
  purpose: z.string(),
  state: z.string(),
  format: z.string(),
  fields: z.array(z.string()),
  to: z.looseObject({
    agency: z.string().optional(),
    country: z.string().optional(),
    body: z.string().optional(),
  }),
  messages: z.number(),
  expiresAt: z.string(),
  given: givenShape.optional(),
});

type Shown = z.infer<typeof exportShape>;
type Given = z.infer<typeof givenShape>;

/** What a person wants as a file, for whom, and of which messages. */
export interface ExportOptions {
  readonly to?: string;
  readonly country?: string;
  readonly body?: string;
  readonly fields: readonly string[];
  readonly format: string;
  /** The offence it is for. */
  readonly offence?: string;
  readonly box?: string;
  readonly type?: string;
  readonly crime?: string;
  readonly since?: string;
  readonly until?: string;
}

const filterNames = ["box", "type", "crime", "since", "until"] as const;
const json = { "content-type": "application/json" };
const pathOf = (id: string): string => `/v1/exports/${readId(id)}`;

function renderWhom({ to: { agency, country = "", body = "" } }: Shown): string {
  return agency ?? `${body}, ${country}`;
}

function renderGiven({ rows, withheld, digest }: Given): readonly string[] {
  const reasons = Object.entries(withheld).map(([why, count]) => `${count} ${why}`);
  return [
    `${rows} messages in it; ${reasons.length === 0 ? "nothing withheld" : `withheld: ${reasons.join(", ")}`}`,
    `SHA-256 ${digest}`,
  ];
}

function renderExport(one: Shown): string {
  const { id, state, owner, purpose, messages, fields, format, expiresAt, given } = one;
  return [
    `${id}  ${state}  until ${renderMinute(expiresAt)}`,
    `asked by  ${owner}; ${messages} messages, ${format}: ${fields.join(" ")}`,
    `for       ${renderWhom(one)}, ${purpose}`,
    ...(given === undefined ? [] : renderGiven(given)),
  ].join("\n");
}

function nextOf({ id, state }: Shown): string | undefined {
  if (state === "READY") return `Next: atumpan export get ${id} --out FILE`;
  return state === "WAITING" ? `Next, an approver: atumpan export agree ${id}` : undefined;
}

function tell(desk: Desk, one: Shown): number {
  desk.result(one, renderExport(one));
  const next = nextOf(one);
  if (next !== undefined) desk.say(next);
  return exitCodes.ok;
}

function receiverOf({ to, country, body }: ExportOptions): object {
  if (to !== undefined && country === undefined && body === undefined) return { agency: to };
  if (to === undefined && country !== undefined && body !== undefined) return { country, body };
  throw new Fault("USAGE_INVALID", "say who is given it: --to an agency, or --country and --body of a body outside");
} // prettier-ignore

/**
 * Asks for messages as a file for somebody.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says
 */
export async function runExportAsk(desk: Desk, options: ExportOptions): Promise<number> {
  const { fields, format, offence } = options;
  const filter = Object.fromEntries(filterNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
  const crime = offence === undefined ? {} : { crime: offence };
  const body = JSON.stringify({ format, fields, to: receiverOf(options), ...crime, filter });
  const asked = await desk.client().askFor(exportShape, { method: "POST", path: "/v1/exports", headers: json, body });
  const ended = tell(desk, asked);
  return asked.state === "WAITING" ? exitCodes.needsApproval : ended;
} // prettier-ignore

/** Shows one's own exports, and for an approver those that wait. */
export async function runExportList(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(z.looseObject({ items: z.array(exportShape) }), { path: "/v1/exports" });
  const rows = answer.items.map((one) => [one.id, one.state, one.owner, renderWhom(one), one.purpose, renderMinute(one.expiresAt)]);
  const heads = ["id", "state", "asker", "to", "purpose", "until"];
  desk.result(answer, renderList(rows, { say: sayOf(desk), none: "exports", heads }));
  return exitCodes.ok;
} // prettier-ignore

/** Shows how an export stands, and what it held when it was last read. */
export async function runExportShow(desk: Desk, id: string): Promise<number> {
  return tell(desk, await desk.client().askFor(exportShape, { path: pathOf(id) }));
}

/** Says another person's word on an export. */
export async function runExportWord(desk: Desk, id: string, agrees: boolean): Promise<number> {
  const body = JSON.stringify({ agrees });
  const question = { method: "POST", path: `${pathOf(id)}/decision`, headers: json, body } as const;
  return tell(desk, await desk.client().askFor(exportShape, question));
}

async function* hashed(answer: Response, hash: ReturnType<typeof createHash>): AsyncGenerator<Bytes> {
  const source: AsyncIterable<Bytes> | readonly Bytes[] = answer.body ?? [];
  const broken = "the gateway broke off or gave something else; nothing was left of the file, so do it again";
  try {
    for await (const bytes of source) {
      hash.update(bytes);
      yield bytes;
    }
  } catch (error) {
    throw toFault(error, "GATEWAY_UNREACHABLE", broken);
  }
  const wanted = answer.headers.get("repr-digest") ?? "";
  if (wanted !== `sha-256=:${hash.digest("base64")}:`) throw new Fault("GATEWAY_UNREACHABLE", broken);
} // prettier-ignore

/**
 * Writes an export to a file, whole and as the gateway measured it, or not at all.
 *
 * @throws {Fault} USAGE_INVALID, GATEWAY_UNREACHABLE, and what the gateway says
 */
export async function runExportGet(desk: Desk, id: string, { out }: { readonly out: string }): Promise<number> {
  const accept = "text/csv, application/x-ndjson, application/problem+json";
  const answer = await desk.client().ask({ path: `${pathOf(id)}/content`, accept });
  const file = resolve(desk.world.cwd, out);
  const bytes = await saveFile(file, hashed(answer, createHash("sha256")));
  const { given } = await desk.client().askFor(exportShape, { path: pathOf(id) });
  desk.result({ file: out, bytes, ...given }, [`${out}  ${bytes} bytes`, ...(given === undefined ? [] : renderGiven(given))].join("\n"));
  return exitCodes.ok;
} // prettier-ignore
