import { describe, expect, it } from "vitest";

import { parseBody } from "../../schemas/body/index.ts";
import { type Dice, makeDice, pick } from "../../test/kit/dice.ts";
import type { Fact } from "./fact.ts";
import { smallestCell } from "./gather.ts";
import { roundFigure } from "./gather-exchange.ts";
import { makePace } from "./pace.ts";
import { startCounting } from "./tables.ts"; // prettier-ignore

type Cell = Readonly<Record<string, string | number | undefined>>;

/** What is not even told to be withheld. */
const silent = ["type", "crime", "handling", "purpose", "ground"];
const beside = new Set(["indicator", "side", "closing", "count", "treatment"]);

const values: Readonly<Record<string, readonly string[]>> = {
  type: ["request.information", "query.check", "fiu.request"],
  crime: ["drugs", "arms", "corr"],
  handling: ["H0", "H1", "H2"],
  purpose: ["INVESTIGATION", "FORENSIC", "ANALYSIS"],
  standing: ["IN_TIME", "LATE", "OVERDUE", "RUNNING", "LAPSED"],
  outcome: ["HIT", "NO_HIT", "REFUSED", "NONE_YET"],
  ground: ["OTHER", "CAPITAL_PUNISHMENT", "MINOR_OFFENCE"],
  answerTime: ["UNDER_1H", "UNDER_7D", "FROM_30D"],
  recallResult: ["DELETED", "LEGAL_HOLD"],
};
const told: Readonly<Record<string, readonly string[]>> = {
  MESSAGES: ["type", "crime", "handling", "purpose"],
  DEADLINES: ["standing", "type", "crime"],
  ANSWER_TIMES: ["answerTime", "type"],
  OUTCOMES: ["outcome", "type", "crime", "purpose"],
  REFUSALS: ["ground", "type"],
  RECALLS: ["standing", "recallResult"],
};

type Draw = typeof pick<string>;

/** Some are common and some rare, so that there is something to withhold. */
const skewed: Draw = (dice, all) => (dice(4) > 0 ? all[0]! : pick(dice, all));

function drawFact(dice: Dice, indicator: string, draw: Draw = skewed): Fact {
  const under = Object.fromEntries(told[indicator]!.map((name) => [name, draw(dice, values[name]!)]));
  const closing = indicator === "DEADLINES" ? { closing: pick(dice, ["RESULT", "FEEDBACK"]) } : {};
  const isOwn = dice(3) > 0;
  const party = isOwn ? {} : { party: pick(dice, ["gh/tcu", "sn/tcu", "ml/tcu", "ci/tcu"]) };
  return { indicator, at: 0, count: 1, under, messages: [dice(500)], head: { side: isOwn ? "OWN" : "OTHERS", ...closing }, ...party };
} // prettier-ignore

async function gather(facts: readonly Fact[]): Promise<readonly Cell[]> {
  const counting = startCounting("statistics.exchange");
  for (const fact of facts) counting.add(fact);
  const figures = await counting.figures(makePace({ elapsed: () => 0 }));
  return figures.map(({ cell }) => cell as Cell);
}

function keyOf({ indicator, side, closing = "" }: Cell): string {
  return [indicator, side, closing].join(" ");
}

function dimensionsOf(cell: Cell): readonly string[] {
  return Object.keys(cell).filter((name) => !beside.has(name));
}

/** What is told of some facts by some dimensions, beside what there was. */
interface Margin {
  readonly dimensions: readonly string[];
  readonly shown: readonly { readonly exact: number; readonly count: Cell[string] }[];
  /** Of how many facts it is told, of how many there were. */
  readonly sum: number;
  readonly all: number;
  /** How many classes are named, of how many. */
  readonly named: number;
  readonly classes: number;
}

function marginsOf(cells: readonly Cell[], some: readonly Fact[]): readonly Margin[] {
  return [...Map.groupBy(cells, (cell) => dimensionsOf(cell).join())].map(([names, margin]) => {
    const dimensions = names.split(",");
    const classes = Map.groupBy(some, ({ under }) => dimensions.map((name) => under[name]).join());
    const shown = margin
      .filter(({ count }) => count !== undefined)
      .map((cell) => ({ exact: classes.get(dimensions.map((name) => cell[name]).join())!.length, count: cell["count"] }));
    const sum = shown.reduce((all, { exact }) => all + exact, 0);
    return { dimensions, shown, sum, all: some.length, named: margin.length, classes: classes.size };
  });
} // prettier-ignore

/** Enough of them, and where others did it, of several others. */
function isTold(key: string, some: readonly Fact[]): boolean {
  const others = new Set(some.map(({ party }) => party)).size;
  return some.length >= smallestCell && (key.includes("OWN") || others >= 3);
}

describe("whatever is counted of the exchange", () => {
  const body = { country: "NG", reportingEntity: "The unit", periodFrom: "2026-10-01T00:00:00Z", periodTo: "2026-12-31T23:59:59Z" }; // prettier-ignore

  it("what is told of it and what is withheld are together all of it, and nothing small is told", async () => {
    const margins: Margin[] = [];
    for (let seed = 0; seed < 18; seed += 1) {
      const [dice, isEven] = [makeDice(`exchange ${seed}`), seed % 4 === 0];
      const facts = Array.from({ length: isEven ? 3_000 : 1 + dice(40) * dice(60) }, () => drawFact(dice, pick(dice, Object.keys(told)), isEven ? pick : skewed));
      const cells = await gather(facts);
      // as its readers' gateways read it
      parseBody("statistics.exchange", { ...body, cells });
      const groups = Map.groupBy(facts, ({ indicator, head }) => keyOf({ indicator, ...head }));
      expect(new Set(cells.map(keyOf))).toEqual(new Set(groups.keys()));
      for (const [key, some] of groups) {
        const own = cells.filter((cell) => keyOf(cell) === key);
        expect(own[0]?.["count"]).toBe(isTold(key, some) ? roundFigure(some.length) : undefined);
        if (isTold(key, some)) margins.push(...marginsOf(own.slice(1), some));
        else expect(own).toHaveLength(1);
      }
    }
    for (const { dimensions, shown, sum, all, named, classes } of margins) {
      for (const { exact, count } of shown) expect([exact >= smallestCell, count]).toEqual([true, roundFigure(exact)]);
      expect(all - sum === 0 || all - sum >= smallestCell).toBe(true);
      if (!silent.some((name) => dimensions.includes(name))) expect(named).toBe(classes);
      if (dimensions.length > 1) expect(sum).toBe(all);
    }
    // so much of it was told and withheld that there was something to tell wrongly
    expect(margins.filter(({ shown }) => shown.length > 0).length).toBeGreaterThan(30);
    expect(margins.filter(({ sum, all }) => sum < all).length).toBeGreaterThan(10);
    expect(margins.filter(({ dimensions }) => dimensions.length > 1).length).toBeGreaterThan(3);
  });

  it("of what others did nothing is told by type, crime or purpose but that their messages came", async () => {
    const dice = makeDice("others");
    const facts = Array.from({ length: 3_000 }, () => drawFact(dice, pick(dice, Object.keys(told))));
    const others = (await gather(facts)).filter(({ side, indicator }) => side === "OTHERS" && indicator !== "MESSAGES");
    expect(others.length).toBeGreaterThan(10);
    expect(others.flatMap(dimensionsOf).filter((name) => name !== "ground" && silent.includes(name))).toEqual([]);
  });

  it.each([[11, 10], [12, 10], [13, 15], [17, 15], [18, 20], [1_002, 1_000]])("%i is told as %i", (...row) => {
    expect(roundFigure(row[0])).toBe(row[1]);
  });
}); // prettier-ignore
