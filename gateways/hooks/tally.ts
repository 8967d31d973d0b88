import type { WebhookRow } from "../store/index.ts";
import type { HookParts } from "./parts.ts";
import { patienceMs, retryDelay } from "./schedule.ts";
import type { Tried } from "./try.ts";

/** How one webhook comes along. What was taken is written down in groups: a crash tells a few again, under the same ids. */
export interface Tally {
  /** The webhook as it stands, with what is not written down yet. */
  hook(): WebhookRow | undefined;
  /** An event was taken; the webhook stands at this position now. */
  took(position: number, tried: Tried): Promise<void>;
  /** An event was not taken. */
  missed(tried: Tried): Promise<void>;
  /** Lines that are none of its were passed. */
  passed(position: number): Promise<void>;
  /** Writes what waits. */
  flush(): Promise<void>;
}

const groupSize = 32;
const groupMs = 1_000;
const gone = 410;

/** How a webhook stands after a try that failed: the receiver's own word on when to come back, or the schedule's. */
function standAfter({ chance, clock }: HookParts, hook: WebhookRow, { status, stayAway }: Tried): WebhookRow {
  const now = clock.now();
  const failingSince = hook.failingSince ?? now;
  const tries = hook.tries + 1;
  const after = { ...hook, tries, failingSince, nextAt: now + (stayAway ?? retryDelay(tries, chance)) };
  if (status === gone) return { ...after, state: "DISABLED", reason: "GONE" };
  if (now - failingSince < patienceMs) return after;
  return { ...after, state: "DISABLED", reason: "FAILED" };
} // prettier-ignore

/** Whether nobody changed it meanwhile: what its owner wants counts before what we did. */
function isSame(row: WebhookRow, seen: WebhookRow): boolean {
  const { position, nextAt, url, state, wish } = seen;
  const isThere = row.position === position && row.nextAt === nextAt;
  return isThere && row.url === url && row.state === state && row.wish === wish;
}

/** Starts the tally of one webhook. */
export function makeTally({ store, clock, log, ...rest }: HookParts, id: string): Tally {
  const parts = { store, clock, log, ...rest };
  const { webhooks } = store;
  let base = webhooks.get(id);
  let reached: number | undefined;
  let waiting: Tried[] = [];
  let since = 0;
  const write = async (tries: readonly Tried[], stand: (row: WebhookRow) => WebhookRow): Promise<void> => {
    const seen = base;
    base = await store.write(() => {
      const row = webhooks.get(id);
      if (row === undefined) return undefined;
      for (const { stayAway: _stayAway, ...attempt } of tries) webhooks.addAttempt(id, attempt);
      if (seen === undefined || !isSame(row, seen)) return row;
      const stands = stand(row);
      webhooks.put(stands);
      return stands;
    });
  };
  const flush = async (): Promise<void> => {
    const [tries, position] = [waiting, reached];
    [waiting, reached] = [[], undefined];
    if (position === undefined && tries.length === 0) return;
    const isTaken = tries.length > 0;
    await write(tries, (row) => (position === undefined ? row : { ...row, position, ...(isTaken ? { tries: 0, failingSince: undefined } : {}) }));
  };
  return {
    hook: () => {
      const row = webhooks.get(id);
      if (row === undefined) return undefined;
      if (reached !== undefined && base !== undefined && isSame(row, base)) return { ...row, position: reached };
      // its owner changed it: what we reached is not where it stands
      base = row;
      reached = undefined;
      return row;
    },
    took: async (position, tried) => {
      if (waiting.length === 0) since = clock.elapsed();
      waiting.push(tried);
      reached = position;
      if (waiting.length >= groupSize || clock.elapsed() - since >= groupMs) await flush();
    },
    missed: async (tried) => {
      await flush();
      await write([tried], (row) => standAfter(parts, row, tried));
      if (base?.state === "DISABLED") log.warn("a webhook is disabled", { code: tried.code ?? "" });
    },
    passed: async (position) => {
      reached = position;
      await flush();
    },
    flush,
  };
} // prettier-ignore
