import { z } from "zod";

import { explainViolation } from "../../schemas/explain/index.ts";
import { isKnownType, renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import {
  dependsOf,
  type DraftAct,
  draftAnswer,
  type DraftDesk,
  renderVersion,
} from "../drafts/index.ts";
import { outfitOf } from "./attachments.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { readJsonBody } from "./read-body.ts";
import { checkMayWrite, readMessage } from "./visible.ts";

type Draft = ReturnType<DraftDesk["get"]>;

/** A draft as it is handed in: a submission, whole or not. */
export const draftTextShape = z.strictObject({
  message: z.record(z.string(), z.unknown()),
  shared: z.boolean().default(false).meta({ description: "everybody here who writes works on it" }),
});

const summary = {
  id: z.string(),
  owner: z.string(),
  shared: z.boolean(),
  type: z.string(),
  handling: z.string(),
  missing: z.number(),
  changedBy: z.string(),
  changedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  message: z.unknown().optional(),
  sentAs: z.string().optional(),
};

/** A page of drafts; none has its content. */
export const draftPageShape = z.strictObject({ items: z.array(z.strictObject(summary)) });

/** One draft, and what is still wrong with it. */
export const draftShape = z.strictObject({
  ...summary,
  problems: z.array(z.looseObject({ path: z.string(), code: z.string() })),
});

function deskOf({ services }: Desk): DraftDesk {
  const drafts = services?.drafts;
  if (drafts === undefined) throw new Fault("NOT_FOUND", "this gateway keeps no drafts");
  return drafts;
}

function actOf({ caller, params, request, record }: Call): DraftAct {
  const { headers } = request;
  const match = { is: headers.get("if-match"), isNone: headers.get("if-none-match") };
  return { caller, id: params["id"] ?? "", match, also: (id) => record.keep(id) };
}

function renderSummary(draft: Draft): Record<string, unknown> {
  const { id, owner, isShared: shared, type, handling, missing, changedBy, message } = draft;
  const times = {
    changedAt: renderInstant(draft.changedAt),
    expiresAt: renderInstant(draft.endsAt),
  };
  const sent = message === undefined ? {} : { sentAs: message };
  return { id, owner, shared, type, handling, missing, changedBy, ...times, ...sent };
}

/** The content with what is wrong with it now: what was good yesterday may miss a mandate today. */
async function renderWhole(desk: Desk, draft: Draft): Promise<Record<string, unknown>> {
  const shown = renderSummary(draft);
  if (draft.content === "") return { ...shown, missing: 0, problems: [] };
  const message: unknown = JSON.parse(draft.content);
  const { problems } = await desk.exchange.validate(message);
  const explained = problems.map((one) => ({ ...one, ...explainViolation(one, draft.type) }));
  return { ...shown, missing: problems.length, message, problems: explained };
}

/** One's own drafts and the shared ones, the last changed first. */
export function getDrafts(desk: Desk, { caller, record }: Call): Response {
  const items = deskOf(desk).list(caller).map(renderSummary);
  record.count(items.length);
  return renderAnswer({ items });
}

/** One draft, with its version as ETag. */
export async function getDraft(desk: Desk, { caller, params }: Call): Promise<Response> {
  const draft = deskOf(desk).get(caller, params["id"] ?? "");
  return renderAnswer(await renderWhole(desk, draft), { headers: { etag: renderVersion(draft) } });
}

/** Begins or changes a draft: 201 or 200. */
export async function putDraft(desk: Desk, call: Call): Promise<Response> {
  const drafts = deskOf(desk);
  const found = tryShape(draftTextShape, await readJsonBody(call.request));
  if (!found.success) throw new Fault("REQUEST_INVALID", `say {"message": {…}, "shared": false}`);
  const { message, shared: isShared } = found.data;
  checkMayWrite(call.caller, message);
  const { problems } = await desk.exchange.validate(message);
  const text = { message, isShared, missing: problems.length };
  const { draft, created } = await drafts.put(actOf(call), text);
  return renderAnswer(renderSummary(draft), {
    status: created ? 201 : 200,
    headers: { etag: renderVersion(draft), location: `/v1/drafts/${draft.id}` },
  });
}

/** Throws a draft away. */
export async function deleteDraft(desk: Desk, call: Call): Promise<Response> {
  await deskOf(desk).remove(actOf(call));
  return new Response(null, { status: 204 });
}

/** Sends a draft: 201 when it became a message by this, 200 when it had before. */
export async function postDraft(desk: Desk, call: Call): Promise<Response> {
  const drafts = deskOf(desk);
  const { content } = drafts.get(call.caller, call.params["id"] ?? "");
  if (content !== "") checkMayWrite(call.caller, JSON.parse(content));
  const files = outfitOf(desk, call);
  const also = (kept: string): void => {
    call.record.keep(kept);
    files?.bind(kept);
  };
  const act = { ...actOf(call), also, fill: files?.fill };
  const { id, created, audience } = await drafts.submit(act);
  return renderAnswer(
    { id, created, audience },
    { status: created ? 201 : 200, headers: { location: `/v1/messages/${id}` } },
  );
}

/** Whether the beginning of an answer says something in this place of its inner header or body. */
function isSaid({ inner, body }: ReturnType<typeof draftAnswer>, path: string): boolean {
  const [, part, name = ""] = path.split("/");
  const held = part === "inner" ? inner : body;
  return typeof held === "object" && held !== null && Object.hasOwn(held, name);
}

/** The beginning of an answer to a message, what is missing in it and what may come to be; nothing is kept. */
export async function getAnswerDraft(desk: Desk, call: Call): Promise<Response> {
  const { searchParams } = call.url;
  if ([...searchParams.keys()].some((name) => name !== "type")) {
    throw new Fault("REQUEST_INVALID", "one parameter is taken: type");
  }
  const answered = readMessage(desk, call, call.params["id"] ?? "");
  if (answered.box !== "in" || answered.body === undefined) {
    throw new Fault("REQUEST_INVALID", "only what others sent us, and was proved, is answered");
  }
  const message = draftAnswer(answered, searchParams.get("type"));
  const { problems } = await desk.exchange.validate(message);
  const missing = problems.map(({ path, code }) => ({ path, code }));
  const isNamed = new Set(missing.map(({ path }) => path));
  const all = isKnownType(message.type) ? dependsOf(message.type) : [];
  const depends = all.filter(({ path }) => !isNamed.has(path) && !isSaid(message, path));
  return renderAnswer({ message, missing, depends });
}
