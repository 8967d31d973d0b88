import { addDecimals } from "../../../schemas/tables/index.ts";
import { type Cell, makeTable, type TablePlan } from "./make-table.ts";
import type { Fact } from "./fact.ts";
import type { Period } from "../../../gateways/statistics/period.ts";

/** The threshold of the Counter-Trafficking Data Collaborative's public data. */
export const smallestCell = 11;

/** A figure as bodies hold it, and from how many messages it was counted, which bodies do not tell. */
export interface Figure {
  readonly cell: Readonly<Record<string, unknown>>;
  /** Withheld with the figure. */
  readonly messages?: number | undefined;
}

type Plan = Pick<TablePlan, "dimensions" | "pairs" | "smallest">;

const persons = ["sex", "ageBand", "citizenship"];
const ofVictims: Plan = {
  dimensions: [...persons, "exploitation", "movement"],
  pairs: [["ageBand", "sex"], ["ageBand", "exploitation"], ["movement", "citizenship"]],
  smallest: smallestCell,
}; // prettier-ignore
const ofSuspects: Plan = {
  dimensions: [...persons, "processRole", "movement"],
  pairs: [["ageBand", "sex"], ["movement", "citizenship"]],
  smallest: smallestCell,
}; // prettier-ignore
const ofCases: Plan = { dimensions: ["exploitation", "movement"], pairs: [["movement", "exploitation"]], smallest: smallestCell }; // prettier-ignore
const ofPersons: Plan = {
  dimensions: persons,
  pairs: [["ageBand", "sex"]],
  smallest: smallestCell,
};
const ofGoods: Plan = { dimensions: ["commodity"], pairs: [], smallest: 0 };
/** What is told of them is how many there are. */
const ofNothing: Plan = { dimensions: [], pairs: [], smallest: 0 };
const bare: Plan = { ...ofNothing, smallest: smallestCell };

/** What is told of trafficking; of cases too nothing small, for there is somebody in each. */
const tipPlans: Readonly<Record<string, Plan>> = {
  EVENTS: ofCases,
  OFFENCES_RECORDED: ofCases,
  VICTIMS_PRESUMED: ofVictims,
  VICTIMS_DETECTED: ofVictims,
  VICTIMS_ASSISTED: ofVictims,
  VICTIMS_REPATRIATED: ofVictims,
  PERSONS_SUSPECTED: ofSuspects,
  PERSONS_PROSECUTED: ofSuspects,
  PERSONS_CONVICTED: ofSuspects,
  PERSONS_ACQUITTED: ofSuspects,
};

const crimePlans: Readonly<Record<string, Plan>> = {
  INCIDENTS: ofNothing,
  REQUESTS_SENT: ofNothing,
  SEIZURES: ofGoods,
  QUANTITY_SEIZED: ofGoods,
  PERSONS_ARRESTED: bare,
  PERSONS_PROSECUTED: bare,
  PERSONS_CONVICTED: bare,
  PERSONS_ACQUITTED: bare,
  PERSONS_SUSPECTED: ofPersons,
  PERSONS_SMUGGLED: ofPersons,
  PERSONS_HELD: ofPersons,
  VICTIMS: ofPersons,
};

/** As many as a body may hold. */
const maxCells = { "tip.statistics": 1_000, "statistics.crime": 2_000 } as const;

/** Of which figures tables are made. */
export type TableType = keyof typeof maxCells;

/** A country that nobody told of has no code, and no cell. */
function isNamed({ under }: Cell): boolean {
  return under["citizenship"] !== "UNKNOWN" && under["commodity"] !== "UNKNOWN";
}

function tableOf(facts: readonly Fact[], plan: Plan): readonly Cell[] {
  const cells = makeTable(facts, { ...plan, silent: ["citizenship"], unknown: "UNKNOWN" });
  return cells.filter(isNamed);
}

function renderCount(head: object, { under, count, messages }: Cell): Figure {
  const shown = count === undefined ? { treatment: "SUPPRESSED" } : { count, treatment: "EXACT" };
  return { cell: { ...head, ...under, ...shown }, messages };
}

/** Kilograms and pieces do not add up: each kind of goods is told in the unit that most reports have. */
function renderGoods(head: object, facts: readonly Fact[]): readonly Figure[] {
  const byKind = Map.groupBy(facts, ({ under }) => under["commodity"] ?? "UNKNOWN");
  return [...byKind].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([commodity, some]): readonly Figure[] => {
    const units = [...Map.groupBy(some, ({ quantity }) => quantity?.unit ?? "")];
    const [unit = "", own = []] = units.toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))[0] ?? [];
    const value = addDecimals(own.map(({ quantity }) => quantity?.value ?? "0"));
    const isEstimated = own.some(({ quantity }) => quantity?.estimated);
    const messages = new Set(own.flatMap((one) => one.messages)).size;
    const cell = { ...head, commodity, quantity: { value, unit }, treatment: isEstimated ? "ESTIMATED" : "EXACT" };
    return unit === "" || commodity === "UNKNOWN" ? [] : [{ cell, messages }];
  });
} // prettier-ignore

/** The lower middle one: a price that somebody told, and no sum of which a part follows. */
function middleOf(prices: readonly string[]): string {
  const rising = prices.toSorted((a, b) => Number(a) - Number(b));
  return rising[Math.floor((rising.length - 1) / 2)] ?? "0";
}

type Priced = Fact & { readonly price: NonNullable<Fact["price"]> };

/** The price of one thing, in the currency and unit that most reports have; of persons none of fewer movements than a figure may tell of. */
function renderPrice(head: object, commodity: string | undefined, some: readonly Priced[]): Figure {
  const sorts = [...Map.groupBy(some, ({ price: { currency, unit = "" } }) => `${currency} ${unit}`)];
  const [, own = []] = sorts.toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))[0] ?? [];
  const { currency = "", unit } = own[0]?.price ?? {};
  const under = { ...head, ...(commodity === undefined ? {} : { commodity }), ...(unit === undefined ? {} : { quantity: { value: "1", unit } }) };
  if (commodity === undefined && own.length < smallestCell) return { cell: { ...head, treatment: "SUPPRESSED" } };
  const price = { amount: middleOf(own.map((one) => one.price.amount)), currency };
  const messages = new Set(own.flatMap((one) => one.messages)).size;
  return { cell: { ...under, price, treatment: commodity === undefined ? "EXACT" : "ESTIMATED" }, messages };
} // prettier-ignore

function renderPrices(head: object, facts: readonly Fact[]): readonly Figure[] {
  const priced = facts.flatMap((fact): Priced[] => (fact.price === undefined ? [] : [{ ...fact, price: fact.price }]));
  const byThing = [...Map.groupBy(priced, ({ under }) => under["commodity"])].toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return byThing.filter(([commodity]) => commodity !== "UNKNOWN").map(([commodity, some]) => renderPrice(head, commodity, some));
} // prettier-ignore

function figuresOfCrime(head: object, indicator: string, facts: readonly Fact[]): readonly Figure[] {
  if (indicator === "QUANTITY_SEIZED") return renderGoods(head, facts);
  if (indicator === "PRICE") return renderPrices(head, facts);
  return tableOf(facts, crimePlans[indicator] ?? bare).map((cell) => renderCount(head, cell));
} // prettier-ignore

/** When there are more than a body may hold, the broadest. */
function takeBroadest(figures: readonly Figure[], most: number): readonly Figure[] {
  if (figures.length <= most) return figures;
  const width = ({ cell }: Figure): number => Object.keys(cell).length;
  return figures.toSorted((a, b) => width(a) - width(b)).slice(0, most);
}

function groupOf({ crime = "", indicator }: Fact): string {
  return `${crime} ${indicator}`;
}

/** The figures of one time, of each indicator and crime its own. */
export function makeFigures(type: TableType, facts: readonly Fact[], { from, until }: Period): readonly Figure[] {
  const own = facts.filter(({ at }) => at >= from && at < until);
  const groups = [...Map.groupBy(own, groupOf)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const figures = groups.flatMap(([, some]): readonly Figure[] => {
    const [{ indicator, crime } = { indicator: "", crime: "" }] = some;
    if (type === "statistics.crime") return figuresOfCrime({ indicator, crime }, indicator, some);
    return tableOf(some, tipPlans[indicator] ?? bare).map((cell) => renderCount({ indicator }, cell));
  });
  return takeBroadest(figures, maxCells[type]);
} // prettier-ignore
