import { setImmediate as turn } from "node:timers/promises";

import { z } from "zod";

import {
  bodyCodecs,
  bodyMessageName,
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  isKnownType,
  joinParts,
  parseEnvelope,
  renderJson,
} from "../../schemas/index.ts";
import { type EpochMs, Fault, renderUuid, tryShape } from "../../schemas/ground/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";

/** The messages that figures are taken from. All are bodies of cells, each of an indicator, a number and what it is counted by. */
export const figureTypes = ["tip.statistics", "statistics.crime", "statistics.exchange"] as const;

/** One of `figureTypes`. */
export type FigureType = (typeof figureTypes)[number];

/** A figure of one message. Its number is left out where the sender withheld it. */
export interface TableCell {
  readonly indicator: string;
  /** What it is counted by. */
  readonly under: Readonly<Record<string, string>>;
  readonly count?: number | undefined;
  readonly quantity?: { readonly value: string; readonly unit: string } | undefined;
  readonly treatment: string;
}

/** A message of figures. */
export interface SourceTable {
  readonly id: string;
  readonly type: FigureType;
  /** Who signed it. */
  readonly from: string;
  readonly country: string;
  readonly entity: string;
  /** RFC 3339 in UTC, as all of them are written; so their order is that of their texts. */
  readonly periodFrom: string;
  readonly periodTo: string;
  readonly madeAt: EpochMs;
  readonly provisional: boolean;
  readonly coverage?: string | undefined;
  readonly smallest: number;
  readonly cells: readonly TableCell[];
  /** Where it stands in the hub's log, once that is proved; of each channel it went out in. */
  readonly log: readonly { readonly origin: string; readonly index: number }[];
}

/** What is known of messages of figures, whether they stand or not. */
export interface ReadTables {
  readonly tables: readonly SourceTable[];
  /** By sender and id, what others of his stand in the place of or correct, or what he took back. */
  readonly gone: ReadonlyMap<string, string>;
}

/** Whose messages. */
export type TablePlace = Pick<Store, "messages" | "tables" | "lookups" | "logProofs">;

const bodyShape = z.looseObject({
  country: z.string(),
  reportingEntity: z.string(),
  periodFrom: z.string(),
  periodTo: z.string(),
  provisional: z.boolean().optional(),
  coverage: z.string().optional(),
  smallestCell: z.number().optional(),
  cells: z.array(
    z.looseObject({
      indicator: z.string(),
      treatment: z.string(),
      count: z.number().optional(),
      quantity: z.looseObject({ value: z.string(), unit: z.string() }).optional(),
    }),
  ),
});

/** What a body says when it says nothing. */
const usualSmallest = 11;
const lot = 200;
/** Five years of quarters of three types from some forty agencies. */
const maxTables = 2_400;

/** By sender and id. */
export function tableKey(from: string, id: string): string {
  return `${from} ${id}`;
}

function readCell(cell: z.infer<typeof bodyShape>["cells"][number]): TableCell {
  const { indicator, treatment, count, quantity, ...rest } = cell;
  const under = Object.fromEntries(
    Object.entries(rest)
      .flatMap(([name, value]): readonly (readonly [string, string])[] => (typeof value === "string" ? [[name, value]] : []))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { indicator, treatment, under, count, quantity };
} // prettier-ignore

/** What was shown to nobody, or only practised, tells nothing; nor does what is handled stricter than figures are. */
function isTold({ state, status, handling }: StoredMessage): boolean {
  const isGone = ["REFUSED", "STOPPED", "QUARANTINED"].includes(state);
  return !isGone && status === "ACTUAL" && handling === "H0";
}

function readProofs({ logProofs }: TablePlace, { box, digest }: StoredMessage): SourceTable["log"] {
  return logProofs.of(box, digest).flatMap(({ proved }) => (proved === undefined ? [] : [{ origin: proved.origin, index: proved.index }]));
} // prettier-ignore

interface Opened {
  readonly table: SourceTable;
  readonly replaces: string | undefined;
}

function open(place: TablePlace, type: FigureType, message: StoredMessage): Opened | undefined {
  const { parts, raw, originator: from, createdAt: madeAt } = message;
  if (parts === undefined || !isTold(message) || !isKnownType(type)) return undefined;
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const inner = decodeInnerHeader(innerHeader);
  const supersedes = parseEnvelope(decodeMessage(raw).envelope).supersedes ?? inner.supersedes;
  const read = tryShape(bodyShape, renderJson(bodyMessageName(type), bodyCodecs[type].decode(body)));
  if (!read.success || !inner.purposes.includes("STATISTICS")) return undefined;
  const { country, reportingEntity: entity, periodFrom, periodTo, provisional = false, coverage, smallestCell, cells } = read.data;
  const table: SourceTable = {
    id: renderUuid(message.id), type, from, country, entity, periodFrom, periodTo, madeAt, provisional, coverage,
    smallest: smallestCell ?? usualSmallest, cells: cells.map(readCell), log: readProofs(place, message),
  };
  return { table, replaces: supersedes === undefined ? undefined : renderUuid(supersedes) };
} // prettier-ignore

/** Why its own sender's later word leaves a message out; undefined where there is none. */
function findWord({ lookups, messages }: TablePlace, { id, originator }: StoredMessage, now: EpochMs): string | undefined {
  return lookups.said(id, originator).find(({ at, message, word }) => {
    const state = messages.summary(message)?.state;
    return at <= now && word !== "LIFTED" && state !== undefined && !["REFUSED", "STOPPED", "QUARANTINED"].includes(state);
  })?.word;
} // prettier-ignore

function* placesOf({ tables }: TablePlace, type: FigureType): Generator<number> {
  const end = tables.end();
  for (const box of ["out", "in"] as const) {
    let after = 0;
    for (;;) {
      const places = tables.places({ box, type, after, end, limit: lot });
      for (const { seq } of places) yield seq;
      after = places.at(-1)?.seq ?? end;
      if (places.length < lot) break;
    }
  }
}

/**
 * Reads the messages of figures that are held here, one at a time, so that others have their turn between.
 *
 * @throws {Fault} REQUEST_INVALID when there are more than are read at once
 */
export async function readTables(place: TablePlace, types: readonly FigureType[], now: EpochMs): Promise<ReadTables> {
  const tables: SourceTable[] = [];
  const gone = new Map<string, string>();
  for (const type of types) {
    for (const seq of placesOf(place, type)) {
      const message = place.messages.get(seq);
      const opened = message && open(place, type, message);
      if (message === undefined || opened === undefined) continue;
      const { table, replaces } = opened;
      const word = findWord(place, message, now);
      if (word !== undefined) gone.set(tableKey(table.from, table.id), word);
      if (replaces !== undefined) gone.set(tableKey(table.from, replaces), "SUPERSEDED");
      tables.push(table);
      if (tables.length > maxTables) {
        throw new Fault("REQUEST_INVALID", `more than ${maxTables} messages of figures are held: ask for one type`);
      }
      await turn();
    }
  }
  return { tables, gone };
} // prettier-ignore
