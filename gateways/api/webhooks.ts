import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import {
  type HookDesk,
  type HookTrial,
  hookChangeShape,
  hookShape,
  type MadeHook,
  replayShape,
  rotationShape,
  type ShownHook,
} from "../hooks/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseLiveQuery } from "./changes.ts";
import { readShape } from "./people-body.ts";
import { isTrial } from "./trial.ts";

const maxAttempts = 200;

/** What a page of attempts is asked with. */
export const attemptsQuery = z.strictObject({
  cursor: z.string().regex(/^[1-9][0-9]{0,15}$/, "is the cursor of the page before").optional(),
  limit: z.string().regex(/^[1-9][0-9]{0,2}$/).optional(),
}); // prettier-ignore

/** The webhooks of this gateway. @throws {Fault} NOT_FOUND where there are none */
function hooksOf({ services }: Desk): HookDesk {
  if (services?.hooks !== undefined) return services.hooks;
  throw new Fault("NOT_FOUND", "this gateway has no webhooks");
}

function idOf({ params }: Call): string {
  return params["id"] ?? "";
}

function instantOf(at: number | undefined): string | null {
  return at === undefined ? null : renderInstant(at);
}

function renderHook({ reason, failingSince, nextTryAt, oldSecretUntil, madeAt, ...hook }: ShownHook): Record<string, unknown> {
  const times = { failingSince: instantOf(failingSince), nextTryAt: instantOf(nextTryAt), oldSecretUntil: instantOf(oldSecretUntil) };
  return { ...hook, fat: hook.fat ?? false, reason: reason ?? null, ...times, madeAt: renderInstant(madeAt) };
} // prettier-ignore

function renderMade({ hook, secret }: MadeHook): Record<string, unknown> {
  return { ...renderHook(hook), secret };
}

/** A webhook that is only thought of has no id and was made at no time. */
function renderTried(hook: ShownHook | undefined): Record<string, unknown> | null {
  if (hook === undefined) return null;
  const { id: _id, madeAt: _madeAt, ...shown } = renderHook(hook);
  return shown;
}

/** What an act would change; nothing is, and no line says that it was. */
function answerTrial(desk: Desk, { caller, record }: Call, trial: HookTrial): Response {
  const { before, after, moved } = hooksOf(desk).try(caller, trial);
  record.tried();
  return renderAnswer({
    tried: true,
    before: renderTried(before),
    after: renderTried(after),
    moved,
  });
}

function keeper({ record }: Call): (id: string) => void {
  return (id) => record.keep(id);
}

/** Your webhooks; an administrator sees all. */
export function getWebhooks(desk: Desk, { caller }: Call): Response {
  return renderAnswer({ items: hooksOf(desk).list(caller).map(renderHook) });
}

/** Makes a webhook; its secret is shown this once. */
export async function postWebhook(desk: Desk, call: Call): Promise<Response> {
  const hooks = hooksOf(desk);
  const isTried = isTrial(call);
  const given = await readShape(hookShape, call.request);
  if (isTried) return answerTrial(desk, call, { act: "ADD", given });
  const made = await hooks.add(call.caller, given, keeper(call));
  const headers = { location: `/v1/webhooks/${made.hook.id}` };
  return renderAnswer(renderMade(made), { status: 201, headers });
}

/** One webhook. */
export function getWebhook(desk: Desk, call: Call): Response {
  return renderAnswer(renderHook(hooksOf(desk).get(call.caller, idOf(call))));
}

/** Changes what is named; what is left out stays. */
export async function patchWebhook(desk: Desk, call: Call): Promise<Response> {
  const hooks = hooksOf(desk);
  const isTried = isTrial(call);
  const given = { ...(await readShape(hookChangeShape, call.request)), id: idOf(call) };
  if (isTried) return answerTrial(desk, call, { act: "CHANGE", given });
  const hook = await hooks.change(call.caller, given, keeper(call));
  return renderAnswer(renderHook(hook));
}

/** Removes a webhook with what is known of its attempts. */
export async function deleteWebhook(desk: Desk, call: Call): Promise<Response> {
  if (isTrial(call)) return answerTrial(desk, call, { act: "REMOVE", given: { id: idOf(call) } });
  await hooksOf(desk).remove(call.caller, idOf(call), keeper(call));
  return new Response(null, { status: 204 });
}

/** A new secret; for a while what is sent is signed by both. */
export async function postWebhookRotation(desk: Desk, call: Call): Promise<Response> {
  const hooks = hooksOf(desk);
  const isTried = isTrial(call);
  const given = { ...(await readShape(rotationShape, call.request)), id: idOf(call) };
  if (isTried) return answerTrial(desk, call, { act: "ROTATE", given });
  return renderAnswer(renderMade(await hooks.rotate(call.caller, given, keeper(call))));
} // prettier-ignore

/** Calls it once with an event about nothing, and says how that went. */
export async function postWebhookTest(desk: Desk, call: Call): Promise<Response> {
  const { at, status, code, seq: _seq, ...attempt } = await hooksOf(desk).test(call.caller, idOf(call));
  return renderAnswer({ ...attempt, at: renderInstant(at), status: status ?? null, code: code ?? null });
} // prettier-ignore

/** Tells it again what came after a place or a time. */
export async function postWebhookReplay(desk: Desk, call: Call): Promise<Response> {
  const hooks = hooksOf(desk);
  const isTried = isTrial(call);
  const given = { id: idOf(call), from: await readShape(replayShape, call.request) };
  if (isTried) return answerTrial(desk, call, { act: "REPLAY", given });
  const hook = await hooks.replay(call.caller, given, keeper(call));
  return renderAnswer(renderHook(hook), { status: 202 });
}

/** How calls went, newest first; never what was said. */
export function getWebhookAttempts(desk: Desk, call: Call): Response {
  const { cursor, limit = "50" } = parseLiveQuery(attemptsQuery, call.url.searchParams);
  const page = { before: cursor === undefined ? undefined : Number(cursor), limit: Math.min(maxAttempts, Number(limit)) };
  const found = hooksOf(desk).attempts(call.caller, idOf(call), page);
  const items = found.map(({ seq: _seq, at, status, code, ...attempt }) => ({ ...attempt, at: renderInstant(at), status: status ?? null, code: code ?? null }));
  const last = found.length === page.limit ? found.at(-1) : undefined;
  return renderAnswer({ items, next: last === undefined ? null : String(last.seq) });
} // prettier-ignore
