import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A webhook, and how far it was told. */
export interface WebhookRow {
  readonly id: string;
  /** The id of the caller whose it is. */
  readonly owner: string;
  readonly url: string;
  /** What it wants to hear of, as JSON. */
  readonly wish: string;
  /** Nothing above this handling is told. */
  readonly handling: string;
  /** ACTIVE, PAUSED or DISABLED. */
  readonly state: string;
  /** Why it is disabled. */
  readonly reason?: string | undefined;
  readonly secret: string;
  /** The secret before, which signs beside it until its end. */
  readonly oldSecret?: string | undefined;
  readonly oldUntil?: EpochMs | undefined;
  /** The last change it was told of, or that is none of its. */
  readonly position: number;
  /** Tries of the next one that failed. */
  readonly tries: number;
  readonly failingSince?: EpochMs | undefined;
  readonly nextAt: EpochMs;
  readonly madeAt: EpochMs;
}

/** One call of ours, as its owner may see it. */
export interface WebhookAttempt {
  readonly seq: number;
  /** What the receiver knows the event by. */
  readonly event: string;
  readonly at: EpochMs;
  /** Undefined when there was no answer. */
  readonly status?: number | undefined;
  readonly ms: number;
  /** The code of a fault; undefined when the event was taken. */
  readonly code?: string | undefined;
}

/** The webhooks of a store. What changes them is called inside `write` only. */
export interface Webhooks {
  get(id: string): WebhookRow | undefined;
  /** In the order they were made. */
  all(): readonly WebhookRow[];
  /** Active ones whose next call is due. */
  due(now: EpochMs): readonly WebhookRow[];
  /** Adds it, or writes it anew. */
  put(webhook: WebhookRow): void;
  /** With its attempts. */
  drop(id: string): void;
  /** Keeps the last few hundred of each. */
  addAttempt(webhook: string, attempt: Omit<WebhookAttempt, "seq">): void;
  /** Newest first. */
  attempts(webhook: string, page: { readonly before?: number | undefined; readonly limit: number }): readonly WebhookAttempt[];
} // prettier-ignore

/** Attempts kept of one webhook: a few days of tries, or the last hour of a busy one. */
const keptAttempts = 500;

const columns =
  "id, owner, url, wish, handling, state, reason, secret, old_secret, old_until, position, tries, failing_since, next_at, made_at";

function webhookOf(row: Row): WebhookRow {
  return {
    id: textOf(row, "id"),
    owner: textOf(row, "owner"),
    url: textOf(row, "url"),
    wish: textOf(row, "wish"),
    handling: textOf(row, "handling"),
    state: textOf(row, "state"),
    reason: maybeOf(row, "reason", textOf),
    secret: textOf(row, "secret"),
    oldSecret: maybeOf(row, "old_secret", textOf),
    oldUntil: maybeOf(row, "old_until", numberOf),
    position: numberOf(row, "position"),
    tries: numberOf(row, "tries"),
    failingSince: maybeOf(row, "failing_since", numberOf),
    nextAt: numberOf(row, "next_at"),
    madeAt: numberOf(row, "made_at"),
  };
}

function attemptOf(row: Row): WebhookAttempt {
  return {
    seq: numberOf(row, "seq"),
    event: textOf(row, "event"),
    at: numberOf(row, "at"),
    status: maybeOf(row, "status", numberOf),
    ms: numberOf(row, "ms"),
    code: maybeOf(row, "code", textOf),
  };
}

type Attempts = Pick<Webhooks, "addAttempt" | "attempts">;

function makeAttempts(database: Database): Attempts {
  const add = database.prepare(
    "INSERT INTO webhook_attempt (webhook, event, at, status, ms, code) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const trim = database.prepare(
    `DELETE FROM webhook_attempt WHERE webhook = ? AND seq <= (SELECT seq FROM webhook_attempt
     WHERE webhook = ? ORDER BY seq DESC LIMIT 1 OFFSET ${keptAttempts})`,
  );
  const list = database.prepare(
    "SELECT * FROM webhook_attempt WHERE webhook = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
  );
  return {
    addAttempt: (webhook, { event, at, status, ms, code }) => {
      const { seq } = add.run(webhook, event, at, status ?? null, ms, code ?? null);
      // not with each, for a busy one is told thousands
      if (seq % 50 === 0) trim.run(webhook, webhook);
    },
    attempts: (webhook, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      list.all(webhook, before, limit).map(attemptOf),
  };
}

/** Builds the part of the store that holds webhooks. */
export function makeWebhooks(database: Database): Webhooks {
  const get = database.prepare("SELECT * FROM webhook WHERE id = ?");
  const all = database.prepare("SELECT * FROM webhook ORDER BY made_at, id");
  const due = database.prepare(
    "SELECT * FROM webhook WHERE state = 'ACTIVE' AND next_at <= ? ORDER BY next_at, id",
  );
  const put = database.prepare(
    `INSERT OR REPLACE INTO webhook (${columns}) VALUES (${"?, ".repeat(14)}?)`,
  );
  const drop = database.prepare("DELETE FROM webhook WHERE id = ?");
  const dropAttempts = database.prepare("DELETE FROM webhook_attempt WHERE webhook = ?");
  return {
    ...makeAttempts(database),
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : webhookOf(row);
    },
    all: () => all.all().map(webhookOf),
    due: (now) => due.all(now).map(webhookOf),
    put: (one) => {
      const { id, owner, url, wish, handling, state, reason, secret, oldSecret, oldUntil } = one;
      const whose = [id, owner, url, wish, handling, state, reason ?? null, secret] as const;
      const before = [oldSecret ?? null, oldUntil ?? null] as const;
      const reach = [one.position, one.tries, one.failingSince ?? null, one.nextAt] as const;
      put.run(...whose, ...before, ...reach, one.madeAt);
    },
    drop: (id) => {
      dropAttempts.run(id);
      drop.run(id);
    },
  };
}
