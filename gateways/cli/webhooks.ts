import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Client, Question } from "./client.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import { tryHookAct } from "./webhook-trial.ts";
import { sayOf } from "./words.ts";

const hookShape = z.looseObject({
  id: z.string(),
  url: z.string(),
  owner: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  handlingUpTo: z.string(),
  failingSince: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  fat: z.boolean(),
});
const madeShape = hookShape.extend({ secret: z.string() });
const hooksShape = z.object({ items: z.array(hookShape) });
const attemptShape = z.looseObject({
  event: z.string(),
  at: z.string(),
  status: z.number().nullable(),
  ms: z.number(),
  code: z.string().nullable(),
});
const attemptsShape = z.object({ items: z.array(attemptShape), next: z.string().nullable() });

type Hook = z.infer<typeof hookShape>;
type Attempt = z.infer<typeof attemptShape>;

const reasons: Readonly<Record<string, string>> = {
  GONE: "its receiver said that it is gone (410)",
  FAILED: "it failed for five days",
  OWNER: "whose it was may have no webhook any more",
};

function renderHook({ id, url, state, reason, failingSince, nextTryAt }: Hook): string {
  const why = reason === null ? "" : `: ${reasons[reason] ?? reason}`;
  const next = nextTryAt === null ? "" : `, next try ${renderMinute(nextTryAt)}`;
  const failing =
    failingSince === null ? "" : `\n  failing since ${renderMinute(failingSince)}${next}`;
  return `${id}  ${state}${why}\n  ${url}${failing}`;
}

function renderAttempt({ at, status, ms, code, event }: Attempt): string {
  const answer = status === null ? "no answer" : String(status);
  return `${renderMinute(at)}  ${answer.padEnd(9)} ${`${ms} ms`.padStart(8)}  ${code ?? "taken"}  ${event}`;
}

function pathOf(id: string, act = ""): string {
  return `/v1/webhooks/${encodeURIComponent(id)}${act}`;
}

function post(path: string, body: unknown = {}): Question {
  return { method: "POST", path, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
} // prettier-ignore

function showSecret(desk: Desk, made: z.infer<typeof madeShape>): void {
  desk.result(made, `${renderHook(made)}\n  secret ${made.secret}`);
  desk.say("The secret is shown this once: give it to the receiver, which checks each call by it.");
}

/** Option of every act that can be tried. */
export interface HookTrial {
  /** Only what would change; nothing is. */
  readonly dryRun?: true;
}

/** What a new webhook is to hear of. */
export interface HookOptions extends HookTrial {
  readonly type?: readonly string[];
  readonly crime?: readonly string[];
  readonly box?: "in" | "out";
  readonly state?: readonly string[];
  readonly upTo?: string;
  readonly fat?: true;
}

/** Has changes told to an address. */
export async function runHookAdd(desk: Desk, url: string, options: HookOptions): Promise<number> {
  const { type: types, crime: crimes, box, state: states, upTo: handlingUpTo, fat } = options;
  const boxes = box === undefined ? undefined : [box];
  const body = { url, types, crimes, boxes, states, handlingUpTo, fat };
  const question = post("/v1/webhooks", body);
  if (options.dryRun === true) return await tryHookAct(desk, "add", question);
  showSecret(desk, await desk.client().askFor(madeShape, question));
  return exitCodes.ok;
}

/** Lists webhooks, and how each stands. */
export async function runHookList(desk: Desk): Promise<number> {
  const found = await desk.client().askFor(hooksShape, { path: "/v1/webhooks" });
  desk.result(found, found.items.length === 0 ? sayOf(desk)("none.webhooks") : found.items.map(renderHook).join("\n"));
  return exitCodes.ok;
} // prettier-ignore

/** Calls a webhook once; exit code 8 when its receiver did not take the event. */
export async function runHookTest(desk: Desk, id: string): Promise<number> {
  const attempt = await desk.client().askFor(attemptShape, post(pathOf(id, "/test")));
  desk.result(attempt, renderAttempt(attempt));
  return attempt.code === null ? exitCodes.ok : exitCodes.verificationFailed;
}

/** A new secret; for so many hours the one before signs too. */
export async function runHookRotate(
  desk: Desk,
  id: string,
  { overlap, dryRun }: HookTrial & { readonly overlap: number },
): Promise<number> {
  const question = post(pathOf(id, "/rotate"), { overlapHours: overlap });
  if (dryRun === true) return await tryHookAct(desk, "rotate", question);
  showSecret(desk, await desk.client().askFor(madeShape, question));
  return exitCodes.ok;
}

/** From where to tell again. */
export interface ReplayOptions extends HookTrial {
  readonly since?: string;
  readonly cursor?: string;
}

/** Tells a webhook again what came after a time or a place. */
export async function runHookReplay(desk: Desk, id: string, { since, cursor, dryRun }: ReplayOptions): Promise<number> {
  if ((since === undefined) === (cursor === undefined)) {
    throw new Fault("USAGE_INVALID", "say --since, a time such as 2026-03-09T14:05:00Z, or --cursor, one of them");
  }
  const question = post(pathOf(id, "/replay"), { since, cursor });
  if (dryRun === true) return await tryHookAct(desk, "replay", question);
  const hook = await desk.client().askFor(hookShape, question);
  desk.result(hook, renderHook(hook));
  return exitCodes.ok;
} // prettier-ignore

async function readAttempts(
  client: Client,
  id: string,
  limit: number,
): Promise<readonly Attempt[]> {
  const items: Attempt[] = [];
  let cursor: string | null = "";
  while (cursor !== null && items.length < limit) {
    const from: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const path = pathOf(id, `/attempts?limit=${Math.min(200, limit - items.length)}${from}`);
    const page: z.infer<typeof attemptsShape> = await client.askFor(attemptsShape, { path });
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** Lists how the last calls of a webhook went, newest first. */
export async function runHookAttempts(desk: Desk, id: string, limit: number): Promise<number> {
  const items = await readAttempts(desk.client(), id, limit);
  desk.result({ items }, items.length === 0 ? sayOf(desk)("none.calls") : items.map(renderAttempt).join("\n"));
  return exitCodes.ok;
} // prettier-ignore

/** Pauses a webhook, or lets it work again. */
export async function runHookState(
  desk: Desk,
  id: string,
  { state, dryRun }: HookTrial & { readonly state: "ACTIVE" | "PAUSED" },
): Promise<number> {
  const question = { ...post(pathOf(id), { state }), method: "PATCH" } as const;
  if (dryRun === true)
    return await tryHookAct(desk, state === "PAUSED" ? "pause" : "resume", question);
  const hook = await desk.client().askFor(hookShape, question);
  desk.result(hook, renderHook(hook));
  return exitCodes.ok;
}

/** Removes a webhook. */
export async function runHookRemove(
  desk: Desk,
  id: string,
  { dryRun }: HookTrial,
): Promise<number> {
  const question = { method: "DELETE", path: pathOf(id) } as const;
  if (dryRun === true) return await tryHookAct(desk, "rm", question);
  await desk.client().ask(question);
  desk.result({ removed: id }, `${id} is removed.`);
  return exitCodes.ok;
}
