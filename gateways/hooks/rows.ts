import type { z } from "zod";

import { parseInstant } from "../../schemas/check/index.ts";
import { type EpochMs, Fault, makeUuid, renderUuid } from "../../schemas/ground/index.ts";
import { findChangePlace } from "../exchange/index.ts";
import { type Caller, handlingOf, handlings } from "../people/index.ts";
import type { WebhookRow } from "../store/index.ts";
import { makeHookSecret } from "./event.ts";
import type { HookParts } from "./parts.ts";
import {
  type hookChangeShape,
  type hookShape,
  parseWish,
  renderWish,
  type replayShape,
  type rotationShape,
  type Wish,
} from "./wish.ts";

/** A webhook as its owner and administrators see it; never its secret. */
export interface ShownHook extends Wish {
  readonly id: string;
  readonly owner: string;
  readonly url: string;
  readonly handlingUpTo: string;
  readonly state: string;
  /** Of a disabled one. GONE: its receiver said so. FAILED: for days. OWNER: whoever it belonged to may have none any more. */
  readonly reason?: string | undefined;
  readonly failingSince?: EpochMs | undefined;
  /** Of one whose last try failed: the next. */
  readonly nextTryAt?: EpochMs | undefined;
  /** Until when the secret before signs too. */
  readonly oldSecretUntil?: EpochMs | undefined;
  readonly madeAt: EpochMs;
}

/** What each act is asked with, beside the id of the webhook. */
export interface HookWishes {
  readonly add: z.infer<typeof hookShape>;
  readonly change: z.infer<typeof hookChangeShape> & { readonly id: string };
  readonly rotate: z.infer<typeof rotationShape> & { readonly id: string };
  readonly replay: { readonly id: string; readonly from: z.infer<typeof replayShape> };
}

/** What each act of one caller makes of a webhook. Nothing here is written: whoever asks does that, or only tells it. */
export interface HookRows {
  /** Those the caller sees. */
  all(): readonly WebhookRow[];
  /** @throws {Fault} NOT_FOUND */
  find(id: string): WebhookRow;
  /** @throws {Fault} REQUEST_INVALID, EGRESS_REFUSED, CEILING_EXCEEDED */
  added(given: HookWishes["add"]): WebhookRow;
  /** @throws {Fault} QUOTA_EXCEEDED */
  checkCount(): void;
  /** @throws {Fault} as `added`; NOT_FOUND, ROLE_MISSING */
  changed(given: HookWishes["change"]): WebhookRow;
  /** @throws {Fault} NOT_FOUND, ROLE_MISSING */
  rotated(given: HookWishes["rotate"]): WebhookRow;
  /** @throws {Fault} NOT_FOUND, REQUEST_INVALID, CURSOR_GONE */
  replayed(given: HookWishes["replay"]): WebhookRow;
}

const maxHooks = 64;
const maxOwnHooks = 16;
const usualOverlapHours = 24;
const hourMs = 3_600_000;

/** A webhook as it is shown at a time. */
export function showHook(row: WebhookRow, now: EpochMs): ShownHook {
  const { id, owner, url, handling, state, reason, failingSince, nextAt, oldUntil = 0, madeAt } = row;
  const isFailing = state === "ACTIVE" && failingSince !== undefined;
  const shown = { id, owner, url, handlingUpTo: handling, state, reason, failingSince, madeAt };
  return {
    ...shown,
    ...parseWish(row),
    nextTryAt: isFailing ? nextAt : undefined,
    oldSecretUntil: oldUntil > now ? oldUntil : undefined,
  };
} // prettier-ignore

function isOwn({ id, kind }: Caller, { owner }: WebhookRow): boolean {
  return kind === "owner" || owner === id;
}

function isSeen(caller: Caller, row: WebhookRow): boolean {
  return isOwn(caller, row) || caller.roles.has("administrator");
}

function find({ store }: HookParts, caller: Caller, id: string): WebhookRow {
  const row = store.webhooks.get(id);
  if (row !== undefined && isSeen(caller, row)) return row;
  throw new Fault("NOT_FOUND", "no webhook of yours has this id");
}

/** An administrator may stop one, and may not lead to himself what he may not read. */
function findOwn(parts: HookParts, caller: Caller, id: string): WebhookRow {
  const row = find(parts, caller, id);
  if (isOwn(caller, row)) return row;
  throw new Fault(
    "ROLE_MISSING",
    "whose webhook it is changes it; an administrator pauses or removes it",
  );
}

function checkCeiling({ handlingUpTo }: Caller, wanted: string): string {
  if (handlings.indexOf(handlingOf(wanted)) <= handlings.indexOf(handlingUpTo)) return wanted;
  throw new Fault("CEILING_EXCEEDED", `handlingUpTo is at most yours: ${handlingUpTo}`);
}

function checkCount({ store }: HookParts, caller: Caller): void {
  const all = store.webhooks.all();
  const own = all.filter((one) => isOwn(caller, one)).length;
  if (all.length < maxHooks && own < maxOwnHooks) return;
  throw new Fault(
    "QUOTA_EXCEEDED",
    `at most ${maxOwnHooks} webhooks are yours and ${maxHooks} everybody's; remove one`,
  );
}

function added(parts: HookParts, caller: Caller, given: HookWishes["add"]): WebhookRow {
  const { store, egress, clock, chance } = parts;
  egress.checkUrl(given.url);
  const now = clock.now();
  return {
    id: renderUuid(makeUuid(now, chance)),
    owner: caller.id,
    url: given.url,
    wish: renderWish(given),
    handling: checkCeiling(caller, given.handlingUpTo ?? caller.handlingUpTo),
    state: "ACTIVE",
    secret: makeHookSecret(chance),
    position: store.changes.head().position,
    tries: 0,
    nextAt: now,
    madeAt: now,
  };
}

/** Has it tried again at once, as if nothing had failed. */
function fresh(row: WebhookRow, now: EpochMs): WebhookRow {
  return { ...row, tries: 0, failingSince: undefined, nextAt: now, reason: undefined };
}

function changed(parts: HookParts, caller: Caller, given: HookWishes["change"]): WebhookRow {
  const { id, state, url, handlingUpTo, ...wish } = given;
  if (url !== undefined) parts.egress.checkUrl(url);
  const now = parts.clock.now();
  const isStateAlone = url === undefined && handlingUpTo === undefined && Object.keys(wish).length === 0;
  const row = isStateAlone ? find(parts, caller, id) : findOwn(parts, caller, id);
  const handling = handlingUpTo === undefined ? row.handling : checkCeiling(caller, handlingUpTo);
  const wished = { ...row, url: url ?? row.url, handling, wish: renderWish({ ...parseWish(row), ...wish }) };
  const led = url === undefined ? wished : fresh(wished, now);
  if (state === undefined) return led;
  return state === "ACTIVE" ? { ...fresh(led, now), state } : { ...led, state, reason: undefined };
} // prettier-ignore

function rotated(parts: HookParts, caller: Caller, { id, overlapHours = usualOverlapHours }: HookWishes["rotate"]): WebhookRow {
  const { clock, chance } = parts;
  const row = findOwn(parts, caller, id);
  const oldUntil = clock.now() + overlapHours * hourMs;
  return { ...row, secret: makeHookSecret(chance), oldSecret: row.secret, oldUntil };
} // prettier-ignore

function positionOf({ store }: HookParts, from: HookWishes["replay"]["from"]): number {
  if ("cursor" in from) return findChangePlace({ store }, from.cursor).position;
  const since = parseInstant(from.since);
  if (since !== undefined) return store.changes.placeAt(since).position;
  throw new Fault("REQUEST_INVALID", "since is a time such as 2026-03-09T14:05:00.000Z");
}

/** The acts of one caller. */
export function rowsOf(parts: HookParts, caller: Caller): HookRows {
  return {
    all: () => parts.store.webhooks.all().filter((row) => isSeen(caller, row)),
    find: (id) => find(parts, caller, id),
    added: (given) => added(parts, caller, given),
    checkCount: () => checkCount(parts, caller),
    changed: (given) => changed(parts, caller, given),
    rotated: (given) => rotated(parts, caller, given),
    replayed: ({ id, from }) => {
      const row = fresh(find(parts, caller, id), parts.clock.now());
      return { ...row, position: positionOf(parts, from) };
    },
  };
}
