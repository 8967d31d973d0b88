import { renderInstant } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Store, StoredTable } from "../store/index.ts";
import { smallestCell } from "./gather.ts";

/** Which tables. */
export interface TableWish {
  readonly type?: string | undefined;
  /** Such as 2026-Q1. */
  readonly period?: string | undefined;
}

/** A table of figures, as it is shown. */
export interface ShownTable {
  readonly type: string;
  readonly period: string;
  /** RFC 3339. */
  readonly from: string;
  readonly until: string;
  readonly madeAt: string;
  /** RUNNING: its time is not over. DRAFT: an officer may send it. SENT: it is counted no more. COUNTED: none of these. */
  readonly state: "RUNNING" | "DRAFT" | "SENT" | "COUNTED";
  readonly draft?: string | undefined;
  readonly sentAs?: string | undefined;
  readonly smallestCell: number;
  /** How many messages it was counted from. */
  readonly messages: number;
  readonly cells: readonly unknown[];
}

/** Tables of figures, as the API tells of them. */
export interface StatisticsDesk {
  /** The newest time first. */
  list(wish: TableWish): readonly ShownTable[];
}

const maxListed = 40;

/** The figures as they were kept, each with how many messages it was counted from. */
function cellsOf(content: string): readonly unknown[] {
  const figures: unknown = JSON.parse(content);
  if (!Array.isArray(figures)) return [];
  return figures.map((one: { readonly cell: object; readonly messages?: number }) =>
    one.messages === undefined ? one.cell : { ...one.cell, messages: one.messages },
  );
}

function stateOf(table: StoredTable, { sentAs, hasDraft, now }: { readonly sentAs: string | undefined; readonly hasDraft: boolean; readonly now: EpochMs }): ShownTable["state"] {
  if (sentAs !== undefined) return "SENT";
  if (now < table.until) return "RUNNING";
  return hasDraft ? "DRAFT" : "COUNTED";
} // prettier-ignore

function show(store: Pick<Store, "drafts">, table: StoredTable, now: EpochMs): ShownTable {
  const draft = table.draft === undefined ? undefined : store.drafts.get(table.draft);
  const sentAs = table.sent ?? draft?.message;
  const state = stateOf(table, { sentAs, hasDraft: draft !== undefined, now });
  return {
    type: table.type,
    period: table.period,
    from: renderInstant(table.from),
    until: renderInstant(table.until),
    madeAt: renderInstant(table.madeAt),
    state,
    draft: state === "DRAFT" ? table.draft : undefined,
    sentAs,
    smallestCell,
    messages: table.messages,
    cells: cellsOf(table.content),
  };
}

/** Builds the desk over a gateway's own store. */
export function makeStatisticsDesk({ store, clock }: { readonly store: Pick<Store, "tables" | "drafts">; readonly clock: { now(): EpochMs } }): StatisticsDesk {
  return {
    list: (wish) => store.tables.list({ ...wish, limit: maxListed }).map((table) => show(store, table, clock.now())),
  };
} // prettier-ignore
