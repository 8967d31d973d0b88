import { z } from "zod";

import { isKnownCode, renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import {
  type ExportDesk,
  exportFields,
  exportGivenOf,
  type ExportWish,
  exportWishOf,
} from "../exports/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { filterShape } from "./list-shapes.ts";
import { isAllowedFor } from "./purpose.ts";
import { readJsonBody } from "./read-body.ts";
import { parseListMembers } from "./read-list.ts";
import { isFreeToRead } from "./words-first.ts";

const receiverShape = z.union([
  z.strictObject({ agency: z.string().min(1).max(100) }),
  z.strictObject({ country: z.string().regex(/^[A-Z]{2}$/), body: z.string().min(1).max(200) }),
]);

/** What is to be exported, and for whom. */
export const exportAskedShape = z.strictObject({
  format: z.enum(["csv", "ndjson"]),
  fields: z.array(z.enum(exportFields)).min(1).max(exportFields.length),
  to: receiverShape.meta({
    description: "who is given the file: this agency itself, another agency, or a body outside",
  }),
  crime: z
    .string()
    .max(60)
    .optional()
    .meta({ description: "the offence it is for; each message's main one when left out" }),
  filter: filterShape.omit({ cursor: true, limit: true, count: true }).default({}),
});

/** An export, without what it holds. */
export const exportShape = z.strictObject({
  id: z.string(),
  owner: z.string(),
  purpose: z.string(),
  state: z.string(),
  format: z.string(),
  fields: z.array(z.string()),
  to: receiverShape,
  crime: z.string().optional(),
  messages: z.number(),
  personal: z.boolean(),
  decidedBy: z.string().optional(),
  given: z
    .strictObject({
      rows: z.number(),
      withheld: z.record(z.string(), z.number()).meta({
        description:
          "how many messages, by why: CONSENT, KEPT_FROM and GONE of what leaves; HANDLING and ORIGINATOR of what stays here; PURPOSE, WORDS (of use that nobody accepted yet) and QUARANTINED of both",
      }),
      digest: z.string().meta({ description: "SHA-256 of the file, in hexadecimal" }),
    })
    .optional()
    .meta({ description: "what it held when it was last read" }),
  madeAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

/** What is said about another's export. */
export const exportWordShape = z.strictObject({ agrees: z.boolean() });

function deskOf({ services }: Desk): ExportDesk {
  const desk = services?.exports;
  if (desk === undefined) throw new Fault("NOT_FOUND", "this gateway makes no exports");
  return desk;
}

function tellWish({ to, crime, ...wish }: ExportWish): object {
  const whom = "agency" in to ? to : { country: to.country, body: to.bodyName };
  return { ...wish, to: whom, ...(crime === undefined ? {} : { crime }) };
}

function readWish(asked: z.infer<typeof exportAskedShape>): ExportWish {
  const { format, fields, to, crime } = asked;
  if (crime !== undefined && !isKnownCode("CRIME", crime)) {
    throw new Fault("REQUEST_INVALID", "crime is one code of the list CRIME, or left out");
  }
  const receiver = "agency" in to ? to : { country: to.country, bodyName: to.body };
  return { format, fields: [...new Set(fields)], to: receiver, ...(crime === undefined ? {} : { crime }) };
} // prettier-ignore

function renderExport(entry: ReturnType<ExportDesk["get"]>): object {
  const { id, owner, purpose, state, messages, isPersonal: personal, decidedBy } = entry;
  const wish = tellWish(exportWishOf(entry.wish));
  const given = exportGivenOf(entry.given);
  const times = { madeAt: renderInstant(entry.madeAt), expiresAt: renderInstant(entry.endsAt) };
  const decided = decidedBy === undefined ? {} : { decidedBy };
  return { id, owner, purpose, state, ...wish, messages: messages.length, personal, ...decided, ...(given === undefined ? {} : { given }), ...times };
} // prettier-ignore

/** Asks for an export: 201 when it can be read, 202 when it waits for another person. */
export async function postExport(desk: Desk, call: Call): Promise<Response> {
  const { caller, purpose, record, request } = call;
  const found = tryShape(exportAskedShape, await readJsonBody(request));
  if (!found.success || purpose === undefined) {
    const say = `say {"format": "csv", "fields": ["id", …], "to": {"agency": …}, "filter": {…}}`;
    throw new Fault("REQUEST_INVALID", say);
  }
  const wish = readWish(found.data);
  const also = (id: string, rows: number): void => {
    record.count(rows);
    record.keep(id);
  };
  const query = parseListMembers(found.data.filter);
  const entry = await deskOf(desk).ask({ caller, purpose, wish, query, also });
  const status = entry.state === "READY" ? 201 : 202;
  return renderAnswer(renderExport(entry), { status, headers: { location: `/v1/exports/${entry.id}` } });
} // prettier-ignore

/** One's own exports; an approver also has those that wait. */
export function getExports(desk: Desk, { caller }: Call): Response {
  return renderAnswer({ items: deskOf(desk).list(caller).map(renderExport) });
}

/** How an export stands. */
export function getExport(desk: Desk, { caller, params }: Call): Response {
  return renderAnswer(renderExport(deskOf(desk).get(caller, params["id"] ?? "")));
}

/** Another person's word on an export. */
export async function postExportWord(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record, request } = call;
  const found = tryShape(exportWordShape, await readJsonBody(request));
  if (!found.success)
    throw new Fault("REQUEST_INVALID", `say {"agrees": true} or {"agrees": false}`);
  const word = { caller, id: params["id"] ?? "", agrees: found.data.agrees };
  const entry = await deskOf(desk).decide({ ...word, also: (id) => record.keep(id) });
  return renderAnswer(renderExport(entry));
}

const types = { csv: "text/csv; charset=utf-8; header=present", ndjson: "application/x-ndjson" };

function streamOf(pieces: AsyncGenerator<string, void, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => void (await pieces.return()),
  });
}

/**
 * What an export holds, for who asked for it: what leaves this agency only as far as its owners let it go, each use written
 * down before. Who sent what is in it is told that it was opened. The answer names the digest of the whole (RFC 9530).
 */
export async function getExportContent(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record } = call;
  const id = params["id"] ?? "";
  const { format, purpose, given, pieces } = await deskOf(desk).read({
    caller,
    id,
    findUnread: (message, wanted) => {
      if (!isAllowedFor(message, wanted)) return "PURPOSE";
      return isFreeToRead(desk, message) ? undefined : "WORDS";
    },
    opens: (message) => record.opened(message),
  });
  record.readFor(purpose);
  record.count(given.rows);
  record.digest(given.digest);
  const headers = {
    "repr-digest": `sha-256=:${Buffer.from(given.digest, "hex").toString("base64")}:`,
    "atumpan-export": JSON.stringify(given),
    "content-type": types[format],
    "content-disposition": `attachment; filename="export-${id}.${format}"`,
  };
  return new Response(streamOf(pieces()), { headers });
}
