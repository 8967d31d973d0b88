import { createHmac } from "node:crypto";

import { renderInstant } from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type EpochMs,
  renderBase64url,
  renderUuid,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import type { Change, StoredSummary, WebhookRow } from "../store/index.ts";

/** One event as receivers get it. */
export interface HookEvent {
  /** The same for every try of it; what receivers tell doubles by. */
  readonly id: string;
  /** Such as message.stored. */
  readonly type: string;
  readonly body: string;
}

const types = {
  STORED: "message.stored",
  MOVED: "message.moved",
  TAKEN_BACK: "message.taken_back",
  REMOVED: "message.removed",
  RELEASE: "release.moved",
  OVERDUE: "message.overdue",
  ESCALATED: "message.escalated",
  UNPROVED: "message.unproved",
  LOG: "log.alarm",
} as const;
/** 256 bits; the specification wants 24 to 64 bytes. */
const secretBytes = 32;
const secretPrefix = "whsec_";

/** A new secret in the specification's spelling. */
export function makeHookSecret(chance: Chance): string {
  return `${secretPrefix}${Buffer.from(chance.bytes(secretBytes)).toString("base64")}`;
}

function idOf(...words: readonly (string | number)[]): string {
  return `msg_${renderBase64url(sha256(utf8(words.join(" "))).subarray(0, 18))}`;
}

function renderBody(type: string, at: EpochMs, data: unknown): string {
  return JSON.stringify({ type, timestamp: renderInstant(at), data });
}

/** A message as lists show it; content is asked for, with a purpose, at its address. */
function renderLine(message: StoredSummary): Record<string, unknown> {
  const { originator, type, crimes, recs, handling, urgency, status } = message;
  const said = { originator, type, crimes, recs, handling, urgency, status };
  return {
    ...said,
    createdAt: renderInstant(message.createdAt),
    expiresAt: renderInstant(message.expiresAt),
    storedAt: renderInstant(message.storedAt),
  };
}

/** Where what it tells of is looked at. */
function hrefOf(kind: Change["kind"], id: string): string {
  if (kind === "LOG") return "/v1/log";
  return `/v1/${kind === "RELEASE" ? "releases" : "messages"}/${id}`;
}

/** The event of a change; with the message's line in lists where it is given. */
export function renderChangeEvent(change: Change, message: StoredSummary | undefined): HookEvent {
  const { position, kind, box, state, at } = change;
  const id = renderUuid(change.id);
  const type = types[kind];
  const line = message === undefined ? {} : { message: renderLine(message) };
  // of whom it is late and whom to call is asked there: who to call may be another by then, and is no business of who passes events on
  const isLate = kind === "OVERDUE" || kind === "ESCALATED";
  const late = isLate ? { breaches: `/v1/breaches?opening=${id}` } : {};
  const data = { id, box, state, href: hrefOf(kind, id), ...late, ...line };
  return { id: idOf(position, kind, id, state, at), type, body: renderBody(type, at, data) };
}

/** That changes were cut off before this webhook was told of them: its receiver lists messages again. */
export function renderCutEvent(webhook: string, position: number, at: EpochMs): HookEvent {
  const type = "changes.cut";
  return { id: idOf(webhook, type, position), type, body: renderBody(type, at, { href: "/v1/messages" }) };
} // prettier-ignore

/** An event that is about nothing, to try a webhook with. */
export function renderTestEvent(salt: Bytes, at: EpochMs): HookEvent {
  const type = "webhook.test";
  return { id: idOf(type, renderBase64url(salt)), type, body: renderBody(type, at, {}) };
}

function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  return createHmac("sha256", key).update(text).digest("base64");
}

/**
 * The headers of one try, by the Standard Webhooks specification: signed by the webhook's secret, and by the one before it
 * while that one is still taken.
 */
export function signEvent(hook: Pick<WebhookRow, "secret" | "oldSecret" | "oldUntil">, { id, body }: HookEvent, now: EpochMs): Record<string, string> {
  const { secret, oldSecret, oldUntil = 0 } = hook;
  const secrets = oldSecret !== undefined && oldUntil > now ? [secret, oldSecret] : [secret];
  const seconds = String(Math.floor(now / 1000));
  const signatures = secrets.map((one) => `v1,${sign(one, `${id}.${seconds}.${body}`)}`);
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signatures.join(" ") };
} // prettier-ignore
