import { Fault } from "../../schemas/ground/index.ts";
import type { Caller } from "../people/index.ts";
import type { WebhookAttempt, WebhookRow } from "../store/index.ts";
import { renderTestEvent } from "./event.ts";
import type { HookParts } from "./parts.ts";
import { type HookRows, type HookWishes, rowsOf, showHook, type ShownHook } from "./rows.ts";
import { type HookTrial, type HookTried, tryHook } from "./trial.ts";
import { tryEvent } from "./try.ts";

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
  /** What an act would change, judged as the act is; changes nothing. @throws {Fault} as the act */
  try(caller: Caller, trial: HookTrial): HookTried;
  /** @throws {Fault} REQUEST_INVALID, EGRESS_REFUSED, CEILING_EXCEEDED, QUOTA_EXCEEDED */
  add(caller: Caller, given: HookWishes["add"], keep: Keep): Promise<MadeHook>;
  /** What it is told and where is its owner's alone to change. @throws {Fault} as `add`; NOT_FOUND, ROLE_MISSING */
  change(caller: Caller, given: HookWishes["change"], keep: Keep): Promise<ShownHook>;
  remove(caller: Caller, id: string, keep: Keep): Promise<void>;
  /** A new secret; for a while the one before signs too. @throws {Fault} NOT_FOUND, ROLE_MISSING */
  rotate(caller: Caller, given: HookWishes["rotate"], keep: Keep): Promise<MadeHook>;
  /** Calls it once, at once, whatever its state; changes nothing of it. @throws {Fault} NOT_FOUND, QUOTA_EXCEEDED */
  test(caller: Caller, id: string): Promise<WebhookAttempt>;
  /** Tells it again what came after. @throws {Fault} NOT_FOUND, REQUEST_INVALID, CURSOR_GONE */
  replay(caller: Caller, given: HookWishes["replay"], keep: Keep): Promise<ShownHook>;
  attempts(caller: Caller, id: string, page: { readonly before?: number | undefined; readonly limit: number }): readonly WebhookAttempt[];
  notice(): HookNotice;
} // prettier-ignore

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

async function add(parts: HookParts, rows: HookRows, { given, keep }: { readonly given: HookWishes["add"]; readonly keep: Keep }): Promise<MadeHook> {
  const { store } = parts;
  const row = rows.added(given);
  await store.write(() => {
    rows.checkCount();
    store.webhooks.put({ ...row, position: store.changes.head().position });
    keep(row.id);
  });
  return { hook: showHook(row, row.madeAt), secret: row.secret };
} // prettier-ignore

/** Tries one once; of two who try one at the same time the second is refused. */
function makeTest(parts: HookParts): HookDesk["test"] {
  const testing = new Set<string>();
  return async (caller, id) => {
    const row = rowsOf(parts, caller).find(id);
    if (testing.has(id)) throw new Fault("QUOTA_EXCEEDED", "this webhook is being tried at this moment");
    testing.add(id);
    try {
      return await test(parts, row);
    } finally {
      testing.delete(id);
    }
  };
} // prettier-ignore

/** Builds the desk of webhooks. `wake` is called when one may have something to be told. */
export function makeHookDesk(parts: HookParts, wake: () => void): HookDesk {
  const { store, clock } = parts;
  const rows = (caller: Caller): HookRows => rowsOf(parts, caller);
  const show = (row: WebhookRow): ShownHook => showHook(row, clock.now());
  const write = async (make: () => WebhookRow, keep: Keep): Promise<WebhookRow> => {
    const row = await store.write(() => {
      const made = make();
      store.webhooks.put(made);
      keep(made.id);
      return made;
    });
    wake();
    return row;
  };
  return {
    list: (caller) => rows(caller).all().map(show),
    get: (caller, id) => show(rows(caller).find(id)),
    try: (caller, trial) => tryHook(parts, caller, trial),
    add: async (caller, given, keep) => await add(parts, rows(caller), { given, keep }),
    change: async (caller, given, keep) => show(await write(() => rows(caller).changed(given), keep)),
    remove: async (caller, id, keep) => {
      await store.write(() => {
        store.webhooks.drop(rows(caller).find(id).id);
        keep(id);
      });
    },
    rotate: async (caller, given, keep) => {
      const row = await write(() => rows(caller).rotated(given), keep);
      return { hook: show(row), secret: row.secret };
    },
    test: makeTest(parts),
    replay: async (caller, given, keep) => show(await write(() => rows(caller).replayed(given), keep)),
    attempts: (caller, id, page) => store.webhooks.attempts(rows(caller).find(id).id, page),
    notice: () => noticeOf(parts),
  };
} // prettier-ignore
