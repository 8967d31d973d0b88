import { setImmediate as turn } from "node:timers/promises";

import {
  type Chance,
  type Clock,
  Fault,
  makeUuid,
  parseUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import type { Exchange, ListQuery, MessageDetail } from "../exchange/index.ts";
import type { OnwardDesk } from "../onward/index.ts";
import { type Caller, sightOf } from "../people/index.ts";
import type { Store, StoredExport } from "../store/index.ts";
import { contentFields, type Unread } from "./project.ts";
import { readExport } from "./read.ts";
import type { ExportGiven, ExportWish } from "./wish.ts";

/** Who asks for an export, decides about it or reads it. */
export type Exporter = Pick<Caller, "id" | "roles" | "handlingUpTo">;

/** An export that is asked for. */
export interface ExportAsked {
  readonly caller: Exporter;
  /** What it is for, a code of PURPOSE. */
  readonly purpose: string;
  readonly wish: ExportWish;
  /** Which messages; a page's size and place do not count. */
  readonly query: ListQuery;
  /** Called inside the write that keeps it, with its id and how many messages. */
  readonly also?: ((id: string, rows: number) => void) | undefined;
}

/** A word on somebody else's export. */
export interface ExportWord {
  readonly caller: Exporter;
  readonly id: string;
  readonly agrees: boolean;
  readonly also?: ((id: string) => void) | undefined;
}

/** An export that is read now. */
export interface ExportReading {
  readonly caller: Exporter;
  readonly id: string;
  /** Why a message may not be read for what the export is for; undefined where it may. */
  readonly findUnread: (message: MessageDetail, purpose: string) => Unread | undefined;
  /** Told of every message whose content is about to be given. */
  opens(id: string): void;
}

/** An export as it is given. */
export interface ExportContent {
  readonly format: "csv" | "ndjson";
  readonly purpose: string;
  readonly given: ExportGiven;
  /** The whole, piece by piece; throws EXPORT_NOT_READY instead of its last piece when it is not what was measured. */
  readonly pieces: () => AsyncGenerator<string, void, void>;
}

/** Exports of messages out of the gateway. */
export interface ExportDesk {
  /** @throws {Fault} REQUEST_INVALID, AGENCY_UNKNOWN */
  ask(asked: ExportAsked): Promise<StoredExport>;
  /** One's own; for who decides, those that wait too. */
  list(caller: Exporter): readonly StoredExport[];
  /** @throws {Fault} NOT_FOUND, ID_INVALID */
  get(caller: Exporter, id: string): StoredExport;
  /** @throws {Fault} SECOND_PERSON_NEEDED, EXPORT_NOT_READY, NOT_FOUND, ID_INVALID */
  decide(word: ExportWord): Promise<StoredExport>;
  /** As `readExport`: what may not be seen or given now is not in it. @throws {Fault} EXPORT_NOT_READY, NOT_FOUND, ID_INVALID */
  read(reading: ExportReading): Promise<ExportContent>;
}

/** What the desk works with. */
export interface ExportParts {
  readonly store: Pick<Store, "exports" | "write">;
  readonly exchange: Pick<Exchange, "list" | "find">;
  readonly onward: Pick<OnwardDesk, "filed">;
  readonly agency: string;
  /** Whether an agency is in the register. */
  readonly isKnown: (agency: string) => boolean;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** More messages are another export: a file that nobody can look through is nobody's to agree to. */
const maxRows = 5_000;
/** Above this a second person is needed, whatever stands in the rows. */
const maxAlone = 500;
const pageRows = 200;
const maxListed = 100;
const hourMs = 3_600_000;
const waitsMs = 7 * 24 * hourMs;
const readyMs = 24 * hourMs;

async function gather(exchange: Pick<Exchange, "list">, query: ListQuery): Promise<readonly string[]> {
  const ids: string[] = [];
  let place: { readonly cursor?: string } = {};
  for (;;) {
    const { cursor: _cursor, ...rest } = query;
    const { items, next } = exchange.list({ ...rest, ...place, limit: pageRows });
    ids.push(...items.map(({ id }) => id));
    if (ids.length > maxRows) {
      throw new Fault("REQUEST_INVALID", `an export has at most ${maxRows} messages: ask for less time, or filter more`);
    }
    if (next === undefined) return ids;
    place = { cursor: next };
    await turn();
  }
} // prettier-ignore

/** @throws {Fault} AGENCY_UNKNOWN */
function checkReceiver({ isKnown }: ExportParts, { to }: ExportWish): void {
  if (!("agency" in to) || isKnown(to.agency)) return;
  throw new Fault("AGENCY_UNKNOWN", "`to` names no agency of the register; name one, or a body by country and name");
} // prettier-ignore

async function ask(parts: ExportParts, asked: ExportAsked): Promise<StoredExport> {
  const { caller, purpose, wish, query, also } = asked;
  checkReceiver(parts, wish);
  const { store, exchange, clock, chance } = parts;
  const messages = await gather(exchange, { ...query, sight: sightOf(caller), purpose });
  const isPersonal = wish.fields.some((field) => contentFields.some((one) => one === field));
  const state = isPersonal || messages.length > maxAlone ? "WAITING" : "READY";
  const now = clock.now();
  const id = renderUuid(makeUuid(now, chance));
  const endsAt = now + (state === "READY" ? readyMs : waitsMs);
  const entry = { id, owner: caller.id, wish: JSON.stringify(wish), purpose, state, messages, isPersonal, madeAt: now, endsAt };
  await store.write(() => {
    store.exports.expire(now);
    store.exports.put(entry);
    also?.(id, messages.length);
  });
  return entry;
} // prettier-ignore

function mayDecide({ roles }: Exporter): boolean {
  return roles.has("approver");
}

function getExport({ store, clock }: ExportParts, caller: Exporter, id: string): StoredExport {
  parseUuid(id);
  const found = store.exports.get(id);
  const isFor = found !== undefined && (found.owner === caller.id || mayDecide(caller));
  if (!isFor || found.endsAt <= clock.now()) {
    throw new Fault("NOT_FOUND", "no export here has this id, or its time is over");
  }
  return found;
}

function decide(parts: ExportParts, { caller, id, agrees, also }: ExportWord): StoredExport {
  const found = getExport(parts, caller, id);
  if (found.owner === caller.id) {
    throw new Fault("SECOND_PERSON_NEEDED", "who asked for it does not decide; an approver does");
  }
  if (found.state !== "WAITING")
    throw new Fault("EXPORT_NOT_READY", `it is ${found.state} already`);
  const endsAt = parts.clock.now() + readyMs;
  const decided = { ...found, state: agrees ? "READY" : "REFUSED", decidedBy: caller.id, endsAt };
  parts.store.exports.put(decided);
  also?.(id);
  return decided;
}

function readOwn(parts: ExportParts, reading: ExportReading): Promise<ExportContent> {
  const entry = getExport(parts, reading.caller, reading.id);
  if (entry.owner !== reading.caller.id) throw new Fault("NOT_FOUND", "only who asked for an export reads it");
  if (entry.state !== "READY") throw new Fault("EXPORT_NOT_READY", `it is ${entry.state}`);
  return readExport(parts, entry, reading);
} // prettier-ignore

/** Builds the desk. What an export holds is written nowhere here: only which messages, and who agreed. */
export function makeExportDesk(parts: ExportParts): ExportDesk {
  const { store, clock } = parts;
  return {
    ask: (asked) => ask(parts, asked),
    list: (caller) => {
      const waiting = mayDecide(caller) ? store.exports.list(undefined, maxListed) : [];
      const own = store.exports.list(caller.id, maxListed);
      const all = new Map([...waiting, ...own].map((entry) => [entry.id, entry]));
      return [...all.values()].filter(({ endsAt }) => endsAt > clock.now());
    },
    get: (caller, id) => getExport(parts, caller, id),
    decide: (word) => store.write(() => decide(parts, word)),
    read: async (reading) => await readOwn(parts, reading),
  };
}
