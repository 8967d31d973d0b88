import { z } from "zod";

import { explainViolation } from "../../schemas/explain/index.ts";
import { isKnownType, renderInstant } from "../../schemas/index.ts";
import { Fault, isFault, tryShape } from "../../schemas/ground/index.ts";
import {
  dependsOf,
  type DraftAct,
  draftAnswer,
  type DraftDesk,
  renderVersion,
} from "../drafts/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import { outfitOf } from "./attachments.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { readJsonBody } from "./read-body.ts";
import { keepForSecond } from "./releases.ts";
import { checkMayHold, checkMayWrite, readMessage } from "./visible.ts";

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

/** A draft without its content, with its version as ETag and where it stands. */
export function renderDraft(draft: Draft, status: 200 | 201): Response {
  const headers = { etag: renderVersion(draft), location: `/v1/drafts/${draft.id}` };
  return renderAnswer(renderSummary(draft), { status, headers });
}

/** Begins or changes a draft: 201 or 200. */
export async function putDraft(desk: Desk, call: Call): Promise<Response> {
  const drafts = deskOf(desk);
  const found = tryShape(draftTextShape, await readJsonBody(call.request));
  if (!found.success) throw new Fault("REQUEST_INVALID", `say {"message": {…}, "shared": false}`);
  const { message, shared: isShared } = found.data;
  checkMayWrite(call.caller, message);
  checkMayHold(desk, message);
  const { problems } = await desk.exchange.validate(message);
  const text = { message, isShared, missing: problems.length };
  const { draft, created } = await drafts.put(actOf(call), text);
  return renderDraft(draft, created ? 201 : 200);
}

/** Throws a draft away. */
export async function deleteDraft(desk: Desk, call: Call): Promise<Response> {
  await deskOf(desk).remove(actOf(call));
  return new Response(null, { status: 204 });
}

const maxWriters = 200;

/** Everybody who wrote on a draft, as the record tells it. */
function writersOf({ services }: Desk, { id, owner, changedBy }: Draft): readonly string[] {
  const lines =
    services?.audit?.list({ object: id, act: "DRAFT_CHANGED", limit: maxWriters }) ?? [];
  return [...new Set([owner, changedBy, ...lines.map(({ who }) => who)])];
}

/** Sends a draft: 201 when it became a message by this, 200 when it had before, 202 when it takes two officers. */
export async function postDraft(desk: Desk, call: Call): Promise<Response> {
  const drafts = deskOf(desk);
  const draft = drafts.get(call.caller, call.params["id"] ?? "");
  if (draft.content !== "") checkMayWrite(call.caller, JSON.parse(draft.content));
  const files = outfitOf(desk, call);
  const also = (kept: string): void => {
    call.record.keep(kept);
    files?.bind(kept);
  };
  const act = { ...actOf(call), also, fill: files?.fill };
  try {
    const sent = await drafts.submit(act);
    const headers = { location: `/v1/messages/${sent.id}` };
    return renderAnswer(sent, { status: sent.created ? 201 : 200, headers });
  } catch (error) {
    if (!isFault(error, "RELEASE_NEEDED")) throw error;
    const submission: unknown = JSON.parse(draft.content);
    const writers = writersOf(desk, draft);
    return await keepForSecond(desk, call, { submission, key: draft.id, writers });
  }
}

/** Whether the beginning of an answer says something in this place of its inner header or body. */
function isSaid({ inner, body }: ReturnType<typeof draftAnswer>, path: string): boolean {
  const [, part, name = ""] = path.split("/");
  const held = part === "inner" ? inner : body;
  return typeof held === "object" && held !== null && Object.hasOwn(held, name);
}

/** A message may stand in no thread at all. */
function tryFind<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (isFault(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

/** What we may say next in the matter that a message of others opened, where it is one thing alone. */
function findUsualAct({ services, exchange }: Desk, { box, id, threadId = id }: MessageDetail): string | null {
  if (box === "out" || services?.work === undefined) return null;
  const { agency } = exchange;
  const thread = tryFind(() => services.work?.thread(threadId));
  const matters = thread?.matters.filter(({ opening }) => opening === id) ?? [];
  const own = matters.flatMap(({ next }) => next.filter((act) => act.agency === agency));
  const types = new Set(own.map(({ type }) => type));
  return types.size === 1 ? ([...types][0] ?? null) : null;
} // prettier-ignore

/** The beginning of an answer to a message, what is missing in it and what may come to be; nothing is kept. */
export async function getAnswerDraft(desk: Desk, call: Call): Promise<Response> {
  const { searchParams } = call.url;
  if ([...searchParams.keys()].some((name) => name !== "type")) {
    throw new Fault("REQUEST_INVALID", "one parameter is taken: type");
  }
  const answered = readMessage(desk, call, call.params["id"] ?? "");
  const wanted = searchParams.get("type") ?? findUsualAct(desk, answered);
  if (answered.body === undefined || (answered.box === "out" && wanted === null)) {
    throw new Fault(
      "REQUEST_INVALID",
      "what was proved is answered; on a message of ours say type: what to say next",
    );
  }
  const message = draftAnswer(answered, wanted);
  const { problems } = await desk.exchange.validate(message);
  const missing = problems.map(({ path, code }) => ({ path, code }));
  const isNamed = new Set(missing.map(({ path }) => path));
  const all = isKnownType(message.type) ? dependsOf(message.type) : [];
  const depends = all.filter(({ path }) => !isNamed.has(path) && !isSaid(message, path));
  return renderAnswer({ message, missing, depends });
}
