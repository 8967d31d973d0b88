import { z } from "zod";

import { showCopy } from "../../gateways/exchange/copies.ts";
import { makeCopy, readCopy } from "../../schemas/copies/index.ts";
import type { Decision } from "../../certs/trust/index.ts";
import { checkSubmission } from "../../schemas/explain/index.ts";
import { isKnownType } from "../../schemas/index.ts";
import {
  type Clock,
  Fault,
  isFaultCode,
  makeSeededChance,
  makeUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import type {
  Exchange,
  ExchangeStatus,
  ListQuery,
  MessageChange,
  MessageDetail,
  MessagePage,
  MessageSummary,
  SealingKeyEntry,
  WordsOfUse,
} from "../../gateways/exchange/index.ts";
import { registerUses } from "../../gateways/exchange/index.ts";
import { heldSignature, makeHeld } from "./held-message.ts";

/** A clock that stands still until moved; timers fire when it is moved past them. */
export interface StillClock extends Clock {
  move(ms: number): void;
}

/** Builds a clock that only moves when told. For tests. */
export function makeStillClock(start: number): StillClock {
  let time = start;
  const waiting: { at: number; everyMs?: number; act: () => void }[] = [];
  const add = (entry: (typeof waiting)[number]): { stop: () => void } => {
    waiting.push(entry);
    return {
      stop: () => void (waiting.includes(entry) && waiting.splice(waiting.indexOf(entry), 1)),
    };
  };
  return {
    now: () => time,
    elapsed: () => time - start,
    after: (ms, act) => add({ at: time + ms, act }),
    every: (ms, act) => add({ at: time + ms, everyMs: ms, act }),
    sleep: (ms) => new Promise((resolve) => void add({ at: time + ms, act: resolve })),
    move: (ms) => {
      time += ms;
      for (const entry of waiting.filter(({ at }) => at <= time)) {
        if (entry.everyMs === undefined) waiting.splice(waiting.indexOf(entry), 1);
        else entry.at = time + entry.everyMs;
        entry.act();
      }
    },
  };
}

/** What a test may turn in the exchange below. */
export interface MemoryExchange extends Exchange {
  linkUp: boolean;
  registerExpiresAt: number;
  /** Thrown by the next call, once. */
  failure: Error | undefined;
  /** Sealing keys of others, as they stand. */
  keys: readonly SealingKeyEntry[];
  /** What it answers to every question about rights. */
  ruling: Decision;
  /** Until when what it rests on holds. */
  ends: ExchangeStatus["certificates"];
  /** What is to be accepted of messages, by their ids. */
  readonly restrictions: Map<string, WordsOfUse>;
  /** How many times something was stored. */
  readonly stored: number;
  receive(message: Partial<MessageDetail>): MessageDetail;
}

const submissionShape = z.looseObject({
  type: z.string(),
  recs: z.array(z.string()).default([]),
  recipients: z.array(z.string()).default([]),
  crimes: z.array(z.string()),
  body: z.unknown(),
});

/** As a gateway reads it, but for what only a register knows. */
function readSubmission(
  value: unknown,
  place: { readonly now: number; readonly originator: string },
): z.infer<typeof submissionShape> {
  const { violations } = checkSubmission(value, place);
  const [first] = violations;
  if (first !== undefined) throw new Fault("SCHEMA_INVALID", first.message, { violations });
  return submissionShape.parse(value);
}

function isOpen(state: string): boolean {
  return state === "ENDORSED" || state === "UNENDORSED";
}

function countKeys(keys: readonly SealingKeyEntry[]): ExchangeStatus["sealingKeys"] {
  const count = (wanted: string): number => keys.filter(({ state }) => state === wanted).length;
  return { changed: count("ENDORSED"), unconfirmed: count("UNENDORSED") };
}

/** Builds an exchange that keeps everything in memory and keeps the contract of `Exchange`. For tests. */
export function makeMemoryExchange(agency: string, clock: Clock): MemoryExchange {
  const chance = makeSeededChance(agency);
  const all: MessageDetail[] = [];
  const byKey = new Map<string, { content: string; id: string }>();
  const listeners = new Set<(message: MessageSummary) => void>();
  const restrictions = new Map<string, WordsOfUse>();
  const fail = (): void => {
    const { failure } = exchange;
    exchange.failure = undefined;
    if (failure !== undefined) throw failure;
  };
  const log: MessageChange[] = [];
  const add = (message: MessageDetail): MessageDetail => {
    all.unshift(message);
    const { id, box, state } = message;
    log.push({ cursor: String(log.length + 1), kind: "stored", id, box, state, at: clock.now() });
    for (const listener of listeners) listener(message);
    return message;
  };
  const blank = (): MessageDetail => ({
    id: renderUuid(makeUuid(clock.now(), chance)),
    box: "out",
    originator: agency,
    type: "maritime.incident",
    crimes: ["piracy"],
    recs: ["ecowas"],
    handling: "H0",
    urgency: "ROUTINE",
    status: "EXERCISE",
    createdAt: clock.now(),
    expiresAt: clock.now() + 86_400_000,
    storedAt: clock.now(),
    state: "QUEUED",
    recipients: [],
    form: "OPEN",
    audience: ["gh/moc"],
    ladder: [],
    bytes: 900,
  });
  const exchange: MemoryExchange = {
    agency,
    linkUp: true,
    registerExpiresAt: clock.now() + 86_400_000,
    failure: undefined,
    keys: [],
    ruling: { allow: false, reason: "NO_MANDATE", reasons: ["NO_MANDATE"] },
    ends: [],
    get stored() {
      return all.length;
    },
    receive: (message) => add({ ...blank(), box: "in", state: "VERIFIED", ...message }),
    original: () => undefined,
    opened: () => undefined,
    findAbove: () => [],
    restrictions,
    words: (id) => restrictions.get(id),
    acceptWords: async (id, { by }) => {
      await Promise.resolve();
      const words = restrictions.get(id);
      if (words === undefined) throw new Fault("NOT_FOUND", "nothing is to be accepted");
      restrictions.set(id, { ...words, accepted: { by, at: clock.now() } });
      return restrictions.get(id);
    },
    submit: async (value, key, { also } = {}) => {
      await Promise.resolve();
      fail();
      const submission = readSubmission(value, { now: clock.now(), originator: agency });
      const content = JSON.stringify(value);
      const before = byKey.get(key);
      if (before !== undefined && before.content !== content) {
        throw new Fault("IDEMPOTENCY_KEY_REUSED", "the key came with other content before");
      }
      if (before !== undefined) return { id: before.id, created: false, audience: ["gh/moc"] };
      const { type, crimes, recs, recipients, body } = submission;
      const { id } = add({ ...blank(), type, crimes, recs, recipients, body });
      byKey.set(key, { content, id });
      also?.(id);
      return { id, created: true, audience: ["gh/moc"] };
    },
    validate: async (value) => {
      await Promise.resolve();
      fail();
      try {
        readSubmission(value, { now: clock.now(), originator: agency });
        return { valid: true, problems: [], bytes: 900, audience: ["gh/moc"] };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { valid: false, problems: error.violations, bytes: 0, audience: [] };
      }
    },
    list: ({ box, state, filters, cursor, limit }: ListQuery): MessagePage => {
      fail();
      const found = all.filter(
        (one) =>
          one.box === box &&
          (state ?? one.state) === one.state &&
          (filters?.type ?? [one.type]).includes(one.type),
      );
      const from = cursor === undefined ? 0 : found.findIndex(({ id }) => id === cursor);
      const next = found[from + limit]?.id;
      const items = found.slice(from, from + limit).map((one) => {
        const words = restrictions.get(one.id);
        const doesWait = words !== undefined && words.accepted === undefined;
        return doesWait ? ({ ...one, wordsWait: true } as const) : one;
      });
      return next === undefined ? { items } : { items, next };
    },
    glance: (id) => {
      fail();
      return all.find((one) => one.id === id);
    },
    find: (id) => {
      fail();
      return all.find((one) => one.id === id);
    },
    changes: ({ cursor, from = "now", limit, sight }) => {
      fail();
      const start = cursor === undefined ? (from === "now" ? log.length : 0) : Number(cursor);
      if (!(start <= log.length)) throw new Fault("CURSOR_GONE", "list again");
      const rest = log.slice(start).filter(({ id }) => {
        const { handling = "H0" } = all.find((one) => one.id === id) ?? {};
        return sight === undefined || sight.handlings.includes(handling);
      });
      const items = rest.slice(0, limit);
      const hasMore = rest.length > limit;
      return { items, hasMore, next: hasMore ? (items.at(-1)?.cursor ?? "") : String(log.length) };
    },
    copy: (id, { kind, to }) => {
      fail();
      const { type = "", body } = all.find((one) => one.id === id) ?? {};
      if (!isKnownType(type) || body === undefined) throw new Fault("NOT_FOUND", "no such message");
      if (to === "sn/tcu") throw new Fault("RULE_RECIPIENT_KEPT_FROM", "kept from that agency");
      return makeCopy(makeHeld(type, { id, body }), kind);
    },
    checkCopy: (bytes) => {
      fail();
      const copy = readCopy(bytes);
      if (copy.signatures.join(" ") === heldSignature) return showCopy(copy);
      throw new Fault("ENVELOPE_SIGNATURE_INVALID", "the signature does not fit the bytes");
    },
    translate: async ({ id, pointer, to }) => {
      await Promise.resolve();
      fail();
      const found = all.find((one) => one.id === id);
      if (found === undefined) throw new Fault("NOT_FOUND", "no such message");
      const { crimes, status } = found;
      const body = { targetId: id, pointer, text: { text: `${pointer} in ${to}`, lang: to } };
      return { type: "translation.product", recipients: [agency], crimes, status, body };
    },
    checkTranslation: (id) => {
      fail();
      const found = all.find((one) => one.id === id);
      if (found === undefined) throw new Fault("NOT_FOUND", "no such message");
      const { code } = found;
      return code !== undefined && isFaultCode(code) ? { bound: false, code } : { bound: true };
    },
    hub: () => exchange.status().hub,
    status: (): ExchangeStatus => {
      fail();
      const { linkUp, registerExpiresAt } = exchange;
      const inbox = all.filter(({ box }) => box === "in").length;
      const waiting = all.filter(({ state }) => state === "QUEUED").length;
      return {
        agency,
        linkUp,
        registerEpoch: 3,
        registerExpiresAt,
        registerUse: registerUses({ expiresAt: registerExpiresAt, staleness: [] }, clock.now()),
        waiting,
        hub: { isUp: linkUp, since: clock.now() },
        hubs: [],
        queue: { count: waiting, bytes: waiting * 900, byUrgency: [] },
        inbox,
        quarantined: 0,
        sealingKeys: countKeys(exchange.keys),
        certificates: exchange.ends,
      };
    },
    sealingKeys: (isAll) => {
      fail();
      return exchange.keys.filter(({ state }) => isAll || isOpen(state));
    },
    trySealingKey: ({ agency: of, fingerprint, state, by }) => {
      fail();
      const before = exchange.keys.find(
        (one) => one.agency === of && one.fingerprint === fingerprint,
      );
      if (before === undefined) throw new Fault("NOT_FOUND", "no such key");
      const after = { ...before, state, by, at: clock.now(), isBelieved: state === "CONFIRMED" };
      return { before, after };
    },
    decideSealingKey: async ({ agency: of, fingerprint, state, by }) => {
      await Promise.resolve();
      fail();
      const found = exchange.keys.find(
        (one) => one.agency === of && one.fingerprint === fingerprint,
      );
      if (found === undefined) throw new Fault("NOT_FOUND", "no such key");
      const isBelieved = state === "CONFIRMED";
      const decided = { ...found, state, by, at: clock.now(), isBelieved };
      exchange.keys = exchange.keys.map((one) => (one === found ? decided : one));
      return decided;
    },
    decision: () => {
      fail();
      return exchange.ruling;
    },
    readers: () => {
      fail();
      return [{ agency, decision: exchange.ruling }];
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return exchange;
}
