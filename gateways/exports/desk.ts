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
import { type Caller, sightOf, visibleTo } from "../people/index.ts";
import type { Store, StoredExport } from "../store/index.ts";
import { csvStart, renderCsvLine } from "./csv.ts";
import {
  contentFields,
  type ExportField,
  exportFields,
  findWithheld,
  projectRow,
  renderValue,
} from "./project.ts";

/** Who asks for an export, decides about it or reads it. */
export type Exporter = Pick<Caller, "id" | "roles" | "handlingUpTo">;

/** What an export is to hold. */
export interface ExportWish {
  readonly format: "csv" | "ndjson";
  readonly fields: readonly ExportField[];
}

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
  /** Whether a message may be read for what the export is for. */
  readonly isAllowed: (message: MessageDetail, purpose: string) => boolean;
  /** Told of every message whose content is about to be given. */
  opens(id: string): void;
}

/** An export as it is given. */
export interface ExportContent {
  readonly format: "csv" | "ndjson";
  readonly purpose: string;
  readonly rows: number;
  /** The whole, piece by piece. */
  readonly pieces: () => AsyncGenerator<string, void, void>;
}

/** Exports of messages out of the gateway. */
export interface ExportDesk {
  /** @throws {Fault} REQUEST_INVALID */
  ask(asked: ExportAsked): Promise<StoredExport>;
  /** One's own; for who decides, those that wait too. */
  list(caller: Exporter): readonly StoredExport[];
  /** @throws {Fault} NOT_FOUND, ID_INVALID */
  get(caller: Exporter, id: string): StoredExport;
  /** @throws {Fault} SECOND_PERSON_NEEDED, EXPORT_NOT_READY, NOT_FOUND, ID_INVALID */
  decide(word: ExportWord): Promise<StoredExport>;
  /** Judges every row anew: what may not be seen now is not in it. @throws {Fault} EXPORT_NOT_READY, NOT_FOUND, ID_INVALID */
  read(reading: ExportReading): Promise<ExportContent>;
}

/** What the desk works with. */
export interface ExportParts {
  readonly store: Pick<Store, "exports" | "write">;
  readonly exchange: Pick<Exchange, "list" | "find">;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** More messages are another export: a file that nobody can look through is nobody's to agree to. */
const maxRows = 5_000;
/** Above this a second person is needed, whatever stands in the rows. */
const maxAlone = 500;
const pageRows = 200;
const rowsATurn = 20;
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

/** What an export is to hold, as it was asked; the text is one that `ask` wrote. */
export function exportWishOf(text: string): ExportWish {
  const said: unknown = JSON.parse(text);
  const members = new Map(typeof said === "object" && said !== null ? Object.entries(said) : []);
  const fields: unknown = members.get("fields");
  const names: readonly unknown[] = Array.isArray(fields) ? fields : [];
  const placeOf = (field: ExportField): number => names.indexOf(field);
  return {
    format: members.get("format") === "csv" ? "csv" : "ndjson",
    fields: exportFields
      .filter((field) => names.includes(field))
      .toSorted((a, b) => placeOf(a) - placeOf(b)),
  };
}

async function ask({ store, exchange, clock, chance }: ExportParts, asked: ExportAsked): Promise<StoredExport> {
  const { caller, purpose, wish, query, also } = asked;
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

/** A row as it may be given to who reads it now; undefined when he may not see it, or it is not there any more. */
function makeRow({ exchange }: ExportParts, entry: StoredExport, reading: ExportReading) {
  const { caller } = reading;
  const { fields } = exportWishOf(entry.wish);
  return (id: string): { readonly row: Readonly<Record<string, unknown>>; readonly isOpened: boolean } | undefined => {
    const message = exchange.find(id);
    if (message === undefined || !visibleTo(caller, message)) return undefined;
    if (!entry.isPersonal) return { row: projectRow(message, fields, undefined), isOpened: false };
    const withheld = findWithheld(message, reading.isAllowed(message, entry.purpose));
    return { row: projectRow(message, fields, withheld), isOpened: withheld === undefined };
  };
} // prettier-ignore

async function read(parts: ExportParts, reading: ExportReading): Promise<ExportContent> {
  const entry = getExport(parts, reading.caller, reading.id);
  if (entry.owner !== reading.caller.id) throw new Fault("NOT_FOUND", "only who asked for an export reads it");
  if (entry.state !== "READY") throw new Fault("EXPORT_NOT_READY", `it is ${entry.state}`);
  const { format, fields } = exportWishOf(entry.wish);
  const makeOne = makeRow(parts, entry, reading);
  const columns = entry.isPersonal ? [...fields, "withheld"] : fields;
  let rows = 0;
  for (const [at, id] of entry.messages.entries()) {
    const one = makeOne(id);
    if (one !== undefined) rows += 1;
    if (one?.isOpened === true) reading.opens(id);
    if (at % rowsATurn === 0) await turn();
  }
  const pieces = async function* (): AsyncGenerator<string, void, void> {
    if (format === "csv") yield csvStart + renderCsvLine(columns);
    for (const [at, id] of entry.messages.entries()) {
      const row = makeOne(id)?.row;
      if (at % rowsATurn === 0) await turn();
      if (row === undefined) continue;
      yield format === "csv" ? renderCsvLine(columns.map((name) => renderValue(row[name]))) : `${JSON.stringify(row)}\n`;
    }
  };
  return { format, purpose: entry.purpose, rows, pieces };
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
    read: (reading) => read(parts, reading),
  };
}
