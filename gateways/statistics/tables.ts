import type { EpochMs } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { Distinct } from "../../schemas/tables/index.ts";
import type { Fact } from "./fact.ts";
import { gatherExchange } from "./gather-exchange.ts";
import { type Figure, gatherCounts, gatherGoods, type Gathering, gatherPrices, type Plan, smallestCell } from "./gather.ts"; // prettier-ignore
import type { Pace } from "./pace.ts";
import type { Period } from "./period.ts";

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
const maxCells = {
  "tip.statistics": 1_000,
  "statistics.crime": 2_000,
  "statistics.exchange": 2_000,
} as const;

/** Of which figures tables are made. */
export type TableType = keyof typeof maxCells;

function width({ cell }: Figure): number {
  return Object.keys(cell).length;
}

/** When there are more than a body may hold, the broadest. */
function takeBroadest(figures: readonly Figure[], most: number): readonly Figure[] {
  if (figures.length <= most) return figures;
  return figures.toSorted((a, b) => width(a) - width(b)).slice(0, most);
}

/** What one indicator is gathered by. */
function gatherFor(type: TableType, { indicator, head }: Fact): Gathering {
  if (type === "statistics.exchange") return gatherExchange(indicator, head?.["side"]);
  if (type === "tip.statistics") return gatherCounts(tipPlans[indicator] ?? bare);
  if (indicator === "QUANTITY_SEIZED") return gatherGoods();
  return indicator === "PRICE" ? gatherPrices() : gatherCounts(crimePlans[indicator] ?? bare);
}

/** The figures of one time, which are counted one fact after the other. */
export interface Counting {
  add(fact: Fact): void;
  /** Of each indicator and crime its own. */
  figures(pace: Pace): Promise<readonly Figure[]>;
  /** From how many messages they are counted. */
  messages(): number;
}

/** Begins the figures of one time. Whoever adds to them sees to it that the facts are of that time. */
export function startCounting(type: TableType): Counting {
  const groups = new Map<string, { readonly head: object; readonly gathering: Gathering }>();
  const messages = new Distinct();
  const groupOf = (fact: Fact): Gathering => {
    const { crime, indicator } = fact;
    const key = [crime ?? "", indicator, ...Object.values(fact.head ?? {})].join(" ");
    const known = groups.get(key);
    if (known !== undefined) return known.gathering;
    const gathering = gatherFor(type, fact);
    const head = type === "statistics.crime" ? { indicator, crime } : { indicator, ...fact.head };
    groups.set(key, { head, gathering });
    return gathering;
  };
  return {
    add: (fact) => {
      groupOf(fact).add(fact);
      for (const one of fact.messages) messages.add(one);
    },
    figures: async (pace) => {
      const figures: Figure[] = [];
      for (const [, { head, gathering }] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        figures.push(...(await gathering.figures(head, pace)));
        if (pace.isDue()) await pace.rest();
      }
      return takeBroadest(figures, maxCells[type]);
    },
    messages: () => messages.size,
  };
} // prettier-ignore

const method =
  "Counted at night from the messages that this agency sent: each person and case once, as the newest message tells it, in the time of the first; " +
  "of several values the first named counts; of prices the middle one is told, in the commonest currency and unit. Figures below smallestCell are withheld, and others with them so that none follows by subtraction. " +
  "What is not listed is nought or withheld.";

/** Who counts. */
export interface Reporter {
  /** ISO 3166-1. */
  readonly country: string;
  readonly entity: string;
  /** A code of STATISTICS_SOURCE. */
  readonly source: string;
}

/** The body of a table, as a submission has it. */
export function renderBody(reporter: Reporter, { from, until }: Period, { figures, now }: { readonly figures: readonly Figure[]; readonly now: EpochMs }): Readonly<Record<string, unknown>> {
  return {
    country: reporter.country,
    reportingEntity: reporter.entity,
    periodFrom: renderInstant(from),
    periodTo: renderInstant(until - 1_000),
    cells: figures.map(({ cell }) => cell),
    smallestCell,
    sources: [reporter.source],
    coverage: "ONE_AGENCY",
    countedAt: "INPUT",
    provisional: now < until,
    method: { text: method, lang: "en" },
  };
} // prettier-ignore

const methodOfExchange =
  "Counted at night from this agency's own store: messages that reached somebody, each once, under the first crime and purpose named; each matter in the time in which it was opened, as it stood at the last count. " +
  "OWN is what this agency sent, answered, owed or was to delete; OTHERS is what others did, all of them together, and only where at least three did. " +
  "Figures are to the nearest five; those below smallestCell are withheld, and others with them so that none follows by subtraction. What is not listed is nought, withheld or no longer kept.";

/** The body of a table of the exchange, as a submission has it. */
export function renderExchangeBody({ country, entity }: Reporter, { from, until }: Period, { figures, now }: { readonly figures: readonly Figure[]; readonly now: EpochMs }): Readonly<Record<string, unknown>> {
  return {
    country,
    reportingEntity: entity,
    periodFrom: renderInstant(from),
    periodTo: renderInstant(until - 1_000),
    cells: figures.map(({ cell }) => cell),
    smallestCell,
    coverage: "ONE_AGENCY",
    provisional: now < until,
    method: { text: methodOfExchange, lang: "en" },
  };
} // prettier-ignore
