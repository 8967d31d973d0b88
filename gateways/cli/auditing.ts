import { z } from "zod";

import { Fault, sameBytes } from "../../schemas/ground/index.ts";
import { parseInstant } from "../../schemas/index.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const lineShape = z.object({
  position: z.number(),
  at: z.string(),
  who: z.string(),
  act: z.string(),
  object: z.string(),
  purpose: z.string(),
  outcome: z.string(),
  address: z.string(),
  count: z.number(),
  digest: z.string(),
  previous: hex,
  hash: hex,
});
const pageShape = z.object({ items: z.array(lineShape), next: z.string().nullable() });
const headShape = z.object({
  position: z.number(),
  hash: hex,
  anchor: z.looseObject({ position: z.number(), hash: hex, at: z.string() }).nullable(),
});
const checkShape = z.object({
  whole: z.boolean(),
  from: z.number(),
  to: z.number(),
  proven: z.boolean(),
  signedAt: z.string().optional(),
  fault: z.object({ position: z.number(), why: z.string() }).optional(),
});

type Line = z.infer<typeof lineShape>;
type Check = z.infer<typeof checkShape>;

/** What a list of the record is narrowed by. */
export interface AuditListOptions {
  readonly who?: string;
  readonly act?: string;
  readonly object?: string;
  readonly limit: number;
}

function renderAuditLine({
  position,
  at,
  who,
  act,
  object,
  purpose,
  outcome,
  count,
}: Line): string {
  const many = count === 1 ? "" : ` ×${count}`;
  const what = [object, purpose, outcome === "OK" ? "" : outcome].filter((text) => text !== "");
  return `${position}  ${renderMinute(at)}  ${who}  ${act}${many}  ${what.join("  ")}`.trimEnd();
}

/** Lists the newest lines of the audit record. */
export async function runAuditList(desk: Desk, options: AuditListOptions): Promise<number> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) search.set(name, String(value));
  const page = await desk.client().askFor(pageShape, { path: `/v1/audit?${search.toString()}` });
  const lines = page.items.map(renderAuditLine);
  desk.result(page, lines.length === 0 ? sayOf(desk)("none.lines") : lines.join("\n"));
  return exitCodes.ok;
}

/** Says where the record stands: a line to be written down elsewhere, and given to `audit verify --head` later. */
export async function runAuditHead(desk: Desk): Promise<number> {
  const head = await desk.client().askFor(headShape, { path: "/v1/audit/head" });
  const { anchor } = head;
  const signed =
    anchor === null
      ? "not signed yet"
      : `signed at line ${anchor.position}, ${renderMinute(anchor.at)}`;
  desk.result(head, `${head.position}:${head.hash}\n${signed}`);
  return exitCodes.ok;
}

/** A head that somebody wrote down. */
interface NotedHead {
  readonly position: number;
  readonly hash: string;
}

function parseHead(text: string): NotedHead {
  const [, position = "", hash = ""] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash !== "") return { position: Number(position), hash };
  throw new Fault("USAGE_INVALID", "a head is a line's number, a colon and 64 hexadecimal digits");
}

async function* pagesOf(client: Client): AsyncGenerator<readonly Line[]> {
  let cursor = "";
  for (;;) {
    const { items, next } = await client.askFor(pageShape, {
      path: `/v1/audit?limit=1000${cursor}`,
    });
    yield items;
    if (next === null) return;
    cursor = `&cursor=${next}`;
  }
}

/** Computes every hash again here, from the newest line back; the position of the first line that is not right. */
async function findWrongLine(
  client: Client,
  noted: NotedHead | undefined,
): Promise<number | undefined> {
  // loaded when it is wanted: other commands start without it
  const { hashLine } = await import("../audit/index.ts");
  let later: Line | undefined;
  for await (const lines of pagesOf(client)) {
    for (const line of lines) {
      const { position, hash, previous } = line;
      const [own, before] = [Buffer.from(hash, "hex"), Buffer.from(previous, "hex")];
      const made = hashLine({ ...line, at: parseInstant(line.at) ?? 0, previous: before });
      const isNext =
        later === undefined || (later.position === position + 1 && later.previous === hash);
      const isNoted = noted?.position !== position || noted.hash === hash;
      if (!sameBytes(made, own) || !isNext || !isNoted) return position;
      later = line;
    }
  }
  return undefined;
}

function renderCheck(check: Check, wrong: number | undefined): string {
  const { whole, from, to, proven, fault, signedAt } = check;
  const what = wrong ?? fault?.position;
  if (what !== undefined)
    return `The record is NOT whole: line ${what}${fault === undefined ? "" : ` (${fault.why})`}.`;
  if (!whole) return "The record is NOT whole.";
  const lines = `Lines ${from} to ${to} are whole; every hash was computed again here.`;
  if (!proven) return `${lines}\nThe last signature is NOT proved by the register in force.`;
  return `${lines}\nThe agency's last signature, of ${renderMinute(signedAt ?? "")}, is good.`;
}

/**
 * Checks the whole record: by the gateway, and every hash once more here. With a head that was written down before, also
 * that the record still holds it.
 */
export async function runAuditVerify(
  desk: Desk,
  { head }: { readonly head?: string },
): Promise<number> {
  const noted = head === undefined ? undefined : parseHead(head);
  const client = desk.client();
  const check = await client.askFor(checkShape, { path: "/v1/audit/check" });
  const found = await findWrongLine(client, noted);
  const isCut = noted !== undefined && noted.position > check.to;
  const wrong = found ?? (isCut ? noted.position : undefined);
  const isGood = check.whole && check.proven && wrong === undefined;
  desk.result(
    { ...check, isGood, ...(wrong === undefined ? {} : { wrong }) },
    renderCheck(check, wrong),
  );
  return isGood ? exitCodes.ok : exitCodes.verificationFailed;
}
