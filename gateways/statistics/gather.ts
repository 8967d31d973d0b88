import {
  addDecimals,
  type Cell,
  Distinct,
  startTally,
  type TablePlan,
} from "../../schemas/tables/index.ts";
import type { Fact } from "./fact.ts";
import { type Pace, sortInPieces } from "./pace.ts";

/** The threshold of the Counter-Trafficking Data Collaborative's public data. */
export const smallestCell = 11;

/** A figure as bodies hold it, and from how many messages it was counted, which bodies do not tell. */
export interface Figure {
  readonly cell: Readonly<Record<string, unknown>>;
  /** Withheld with the figure. */
  readonly messages?: number | undefined;
}

/** What persons and things of one indicator are counted by. */
export type Plan = Pick<TablePlan, "dimensions" | "pairs" | "smallest">;

/** The figures of one indicator while they are counted: of each fact only the sums it goes into are kept, and prices. */
export interface Gathering {
  add(fact: Fact): void;
  /** What stands in each figure before what it tells. */
  figures(head: object, pace: Pace): Promise<readonly Figure[]>;
}

/** A country that nobody told of has no code, and no cell. */
function isNamed({ under }: Cell): boolean {
  return under["citizenship"] !== "UNKNOWN" && under["commodity"] !== "UNKNOWN";
}

function renderCount(head: object, { under, count, messages }: Cell): Figure {
  const shown = count === undefined ? { treatment: "SUPPRESSED" } : { count, treatment: "EXACT" };
  return { cell: { ...head, ...under, ...shown }, messages };
}

/** Counts by a plan. */
export function gatherCounts(plan: Plan): Gathering {
  const tally = startTally({ ...plan, silent: ["citizenship"], unknown: "UNKNOWN" });
  return {
    add: (fact) => tally.add(fact),
    figures: (head) => Promise.resolve(tally.cells().filter(isNamed).map((cell) => renderCount(head, cell))),
  };
} // prettier-ignore

/** The commonest first, of those alike the first by name. */
function commonest<T extends { readonly facts: number }>(sorts: ReadonlyMap<string, T>): readonly [string, T] | undefined {
  return [...sorts].toSorted(([a, x], [b, y]) => y.facts - x.facts || (a < b ? -1 : 1))[0];
} // prettier-ignore

function sortIn<T>(sorts: Map<string, T>, name: string, make: () => T): T {
  const known = sorts.get(name) ?? make();
  sorts.set(name, known);
  return known;
}

function byName<T>(all: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...all].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

interface Goods {
  facts: number;
  value: string;
  isEstimated: boolean;
  readonly messages: Distinct;
}

/** Kilograms and pieces do not add up: each kind of goods is told in the unit that most reports have. */
export function gatherGoods(): Gathering {
  const kinds = new Map<string, Map<string, Goods>>();
  return {
    add: ({ under, quantity, messages }) => {
      const units = sortIn(kinds, under["commodity"] ?? "UNKNOWN", () => new Map<string, Goods>());
      const own = sortIn(units, quantity?.unit ?? "", () => ({ facts: 0, value: "0", isEstimated: false, messages: new Distinct() }));
      own.facts += 1;
      own.value = addDecimals([own.value, quantity?.value ?? "0"]);
      own.isEstimated ||= quantity?.estimated === true;
      for (const one of messages) own.messages.add(one);
    },
    figures: (head) => Promise.resolve(byName(kinds).flatMap(([commodity, units]): readonly Figure[] => {
      const [unit = "", own] = commonest(units) ?? [];
      if (own === undefined || unit === "" || commodity === "UNKNOWN") return [];
      const quantity = { value: own.value, unit };
      const cell = { ...head, commodity, quantity, treatment: own.isEstimated ? "ESTIMATED" : "EXACT" };
      return [{ cell, messages: own.messages.size }];
    })),
  };
} // prettier-ignore

type Price = NonNullable<Fact["price"]>;

interface Prices {
  facts: number;
  readonly currency: string;
  readonly unit: string | undefined;
  readonly all: Price[];
  readonly messages: Distinct;
}

/** The lower middle one: a price that somebody told, and no sum of which a part follows. */
async function middleOf(prices: readonly Price[], pace: Pace): Promise<string> {
  const rising = await sortInPieces(prices, (a, b) => Number(a.amount) - Number(b.amount), pace);
  return rising[Math.floor((rising.length - 1) / 2)]?.amount ?? "0";
}

/** The price of one thing, in the currency and unit that most reports have; of persons none of fewer movements than a figure may tell of. */
async function renderPrice(head: object, [commodity, sorts]: readonly [string, ReadonlyMap<string, Prices>], pace: Pace): Promise<readonly Figure[]> {
  const [, own] = commonest(sorts) ?? [];
  if (own === undefined) return [];
  const { facts, currency, unit, messages } = own;
  const isOfPersons = commodity === "";
  if (isOfPersons && facts < smallestCell) return [{ cell: { ...head, treatment: "SUPPRESSED" } }];
  const thing = { ...(isOfPersons ? {} : { commodity }), ...(unit === undefined ? {} : { quantity: { value: "1", unit } }) };
  const price = { amount: await middleOf(own.all, pace), currency };
  const cell = { ...head, ...thing, price, treatment: isOfPersons ? "EXACT" : "ESTIMATED" };
  return [{ cell, messages: messages.size }];
} // prettier-ignore

/** The middle of what was paid or what things were held to be worth; all prices are kept until then. */
export function gatherPrices(): Gathering {
  const things = new Map<string, Map<string, Prices>>();
  return {
    add: ({ under, price, messages }) => {
      if (price === undefined || under["commodity"] === "UNKNOWN") return;
      const { currency, unit } = price;
      const sorts = sortIn(things, under["commodity"] ?? "", () => new Map<string, Prices>());
      const own = sortIn(sorts, `${currency} ${unit ?? ""}`, () => ({ facts: 0, currency, unit, all: [], messages: new Distinct() }));
      own.facts += 1;
      own.all.push(price);
      for (const one of messages) own.messages.add(one);
    },
    figures: async (head, pace) => {
      const figures: Figure[] = [];
      for (const thing of byName(things)) figures.push(...(await renderPrice(head, thing, pace)));
      return figures;
    },
  };
} // prettier-ignore
