import { z } from "zod";

import { Fault, renderHex, tryShape } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { type AuditRecord, auditActs } from "../audit/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";

type Line = ReturnType<AuditRecord["list"]>[number];

const maxLimit = 1_000;

/** What narrows a page of the record. */
export const auditQueryShape = z.strictObject({
  who: z.string().max(120).regex(/^[\x21-\x7e]+$/).optional(),
  act: z.enum(auditActs).optional(),
  object: z.string().max(120).regex(/^[\x21-\x7e]+$/).optional(),
  cursor: z.string().regex(/^[1-9]\d{0,14}$/).optional(),
  limit: z.string().regex(/^[1-9]\d{0,3}$/).optional(),
}); // prettier-ignore

/** One line as it is answered; hashes are 64 hexadecimal digits. */
export const auditLineShape = z.strictObject({
  position: z.number(),
  at: z.string(),
  who: z.string(),
  act: z.enum(auditActs),
  object: z.string(),
  purpose: z.string(),
  outcome: z.string(),
  address: z.string(),
  count: z.number(),
  digest: z.string().meta({ description: "SHA-256 of what was given out as a file, or empty" }),
  previous: z.string(),
  hash: z.string(),
});

function recordOf({ services }: Desk): AuditRecord {
  const audit = services?.audit;
  if (audit === undefined) throw new Fault("NOT_FOUND", "this gateway keeps no audit record");
  return audit;
}

/**
 * What a page of the record is narrowed by.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseAuditQuery(search: URLSearchParams): z.infer<typeof auditQueryShape> {
  const names = new Set(search.keys());
  const parsed = tryShape(auditQueryShape, Object.fromEntries(search));
  if (parsed.success && names.size === [...search].length) return parsed.data;
  throw new Fault(
    "REQUEST_INVALID",
    `a page of the record takes who, act, object, cursor and limit (1 to ${maxLimit}), each once`,
  );
}

function renderLine({ at, previous, hash, ...line }: Line): Record<string, unknown> {
  return { ...line, at: renderInstant(at), previous: renderHex(previous), hash: renderHex(hash) };
}

/** A page of the record, newest first. Looking into it stands in it as well. */
export function getAudit(desk: Desk, { url, record }: Call): Response {
  const { who, act, object, cursor, limit = "50" } = parseAuditQuery(url.searchParams);
  const size = Math.min(Number(limit), maxLimit);
  const before = cursor === undefined ? undefined : Number(cursor);
  const found = recordOf(desk).list({ who, act, object, before, limit: size + 1 });
  const items = found.slice(0, size);
  const last = items.at(-1);
  const next = found.length > size && last !== undefined ? String(last.position) : null;
  record.count(items.length);
  return renderAnswer({ items: items.map(renderLine), next });
}

/** Where the record stands, and what the agency signed of it last. */
export function getAuditHead(desk: Desk): Response {
  const { anchor, ...head } = recordOf(desk).head();
  if (anchor === undefined) return renderAnswer({ ...head, anchor: null });
  return renderAnswer({ ...head, anchor: { ...anchor, at: renderInstant(anchor.at) } });
}

/** Looks at every line and every signed word of the record. */
export async function getAuditCheck(desk: Desk): Promise<Response> {
  const { signedAt, ...found } = await recordOf(desk).check();
  const signed = signedAt === undefined ? {} : { signedAt: renderInstant(signedAt) };
  return renderAnswer({ ...found, ...signed });
}
