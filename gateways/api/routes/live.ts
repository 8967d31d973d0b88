import { z } from "zod";

import { hookChangeShape, hookShape, replayShape, rotationShape } from "../../hooks/index.ts";
import { readers } from "../../people/index.ts";
import { changePageShape, changesQuery, eventsQuery, getChanges } from "../changes.ts";
import { getEvents } from "../events.ts";
import type { Route } from "../route.ts";
import { trialQueryShape } from "../trial.ts";
import {
  attemptsQuery,
  deleteWebhook,
  getWebhook,
  getWebhookAttempts,
  getWebhooks,
  patchWebhook,
  postWebhook,
  postWebhookReplay,
  postWebhookRotation,
  postWebhookTest,
} from "../webhooks.ts";

const instant = z.string().nullable();
const hook = z.strictObject({
  id: z.string(),
  owner: z.string(),
  url: z.string(),
  types: z.array(z.string()).optional(),
  crimes: z.array(z.string()).optional(),
  boxes: z.array(z.enum(["in", "out"])).optional(),
  states: z.array(z.string()).optional(),
  fat: z.boolean(),
  handlingUpTo: z.string(),
  state: z.enum(["ACTIVE", "PAUSED", "DISABLED"]),
  reason: z.enum(["GONE", "FAILED", "OWNER"]).nullable(),
  failingSince: instant,
  nextTryAt: instant,
  oldSecretUntil: instant,
  madeAt: z.string(),
}).meta({ id: "Webhook" }); // prettier-ignore
const made = hook.extend({ secret: z.string() }).meta({ id: "MadeWebhook" });
const attempt = z.strictObject({
  event: z.string(),
  at: z.string(),
  status: z.int().nullable(),
  ms: z.int(),
  code: z.string().nullable(),
});
const attempts = z.strictObject({ items: z.array(attempt), next: z.string().nullable() });
const hooks = z.strictObject({ items: z.array(hook) });
const thought = hook.omit({ id: true, madeAt: true }).nullable();
const tried = z.strictObject({
  tried: z.literal(true),
  before: thought,
  after: thought,
  /** By how many changes it would go on from elsewhere; below zero they are told again. */
  moved: z.int(),
});
const triedAnswer = {
  200: { says: "with dryRun: as it stands, and as it would", shape: tried },
} as const;
const orTried = (shape: z.ZodType): z.ZodType => z.union([shape, tried]);

const mine = ["integrator", "administrator"] as const;

/** Live: one place to go on from, three ways to be told. */
const following: readonly Route[] = [
  { method: "GET", path: "/v1/events", summary: "what becomes of messages, live (server-sent events)", for: readers, isWaiting: true, act: "MESSAGE_FOLLOWED", query: eventsQuery, answers: { 200: { says: "the changes after the cursor or Last-Event-ID, then each as it comes", types: ["text/event-stream"] } }, handle: getEvents },
  { method: "GET", path: "/v1/changes", summary: "what became of messages after a cursor; waits if asked to", for: readers, isWaiting: true, act: "MESSAGE_FOLLOWED", query: changesQuery, answers: { 200: { says: "in order, with where to go on", shape: changePageShape } }, handle: getChanges },
]; // prettier-ignore

/** What becomes of messages, as it does: live, by question, and by a call of ours. */
export const liveRoutes: readonly Route[] = [
  ...following,
  { method: "GET", path: "/v1/webhooks", summary: "your webhooks; as administrator everybody's", for: mine, answers: { 200: { says: "oldest first", shape: hooks } }, handle: getWebhooks },
  { method: "POST", path: "/v1/webhooks", summary: "have changes told to an address of yours", for: ["integrator"], act: "HOOK_CHANGED", query: trialQueryShape, body: { shape: hookShape }, answers: { ...triedAnswer, 201: { says: "made; the secret is shown this once", shape: made } }, handle: postWebhook },
  { method: "GET", path: "/v1/webhooks/:id", summary: "one webhook, and how it stands", for: mine, answers: { 200: { says: "the webhook", shape: hook } }, handle: getWebhook },
  { method: "PATCH", path: "/v1/webhooks/:id", summary: "change a webhook, pause it, or let it work again", for: mine, act: "HOOK_CHANGED", query: trialQueryShape, body: { shape: hookChangeShape }, answers: { 200: { says: "changed; with dryRun what would be", shape: orTried(hook) } }, handle: patchWebhook },
  { method: "DELETE", path: "/v1/webhooks/:id", summary: "remove a webhook", for: mine, act: "HOOK_CHANGED", query: trialQueryShape, answers: { ...triedAnswer, 204: { says: "removed" } }, handle: deleteWebhook },
  { method: "POST", path: "/v1/webhooks/:id/rotate", summary: "a new secret; the one before goes on for a while", for: mine, act: "HOOK_CHANGED", query: trialQueryShape, body: { shape: rotationShape }, answers: { 200: { says: "the secret is shown this once; with dryRun what would change", shape: orTried(made) } }, handle: postWebhookRotation },
  { method: "POST", path: "/v1/webhooks/:id/test", summary: "call a webhook once, now", for: mine, act: "HOOK_REPLAYED", answers: { 200: { says: "how that went", shape: attempt } }, handle: postWebhookTest },
  { method: "POST", path: "/v1/webhooks/:id/replay", summary: "tell a webhook again, from a cursor or a time on", for: mine, act: "HOOK_REPLAYED", query: trialQueryShape, body: { shape: replayShape }, answers: { ...triedAnswer, 202: { says: "it is told again", shape: hook } }, handle: postWebhookReplay },
  { method: "GET", path: "/v1/webhooks/:id/attempts", summary: "how calls of a webhook went", for: mine, query: attemptsQuery, answers: { 200: { says: "newest first", shape: attempts } }, handle: getWebhookAttempts },
]; // prettier-ignore
