import type { z } from "zod";

import { parseInstant } from "../../schemas/check/index.ts";
import { type EpochMs, Fault, makeUuid, renderUuid } from "../../schemas/ground/index.ts";
import { findChangePlace } from "../exchange/index.ts";
import { type Caller, handlingOf, handlings } from "../people/index.ts";
import type { WebhookAttempt, WebhookRow } from "../store/index.ts";
import { makeHookSecret, renderTestEvent } from "./event.ts";
import type { HookParts } from "./parts.ts";
import { tryEvent } from "./try.ts";
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

/** A webhook with its secret, which is shown this once. */
export interface MadeHook {
  readonly hook: ShownHook;
  readonly secret: string;
}

/** How webhooks stand, for whoever watches the gateway. */
export interface HookNotice {
  readonly active: number;
  readonly failing: number;
  readonly disabled: number;
}

/** Called inside the write of an act, with what it is about. */
type Keep = (id: string) => void;

/** The webhooks of a gateway. Who may not see one is answered as if there were none. */
export interface HookDesk {
  list(caller: Caller): readonly ShownHook[];
  /** @throws {Fault} NOT_FOUND */
  get(caller: Caller, id: string): ShownHook;
  /** @throws {Fault} REQUEST_INVALID, EGRESS_REFUSED, CEILING_EXCEEDED, QUOTA_EXCEEDED */
  add(caller: Caller, given: z.infer<typeof hookShape>, keep: Keep): Promise<MadeHook>;
  /** What it is told and where is its owner's alone to change. @throws {Fault} as `add`; NOT_FOUND, ROLE_MISSING */
  change(caller: Caller, given: z.infer<typeof hookChangeShape> & { readonly id: string }, keep: Keep): Promise<ShownHook>;
  remove(caller: Caller, id: string, keep: Keep): Promise<void>;
  /** A new secret; for a while the one before signs too. @throws {Fault} NOT_FOUND, ROLE_MISSING */
  rotate(caller: Caller, given: z.infer<typeof rotationShape> & { readonly id: string }, keep: Keep): Promise<MadeHook>;
  /** Calls it once, at once, whatever its state; changes nothing of it. @throws {Fault} NOT_FOUND, QUOTA_EXCEEDED */
  test(caller: Caller, id: string): Promise<WebhookAttempt>;
  /** Tells it again what came after. @throws {Fault} NOT_FOUND, REQUEST_INVALID, CURSOR_GONE */
  replay(caller: Caller, given: { readonly id: string; readonly from: z.infer<typeof replayShape> }, keep: Keep): Promise<ShownHook>;
  attempts(caller: Caller, id: string, page: { readonly before?: number | undefined; readonly limit: number }): readonly WebhookAttempt[];
  notice(): HookNotice;
} // prettier-ignore

const maxHooks = 64;
const maxOwnHooks = 16;
const usualOverlapHours = 24;
const hourMs = 3_600_000;

function show(row: WebhookRow, now: EpochMs): ShownHook {
  const {
    id,
    owner,
    url,
    handling,
    state,
    reason,
    failingSince,
    nextAt,
    oldUntil = 0,
    madeAt,
  } = row;
  const isFailing = state === "ACTIVE" && failingSince !== undefined;
  const shown = { id, owner, url, handlingUpTo: handling, state, reason, failingSince, madeAt };
  return {
    ...shown,
    ...parseWish(row),
    nextTryAt: isFailing ? nextAt : undefined,
    oldSecretUntil: oldUntil > now ? oldUntil : undefined,
  };
}

function isOwn({ id, kind }: Caller, { owner }: WebhookRow): boolean {
  return kind === "owner" || owner === id;
}

function find({ store }: HookParts, caller: Caller, id: string): WebhookRow {
  const row = store.webhooks.get(id);
  if (row !== undefined && (isOwn(caller, row) || caller.roles.has("administrator"))) return row;
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

async function add(parts: HookParts, caller: Caller, { given, keep }: { readonly given: z.infer<typeof hookShape>; readonly keep: Keep }): Promise<MadeHook> {
  const { store, egress, clock, chance } = parts;
  egress.checkUrl(given.url);
  const now = clock.now();
  const row: WebhookRow = {
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
  await store.write(() => {
    checkCount(parts, caller);
    store.webhooks.put({ ...row, position: store.changes.head().position });
    keep(row.id);
  });
  return { hook: show(row, now), secret: row.secret };
} // prettier-ignore

/** Has it tried again at once, as if nothing had failed. */
function fresh(row: WebhookRow, now: EpochMs): WebhookRow {
  return { ...row, tries: 0, failingSince: undefined, nextAt: now, reason: undefined };
}

function changed(parts: HookParts, caller: Caller, given: z.infer<typeof hookChangeShape> & { readonly id: string }): WebhookRow {
  const { id, state, url, handlingUpTo, ...wish } = given;
  const now = parts.clock.now();
  const isStateAlone = url === undefined && handlingUpTo === undefined && Object.keys(wish).length === 0;
  const row = isStateAlone ? find(parts, caller, id) : findOwn(parts, caller, id);
  const handling = handlingUpTo === undefined ? row.handling : checkCeiling(caller, handlingUpTo);
  const wished = { ...row, url: url ?? row.url, handling, wish: renderWish({ ...parseWish(row), ...wish }) };
  const led = url === undefined ? wished : fresh(wished, now);
  if (state === undefined) return led;
  return state === "ACTIVE" ? { ...fresh(led, now), state } : { ...led, state, reason: undefined };
} // prettier-ignore

function positionOf({ store }: HookParts, from: z.infer<typeof replayShape>): number {
  if ("cursor" in from) return findChangePlace({ store }, from.cursor).position;
  const since = parseInstant(from.since);
  if (since !== undefined) return store.changes.placeAt(since).position;
  throw new Fault("REQUEST_INVALID", "since is a time such as 2026-03-09T14:05:00.000Z");
}

async function test(parts: HookParts, row: WebhookRow): Promise<WebhookAttempt> {
  const { store, clock, chance } = parts;
  const event = renderTestEvent(chance.bytes(16), clock.now());
  const { stayAway: _stayAway, ...attempt } = await tryEvent(parts, row, event);
  await store.write(() => store.webhooks.addAttempt(row.id, attempt));
  return { ...attempt, seq: 0 };
}

function noticeOf({ store }: HookParts): HookNotice {
  const all = store.webhooks.all();
  const active = all.filter(({ state }) => state === "ACTIVE");
  return {
    active: active.length,
    failing: active.filter(({ failingSince }) => failingSince !== undefined).length,
    disabled: all.filter(({ state }) => state === "DISABLED").length,
  };
}

/** Builds the desk of webhooks. `wake` is called when one may have something to be told. */
export function makeHookDesk(parts: HookParts, wake: () => void): HookDesk {
  const { store, egress, clock, chance } = parts;
  const testing = new Set<string>();
  const write = async (make: () => WebhookRow, keep: Keep): Promise<ShownHook> => {
    const row = await store.write(() => {
      const made = make();
      store.webhooks.put(made);
      keep(made.id);
      return made;
    });
    wake();
    return show(row, clock.now());
  };
  return {
    list: (caller) =>
      store.webhooks.all().filter((row) => isOwn(caller, row) || caller.roles.has("administrator")).map((row) => show(row, clock.now())),
    get: (caller, id) => show(find(parts, caller, id), clock.now()),
    add: async (caller, given, keep) => await add(parts, caller, { given, keep }),
    change: async (caller, given, keep) => {
      if (given.url !== undefined) egress.checkUrl(given.url);
      return await write(() => changed(parts, caller, given), keep);
    },
    remove: async (caller, id, keep) => {
      await store.write(() => {
        store.webhooks.drop(find(parts, caller, id).id);
        keep(id);
      });
    },
    rotate: async (caller, { id, overlapHours = usualOverlapHours }, keep) => {
      const secret = makeHookSecret(chance);
      const hook = await write(() => {
        const row = findOwn(parts, caller, id);
        return { ...row, secret, oldSecret: row.secret, oldUntil: clock.now() + overlapHours * hourMs };
      }, keep);
      return { hook, secret };
    },
    test: async (caller, id) => {
      const row = find(parts, caller, id);
      if (testing.has(id)) throw new Fault("QUOTA_EXCEEDED", "this webhook is being tried at this moment");
      testing.add(id);
      try {
        return await test(parts, row);
      } finally {
        testing.delete(id);
      }
    },
    replay: async (caller, { id, from }, keep) =>
      await write(() => ({ ...fresh(find(parts, caller, id), clock.now()), position: positionOf(parts, from) }), keep),
    attempts: (caller, id, page) => store.webhooks.attempts(find(parts, caller, id).id, page),
    notice: () => noticeOf(parts),
  };
} // prettier-ignore
