import { describe, expect, it } from "vitest";

import { parseBody } from "../../schemas/body/index.ts";
import { type Story, tellStory } from "../../test/kit/story.ts";
import { makeDice, pick } from "../../test/kit/dice.ts";
import { countCrime } from "./count-crime.ts";
import { countTip } from "./count-tip.ts";
import type { Fact } from "./fact.ts";
import { type Period, periodAt } from "./period.ts";
import type { Source } from "./sources.ts";
import { makeAlike, tell as tellOf } from "./told.ts";
import { type Figure, smallestCell } from "./gather.ts";
import { makePace } from "./pace.ts";
import { renderBody, startCounting, type TableType } from "./tables.ts";

const own = "zm/tcu";
const other = "mw/police";
const reporter = { country: "ZM", entity: own, source: "POLICE_RECORDS" };

function sourcesOf({ steps }: Story, crimes: readonly string[] = ["tip"]): readonly Source[] {
  return steps.map((step, seq) => ({
    ...step,
    seq,
    told: tellOf(step, makeAlike()),
    crimes,
    firstAt: step.at,
    replaces: [],
    thread: "t",
  }));
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
    | "suspect.handover"
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
      price,
      ...under
    } = cell as Record<string, unknown>;
    const { value, unit } = (quantity ?? {}) as { value?: string; unit?: string };
    const { amount, currency } = (price ?? {}) as { amount?: string; currency?: string };
    const says =
      amount === undefined
        ? value === undefined
          ? count
          : `${value} ${unit}`
        : `${amount} ${currency}${unit === undefined ? "" : `/${unit}`}`;
    return own_ === indicator ? [`${Object.values(under).join(" ")} ${String(says)}`.trim()] : []; // prettier-ignore
  });
}

const pace = makePace({ elapsed: () => 0 });

async function makeFigures(type: TableType, facts: readonly Fact[], period: Period): Promise<readonly Figure[]> {
  const counting = startCounting(type);
  for (const fact of facts) if (fact.at >= period.from && fact.at < period.until) counting.add(fact);
  return await counting.figures(pace);
} // prettier-ignore

/** Without the rests between. */
function factsOf(found: Iterable<Fact | undefined>): readonly Fact[] {
  return [...found].flatMap((one) => one ?? []);
}

/** Reads a table as its readers' gateways do: every rule over it holds. */
async function checked(type: TableType, facts: readonly Fact[]): Promise<readonly Figure[]> {
  const period = periodAt("YEAR", Date.UTC(2026, 10, 2));
  const figures = await makeFigures(type, facts, period);
  if (figures.length > 0)
    parseBody(type, renderBody(reporter, period, { figures, now: period.until }));
  return figures;
}

const tip = async (story: Story): Promise<readonly Figure[]> =>
  await checked("tip.statistics", factsOf(countTip(sourcesOf(story), own)));
const crime = async (story: Story, crimes = ["drugs"]): Promise<readonly Figure[]> =>
  await checked("statistics.crime", factsOf(countCrime(sourcesOf(story, crimes), own)));

describe("figures of trafficking", () => {
  it("count each victim once, by sex, age, citizenship, form and movement, and withhold what is small", async () => {
    const bodies = victims(40, (i) => ({ sex: i < 26 ? "F" : "M", ageBand: i < 3 ? "AGE_9_17" : "AGE_21_23", citizenships: [i < 30 ? "ZM" : "MW"], exploitation: [i < 20 ? "FORCED_LABOUR" : "SERVITUDE"] }));
    const story = tell("tip.case", [{ caseRef: "C-1", movement: "CROSS_BORDER" }]);
    const figures = await tip(tell("tip.victim", [...bodies, ...bodies.slice(0, 7)], { story, start: 1 }));
    expect(brief(figures, "VICTIMS_DETECTED")).toEqual([
      "40", "F 26", "M 14", "ADULT -", "MINOR -", "FORCED_LABOUR 20", "SERVITUDE 20", "CROSS_BORDER 40",
    ]);
    expect(figures.find(({ cell }) => cell["sex"] === "F")?.messages).toBe(33);
    // one case is few
    expect(brief(figures, "OFFENCES_RECORDED")).toEqual(["-"]);
  });

  it("tell pairs whole where every part is large enough", async () => {
    const story = tell("tip.victim", victims(60, (i) => ({ sex: i % 2 === 0 ? "F" : "M", ageBand: i < 30 ? "MINOR" : "ADULT", citizenships: ["ZM"], exploitation: ["SERVITUDE"] })));
    expect(brief(await tip(story), "VICTIMS_DETECTED").slice(-7)).toEqual(["ADULT F 15", "ADULT M 15", "MINOR F 15", "MINOR M 15", "ADULT SERVITUDE 30", "MINOR SERVITUDE 30", "UNKNOWN ZM 60"]);
  });

  it("the newest word on a victim counts: presumed, then detected, then found to be none", async () => {
    const story = tell("tip.victim", victims(30, () => ({ traffickingStatus: "POSSIBLE" })));
    expect(brief(await tip(story), "VICTIMS_PRESUMED")[0]).toBe("30");
    tell("tip.victim", victims(14), { story, start: 50 });
    expect([brief(await tip(story), "VICTIMS_PRESUMED")[0], brief(await tip(story), "VICTIMS_DETECTED")[0]]).toEqual(["16", "14"]);
    tell("tip.victim", victims(3, () => ({ traffickingStatus: "NOT" })), { story, start: 90 });
    expect(brief(await tip(story), "VICTIMS_DETECTED")[0]).toBe("11");
  });

  it("what another agency told is read to know a person by, and is not counted: it counts that itself", async () => {
    const story = tell("tip.victim", victims(20, () => ({ sex: "F" })), { from: other });
    expect(await tip(story)).toEqual([]);
    tell("tip.referral", victims(20).map(({ victimRef }) => ({ victimRef, stage: "STARTED", acceptedOn: { year: 2026 }, sex: undefined, ageBand: undefined })), { story, start: 9 });
    expect(brief(await tip(story), "VICTIMS_ASSISTED").slice(0, 2)).toEqual(["20", "F 20"]);
    expect(brief(await tip(story), "VICTIMS_DETECTED")).toEqual([]);
  });

  it("count a perpetrator at each stage that is reached, and none of whom it was taken back", async () => {
    const refs = [...Array(24).keys()].map((i) => ({ perpetratorRef: `ZM-P-${100 + i}`, caseRef: "C-1", justiceStage: "INVESTIGATED" }));
    const story = tell("tip.perpetrator", refs);
    tell("tip.perpetrator", refs.slice(0, 15).map((one) => ({ ...one, justiceStage: "CONVICTED" })), { story, start: 20 });
    tell("tip.perpetrator", refs.slice(20).map((one) => ({ ...one, justiceStage: "WITHDRAWN" })), { story, start: 40 });
    const figures = await tip(story);
    expect(["PERSONS_SUSPECTED", "PERSONS_PROSECUTED", "PERSONS_CONVICTED", "PERSONS_ACQUITTED"].map((one) => brief(figures, one)[0])).toEqual(["20", "15", "15", undefined]);
  });

  it("count the events of a case as it tells them, and withhold them by cases: many events of one case are one case", async () => {
    const told = (from: number, cases: number, events: number): readonly Said[] => [...Array(cases).keys()].map((i) => ({ caseRef: `C-${from + i}`, movement: "DOMESTIC", exploitation: ["SERVITUDE"], events: Array.from({ length: events }, () => ({ type: "TRANSIT" })) }));
    const story = tell("tip.case", told(0, 10, 4));
    expect(brief(await tip(story), "EVENTS")).toEqual(["-"]);
    tell("tip.case", told(10, 1, 2), { story, start: 5 });
    expect(brief(await tip(story), "EVENTS")).toEqual(["42", "SERVITUDE 42", "DOMESTIC 42", "DOMESTIC SERVITUDE 42"]);
    // the newest word: of one case fewer than was told, of another more, and those of when they were told
    tell("tip.case", [{ ...told(0, 1, 1)[0]! }, { ...told(1, 1, 6)[0]! }], { story, start: 24 * 200 });
    const facts = factsOf(countTip(sourcesOf(story), own)).filter(({ indicator }) => indicator === "EVENTS");
    const [first, last] = [story.steps[0]!.at, story.steps.at(-1)!.at];
    const sum = (some: readonly Fact[]): number => some.reduce((all, { count }) => all + count, 0);
    expect([sum(facts.filter(({ at }) => at < last)), sum(facts.filter(({ at }) => at >= last))]).toEqual([42 - 3, 2]);
    expect(first).toBeLessThan(last);
  });

  it("are of the time in which something was first said, and of no other", async () => {
    const story = tell("tip.victim", victims(12));
    tell("tip.victim", victims(12), { story, start: 24 * 200 });
    const facts = factsOf(countTip(sourcesOf(story), own));
    const figures = await Promise.all([0, -1, -2].map((before) => makeFigures("tip.statistics", facts, periodAt("QUARTER", story.steps[0]!.at, before))));
    const counts = figures.map(({ length }) => length > 0);
    expect(counts).toEqual([true, false, false]);
  });
}); // prettier-ignore

describe("figures of crime", () => {
  it("count seizures and goods by kind, each kind in one unit", async () => {
    const goods = (kind: string, value: string, unit: string): Said => ({ commodities: [{ kind, quantity: { value, unit } }], arrests: undefined, profiles: [], persons: [] });
    const figures = await crime(tell("seizure.report", [goods("COCAINE", "1.5", "KG"), goods("COCAINE", "2.25", "KG"), goods("COCAINE", "9", "PIECE"), goods("IVORY", "4", "PIECE")]));
    expect(brief(figures, "SEIZURES")).toEqual(["drugs 4", "drugs COCAINE 3", "drugs IVORY 1"]);
    expect(brief(figures, "QUANTITY_SEIZED")).toEqual(["drugs COCAINE 3.75 KG", "drugs IVORY 4 PIECE"]);
  });

  it("count persons arrested and suspected, and withhold them where they are few", async () => {
    const seized = (arrests: number, suspects: number): Said => ({ arrests, profiles: [{ role: "SUSPECT", sex: "M", ageBand: "AGE_30_38", nationality: "ZM", count: suspects }, { role: "WITNESS", sex: "F", count: 50 }] });
    const few = await crime(tell("seizure.report", [seized(2, 4), seized(3, 1)]));
    expect([brief(few, "PERSONS_ARRESTED"), brief(few, "PERSONS_SUSPECTED")]).toEqual([["drugs -"], ["drugs -"]]);
    const many = await crime(tell("seizure.report", [seized(9, 8), seized(3, 12)]));
    expect(brief(many, "PERSONS_ARRESTED")).toEqual(["drugs 12"]);
    expect(brief(many, "PERSONS_SUSPECTED")).toEqual(["drugs 20", "drugs M 20", "drugs ADULT 20", "drugs ZM 20", "drugs ADULT M 20"]);
  });

  it("count the smuggled of a movement once, as it was told last, with those of whom nothing is known", async () => {
    const moved = (smuggledTotal: number): Said => ({ caseRef: "M-1", smuggled: [{ role: "SMUGGLED_PERSON", sex: "F", count: 15 }], smuggledTotal });
    const figures = await crime(tell("som.movement", [moved(20), moved(40)]), ["som"]);
    expect(brief(figures, "PERSONS_SMUGGLED")).toEqual(["som 40", "som F 15", "som UNKNOWN 25", "som UNKNOWN 40", "som UNKNOWN F 15", "som UNKNOWN UNKNOWN 25"]);
  });

  it("count a judgment by its own crime, the newest on the same messages alone", async () => {
    const judged = (personsConvicted: number): Said => ({ personsConvicted, personsCharged: 30, personsAcquitted: 0, crimes: ["arms"] });
    const figures = await crime(tell("outcome.judicial", [judged(12), judged(25)]));
    expect(["PERSONS_PROSECUTED", "PERSONS_CONVICTED"].map((one) => brief(figures, one))).toEqual([["arms 30"], ["arms 25"]]);
  });
}); // prettier-ignore

describe("figures of alerts", () => {
  const bare = { profiles: [], arrested: undefined, victims: undefined, relatedIds: [], persons: [] };
  const victimsOf = (count: number, sex: string): Said => ({ role: "VICTIM", sex, ageBand: "MINOR", nationality: "MW", count });
  const update = (story: Story, about: Story["steps"][number], { at, ...body }: Said & { readonly at: number }): void =>
    void story.say({ from: own, to: [], type: "alert.update", at, about, body: { ...bare, targetId: about.id, ...body } });

  it("count arrests as the newest word has them, and once with the seizure of the same event", async () => {
    const story = tell("alert.incident", [{ ...bare, arrested: 5 }, { ...bare, arrested: 40 }]);
    expect(brief(await crime(story), "PERSONS_ARRESTED")).toEqual(["drugs 45"]);
    update(story, story.steps[0]!, { arrested: 12, at: 2 });
    update(story, story.steps[1]!, { arrested: 30, at: 3 });
    update(story, story.steps[1]!, { at: 4 });
    expect(brief(await crime(story), "PERSONS_ARRESTED")).toEqual(["drugs 42"]);
    tell("seizure.report", [{ arrests: 11, profiles: [], persons: [], relatedIds: [story.steps[0]!.id] }], { story, start: 5 });
    expect(brief(await crime(story), "PERSONS_ARRESTED")).toEqual(["drugs 42"]);
    // another agency's word on our alert is no count of ours
    story.say({ from: other, to: [], type: "alert.update", at: 6, body: { ...bare, targetId: story.steps[0]!.id, arrested: 500 } });
    expect(brief(await crime(story), "PERSONS_ARRESTED")).toEqual(["drugs 42"]);
  });

  it("count who was arrested later in the time in which that was told", async () => {
    const story = tell("alert.incident", [{ ...bare, arrested: 20 }]);
    update(story, story.steps[0]!, { arrested: 35, at: 24 * 200 });
    const facts = factsOf(countCrime(sourcesOf(story), own)).filter(({ indicator }) => indicator === "PERSONS_ARRESTED");
    expect(facts.map(({ count, at }) => [count, at])).toEqual([[20, story.steps[0]!.at], [15, story.steps[1]!.at]]);
  });

  it("count victims by sex, age and citizenship with those of whom only the number is known, and none where they are few", async () => {
    const story = tell("alert.incident", [{ ...bare, victims: 30, profiles: [victimsOf(12, "F"), { ...victimsOf(50, "M"), role: "WITNESS" }] }]);
    expect(brief(await crime(story), "VICTIMS").slice(0, 3)).toEqual(["drugs 30", "drugs F 12", "drugs UNKNOWN 18"]);
    update(story, story.steps[0]!, { victims: 32, profiles: [victimsOf(15, "M")], at: 2 });
    expect(brief(await crime(story), "VICTIMS").slice(0, 4)).toEqual(["drugs 32", "drugs F -", "drugs M 15", "drugs UNKNOWN -"]);
    expect(brief(await crime(tell("alert.incident", [{ ...bare, victims: 3 }])), "VICTIMS")).toEqual(["drugs -"]);
    // those of trafficking are told in its own tables alone
    expect(brief(await crime(story, ["tip"]), "VICTIMS")).toEqual([]);
  });
}); // prettier-ignore

describe("figures of persons held", () => {
  const held = (count: number, { year = 1990, minor = undefined as boolean | undefined } = {}): readonly Said[] =>
    [...Array(count).keys()].map((i) => ({ roles: ["SUSPECT"], names: [{ kind: "LEGAL", full: `A. Example ${i}` }], ref: `p${i}`, sex: "M", birth: { year }, minor, nationalities: ["ZM"] }));
  const handover = (persons: readonly Said[], more: Said = {}): Said => ({ stage: "DETAINED", persons, care: persons.map(({ ref }) => ({ ref, guardian: true })), acceptedBy: undefined, detainedBy: own, ...more });

  it("count each person of a handover once by its newest word, and of those asked to take them none", async () => {
    const story = tell("suspect.handover", [handover([...held(9), ...held(4, { year: 2015 })]), handover([...held(11), ...held(14, { minor: true })])]);
    expect(brief(await crime(story), "PERSONS_HELD")).toEqual(["drugs 25", "drugs M 25", "drugs ADULT 11", "drugs MINOR 14", "drugs ZM 25", "drugs ADULT M 11", "drugs MINOR M 14"]);
    expect(brief(await crime(tell("suspect.handover", [handover(held(12), { detainedBy: other })])), "PERSONS_HELD")).toEqual([]);
    // who answers that he takes them, and names nobody who holds them, holds none
    const answered = tell("alert.incident", [{}]);
    tell("suspect.handover", [handover(held(12), { stage: "ACCEPTED", acceptedBy: own, detainedBy: undefined })], { story: answered });
    expect(brief(await crime(answered), "PERSONS_HELD")).toEqual([]);
    expect(brief(await crime(tell("suspect.handover", [handover(held(3))])), "PERSONS_HELD")).toEqual(["drugs -"]);
  });

  it.each([[2026 - 19, "ADULT"], [2026 - 17, "MINOR"], [2026 - 18, "UNKNOWN"]])("who was born in %i is %s in the year", async (year, age) => {
    const figures = await crime(tell("suspect.handover", [handover(held(12, { year }), { detentionStartedAt: "2026-06-30T00:00:00Z" })]));
    expect(brief(figures, "PERSONS_HELD")).toContain(`drugs ${age} 12`);
  });
}); // prettier-ignore

describe("figures of prices", () => {
  it("tell what one unit of goods was held to be worth, in the commonest unit and currency, by the middle of the reports", async () => {
    const goods = (value: string, unit: string, [amount, currency]: readonly [string, string]): Said => ({ commodities: [{ kind: "IVORY", quantity: { value, unit }, estimatedValue: { amount, currency } }, { kind: "COCAINE", quantity: { value: "1", unit: "KG" } }], profiles: [], persons: [] });
    const story = tell("seizure.report", [goods("2", "KG", ["1000", "USD"]), goods("3", "KG", ["1000", "USD"]), goods("1", "KG", ["9000.5", "USD"]), goods("1", "PIECE", ["7", "USD"]), goods("1", "KG", ["8", "ZMW"]), goods("0", "KG", ["8", "USD"])]);
    expect(brief(await crime(story), "PRICE")).toEqual(["drugs IVORY 500 USD/KG"]);
  });

  it("tell what was paid for one person only from eleven movements on, each with its newest price", async () => {
    const moved = (from: number, count: number, amount: string): readonly Said[] => [...Array(count).keys()].map((i) => ({ caseRef: `M-${from + i}`, price: { amount, currency: "USD" } }));
    const story = tell("som.movement", [...moved(0, 10, "800"), ...moved(0, 1, "900")]);
    expect(brief(await crime(story, ["som"]), "PRICE")).toEqual(["som -"]);
    tell("som.movement", [...moved(10, 1, "700"), ...moved(11, 1, "650")], { story, start: 9 });
    expect(brief(await crime(story, ["som"]), "PRICE")).toEqual(["som 800 USD"]);
  });
}); // prettier-ignore

/** How many different victims the newest words tell of, counted plainly. */
function recount(bodies: readonly Said[], holds: (body: Said) => boolean): number {
  return [...new Map(bodies.map((body) => [body["victimRef"], body])).values()].filter(holds)
    .length;
}

describe("figures drawn at random", () => {
  it("are what a plain count of the newest words finds, or at least as many are withheld", async () => {
    for (let i = 0; i < 8; i += 1) {
      const dice = makeDice(`figures ${i}`);
      const ages = ["AGE_0_8", "AGE_9_17", "MINOR", "AGE_18_20", "ADULT", "AGE_48_PLUS", "UNKNOWN"];
      const bodies = [...Array(30 + dice(50)).keys()].map((): Said => ({
        victimRef: `ZM-V-${100 + dice(50)}`, caseRef: "C-1", traffickingStatus: pick(dice, ["ACTUAL", "ACTUAL", "POSSIBLE", "NOT"]),
        sex: pick(dice, ["F", "F", "F", "M", "X"]), ageBand: pick(dice, ages), citizenships: [pick(dice, ["ZM", "MW", "BI"])],
      }));
      for (const { cell } of await tip(tell("tip.victim", bodies))) {
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
