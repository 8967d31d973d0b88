import { describe, expect, it } from "vitest";

import { parseBody } from "../../schemas/body/index.ts";
import { type Story, tellStory } from "../../test/kit/story.ts";
import { makeDice, pick } from "../../test/kit/dice.ts";
import { countCrime } from "./count-crime.ts";
import { countTip } from "./count-tip.ts";
import type { Fact } from "./fact.ts";
import { periodAt } from "./period.ts";
import type { Source } from "./sources.ts";
import { type Figure, makeFigures, renderBody, smallestCell, type TableType } from "./tables.ts";

const own = "zm/tcu";
const other = "mw/police";
const reporter = { country: "ZM", entity: own, source: "POLICE_RECORDS" };

function sourcesOf({ steps }: Story, crimes: readonly string[] = ["tip"]): readonly Source[] {
  return steps.map((step) => ({ step, crimes, firstAt: step.at }));
}

type Said = Readonly<Record<string, unknown>>;

/** The example of a type, once for each body, an hour apart. */
function tell(
  type:
    | "tip.victim"
    | "tip.perpetrator"
    | "tip.case"
    | "tip.referral"
    | "seizure.report"
    | "som.movement"
    | "outcome.judicial"
    | "alert.incident",
  bodies: readonly Said[],
  { from = own, start = 0, story = tellStory() } = {},
): Story {
  for (const [i, body] of bodies.entries())
    story.say({ from, to: [], type, at: start + i / 10, body });
  return story;
}

function victims(count: number, body: (i: number) => Said = () => ({})): readonly Said[] {
  return [...Array(count).keys()].map((i) => ({
    victimRef: `ZM-V-${100 + i}`,
    caseRef: "C-1",
    traffickingStatus: "ACTUAL",
    ...body(i),
  }));
}

function brief(figures: readonly Figure[], indicator: string): readonly string[] {
  return figures.flatMap(({ cell }) => {
    const {
      indicator: own_,
      treatment: _,
      count = "-",
      quantity,
      ...under
    } = cell as Record<string, unknown>;
    const { value, unit } = (quantity ?? {}) as { value?: string; unit?: string };
    return own_ === indicator
      ? [
          `${Object.values(under).join(" ")} ${String(value === undefined ? count : `${value} ${unit}`)}`.trim(),
        ]
      : [];
  });
}

/** Reads a table as its readers' gateways do: every rule over it holds. */
function checked(type: TableType, facts: readonly Fact[]): readonly Figure[] {
  const period = periodAt("YEAR", Date.UTC(2026, 10, 2));
  const figures = makeFigures(type, facts, period);
  if (figures.length > 0)
    parseBody(type, renderBody(reporter, period, { figures, now: period.until }));
  return figures;
}

const tip = (story: Story): readonly Figure[] =>
  checked("tip.statistics", countTip(sourcesOf(story), own));
const crime = (story: Story, crimes = ["drugs"]): readonly Figure[] =>
  checked("statistics.crime", countCrime(sourcesOf(story, crimes), own));

describe("figures of trafficking", () => {
  it("count each victim once, by sex, age, citizenship, form and movement, and withhold what is small", () => {
    const bodies = victims(40, (i) => ({ sex: i < 26 ? "F" : "M", ageBand: i < 3 ? "AGE_9_17" : "AGE_21_23", citizenships: [i < 30 ? "ZM" : "MW"], exploitation: [i < 20 ? "FORCED_LABOUR" : "SERVITUDE"] }));
    const story = tell("tip.case", [{ caseRef: "C-1", movement: "CROSS_BORDER" }]);
    const figures = tip(tell("tip.victim", [...bodies, ...bodies.slice(0, 7)], { story, start: 1 }));
    expect(brief(figures, "VICTIMS_DETECTED")).toEqual([
      "40", "F 26", "M 14", "ADULT -", "MINOR -", "FORCED_LABOUR 20", "SERVITUDE 20", "CROSS_BORDER 40",
    ]);
    expect(figures.find(({ cell }) => cell["sex"] === "F")?.messages).toBe(33);
    // one case is few
    expect(brief(figures, "OFFENCES_RECORDED")).toEqual(["-"]);
  });

  it("tell pairs whole where every part is large enough", () => {
    const story = tell("tip.victim", victims(60, (i) => ({ sex: i % 2 === 0 ? "F" : "M", ageBand: i < 30 ? "MINOR" : "ADULT", citizenships: ["ZM"], exploitation: ["SERVITUDE"] })));
    expect(brief(tip(story), "VICTIMS_DETECTED").slice(-7)).toEqual(["ADULT F 15", "ADULT M 15", "MINOR F 15", "MINOR M 15", "ADULT SERVITUDE 30", "MINOR SERVITUDE 30", "UNKNOWN ZM 60"]);
  });

  it("the newest word on a victim counts: presumed, then detected, then found to be none", () => {
    const story = tell("tip.victim", victims(30, () => ({ traffickingStatus: "POSSIBLE" })));
    expect(brief(tip(story), "VICTIMS_PRESUMED")[0]).toBe("30");
    tell("tip.victim", victims(14), { story, start: 50 });
    expect([brief(tip(story), "VICTIMS_PRESUMED")[0], brief(tip(story), "VICTIMS_DETECTED")[0]]).toEqual(["16", "14"]);
    tell("tip.victim", victims(3, () => ({ traffickingStatus: "NOT" })), { story, start: 90 });
    expect(brief(tip(story), "VICTIMS_DETECTED")[0]).toBe("11");
  });

  it("what another agency told is read to know a person by, and is not counted: it counts that itself", () => {
    const story = tell("tip.victim", victims(20, () => ({ sex: "F" })), { from: other });
    expect(tip(story)).toEqual([]);
    tell("tip.referral", victims(20).map(({ victimRef }) => ({ victimRef, stage: "STARTED", acceptedOn: { year: 2026 }, sex: undefined, ageBand: undefined })), { story, start: 9 });
    expect(brief(tip(story), "VICTIMS_ASSISTED").slice(0, 2)).toEqual(["20", "F 20"]);
    expect(brief(tip(story), "VICTIMS_DETECTED")).toEqual([]);
  });

  it("count a perpetrator at each stage that is reached, and none of whom it was taken back", () => {
    const refs = [...Array(24).keys()].map((i) => ({ perpetratorRef: `ZM-P-${100 + i}`, caseRef: "C-1", justiceStage: "INVESTIGATED" }));
    const story = tell("tip.perpetrator", refs);
    tell("tip.perpetrator", refs.slice(0, 15).map((one) => ({ ...one, justiceStage: "CONVICTED" })), { story, start: 20 });
    tell("tip.perpetrator", refs.slice(20).map((one) => ({ ...one, justiceStage: "WITHDRAWN" })), { story, start: 40 });
    const figures = tip(story);
    expect(["PERSONS_SUSPECTED", "PERSONS_PROSECUTED", "PERSONS_CONVICTED", "PERSONS_ACQUITTED"].map((one) => brief(figures, one)[0])).toEqual(["20", "15", "15", undefined]);
  });

  it("are of the time in which something was first said, and of no other", () => {
    const story = tell("tip.victim", victims(12));
    tell("tip.victim", victims(12), { story, start: 24 * 200 });
    const facts = countTip(sourcesOf(story), own);
    const counts = [0, -1, -2].map((before) => makeFigures("tip.statistics", facts, periodAt("QUARTER", story.steps[0]!.at, before)).length > 0);
    expect(counts).toEqual([true, false, false]);
  });
}); // prettier-ignore

describe("figures of crime", () => {
  it("count seizures and goods by kind, each kind in one unit", () => {
    const goods = (kind: string, value: string, unit: string): Said => ({ commodities: [{ kind, quantity: { value, unit } }], arrests: undefined, profiles: [], persons: [] });
    const figures = crime(tell("seizure.report", [goods("COCAINE", "1.5", "KG"), goods("COCAINE", "2.25", "KG"), goods("COCAINE", "9", "PIECE"), goods("IVORY", "4", "PIECE")]));
    expect(brief(figures, "SEIZURES")).toEqual(["drugs 4", "drugs COCAINE 3", "drugs IVORY 1"]);
    expect(brief(figures, "QUANTITY_SEIZED")).toEqual(["drugs COCAINE 3.75 KG", "drugs IVORY 4 PIECE"]);
  });

  it("count persons arrested and suspected, and withhold them where they are few", () => {
    const seized = (arrests: number, suspects: number): Said => ({ arrests, profiles: [{ role: "SUSPECT", sex: "M", ageBand: "AGE_30_38", nationality: "ZM", count: suspects }, { role: "WITNESS", sex: "F", count: 50 }] });
    const few = crime(tell("seizure.report", [seized(2, 4), seized(3, 1)]));
    expect([brief(few, "PERSONS_ARRESTED"), brief(few, "PERSONS_SUSPECTED")]).toEqual([["drugs -"], ["drugs -"]]);
    const many = crime(tell("seizure.report", [seized(9, 8), seized(3, 12)]));
    expect(brief(many, "PERSONS_ARRESTED")).toEqual(["drugs 12"]);
    expect(brief(many, "PERSONS_SUSPECTED")).toEqual(["drugs 20", "drugs M 20", "drugs ADULT 20", "drugs ZM 20", "drugs ADULT M 20"]);
  });

  it("count the smuggled of a movement once, as it was told last, with those of whom nothing is known", () => {
    const moved = (smuggledTotal: number): Said => ({ caseRef: "M-1", smuggled: [{ role: "SMUGGLED_PERSON", sex: "F", count: 15 }], smuggledTotal });
    const figures = crime(tell("som.movement", [moved(20), moved(40)]), ["som"]);
    expect(brief(figures, "PERSONS_SMUGGLED")).toEqual(["som 40", "som F 15", "som UNKNOWN 25", "som UNKNOWN 40", "som UNKNOWN F 15", "som UNKNOWN UNKNOWN 25"]);
  });

  it("count a judgment by its own crime, the newest on the same messages alone", () => {
    const judged = (personsConvicted: number): Said => ({ personsConvicted, personsCharged: 30, personsAcquitted: 0, crimes: ["arms"] });
    const figures = crime(tell("outcome.judicial", [judged(12), judged(25)]));
    expect(["PERSONS_PROSECUTED", "PERSONS_CONVICTED"].map((one) => brief(figures, one))).toEqual([["arms 30"], ["arms 25"]]);
  });
}); // prettier-ignore

/** How many different victims the newest words tell of, counted plainly. */
function recount(bodies: readonly Said[], holds: (body: Said) => boolean): number {
  return [...new Map(bodies.map((body) => [body["victimRef"], body])).values()].filter(holds)
    .length;
}

describe("figures drawn at random", () => {
  it("are what a plain count of the newest words finds, or at least as many are withheld", () => {
    for (let i = 0; i < 8; i += 1) {
      const dice = makeDice(`figures ${i}`);
      const ages = ["AGE_0_8", "AGE_9_17", "MINOR", "AGE_18_20", "ADULT", "AGE_48_PLUS", "UNKNOWN"];
      const bodies = [...Array(30 + dice(50)).keys()].map((): Said => ({
        victimRef: `ZM-V-${100 + dice(50)}`, caseRef: "C-1", traffickingStatus: pick(dice, ["ACTUAL", "ACTUAL", "POSSIBLE", "NOT"]),
        sex: pick(dice, ["F", "F", "F", "M", "X"]), ageBand: pick(dice, ages), citizenships: [pick(dice, ["ZM", "MW", "BI"])],
      }));
      for (const { cell } of tip(tell("tip.victim", bodies))) {
        const { indicator, count, sex, citizenship, ageBand, exploitation, movement } = cell;
        if ([exploitation, movement].some((one) => one !== undefined)) continue;
        const status = indicator === "VICTIMS_DETECTED" ? "ACTUAL" : "POSSIBLE";
        const adult = (band: unknown): string => (band === "UNKNOWN" ? "UNKNOWN" : ["AGE_0_8", "AGE_9_17", "MINOR"].includes(String(band)) ? "MINOR" : "ADULT");
        const found = recount(bodies, (body) => body["traffickingStatus"] === status && (sex === undefined || body["sex"] === sex) &&
          (ageBand === undefined || adult(body["ageBand"]) === ageBand) && (citizenship === undefined || (body["citizenships"] as string[])[0] === citizenship));
        if (count === undefined) expect(found).toBeGreaterThan(0);
        else expect([count, found >= smallestCell]).toEqual([found, true]);
      }
    }
  });
}); // prettier-ignore
