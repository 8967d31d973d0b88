import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { type ExportDesk, exportFields, exportWishOf } from "../exports/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { filterShape } from "./list-shapes.ts";
import { isAllowedFor } from "./purpose.ts";
import { readJsonBody } from "./read-body.ts";
import { parseListMembers } from "./read-list.ts";

/** What is to be exported. */
export const exportAskedShape = z.strictObject({
  format: z.enum(["csv", "ndjson"]),
  fields: z.array(z.enum(exportFields)).min(1).max(exportFields.length),
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
  messages: z.number(),
  personal: z.boolean(),
  decidedBy: z.string().optional(),
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

function renderExport(entry: ReturnType<ExportDesk["get"]>): object {
  const { id, owner, purpose, state, messages, isPersonal: personal, decidedBy } = entry;
  const wish = exportWishOf(entry.wish);
  const times = { madeAt: renderInstant(entry.madeAt), expiresAt: renderInstant(entry.endsAt) };
  const decided = decidedBy === undefined ? {} : { decidedBy };
  return { id, owner, purpose, state, ...wish, messages: messages.length, personal, ...decided, ...times };
} // prettier-ignore

/** Asks for an export: 201 when it can be read, 202 when it waits for another person. */
export async function postExport(desk: Desk, call: Call): Promise<Response> {
  const { caller, purpose, record, request } = call;
  const found = tryShape(exportAskedShape, await readJsonBody(request));
  if (!found.success || purpose === undefined) {
    throw new Fault("REQUEST_INVALID", `say {"format": "csv", "fields": ["id", …], "filter": {…}}`);
  }
  const { format, fields, filter } = found.data;
  const also = (id: string, rows: number): void => {
    record.count(rows);
    record.keep(id);
  };
  const wish = { format, fields: [...new Set(fields)] };
  const query = parseListMembers(filter);
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

/** What an export holds, for who asked for it. Who sent what is in it is told that it was opened. */
export async function getExportContent(desk: Desk, call: Call): Promise<Response> {
  const { caller, params, record } = call;
  const id = params["id"] ?? "";
  const { format, purpose, rows, pieces } = await deskOf(desk).read({
    caller,
    id,
    isAllowed: isAllowedFor,
    opens: (message) => record.opened(message),
  });
  record.readFor(purpose);
  record.count(rows);
  const headers = {
    "content-type": types[format],
    "content-disposition": `attachment; filename="export-${id}.${format}"`,
  };
  return new Response(streamOf(pieces()), { headers });
}
