import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseBody } from "../../schemas/body/index.ts";
import { makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { standingTerms } from "../../schemas/work/index.ts";
import {
  bookTime,
  type Entry,
  type ExchangeBook,
  makeExchangeBook,
} from "../../test/kit/exchange-book.ts";
import { until } from "../../test/kit/server.ts";
import { storyTime } from "../../test/kit/story.ts";
import { alert, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { submit } from "../exchange/submit.ts";
import { countExchange } from "./count-exchange.ts";
import { makeStatisticsDesk } from "./desk.ts";
import type { Fact } from "./fact.ts";
import { keeper, makeTables, type NightlyParts, startNightly } from "./nightly.ts"; // prettier-ignore

const agency = "ng/tcu";
const others = ["gh/tcu", "sn/tcu", "ml/tcu", "ci/tcu"] as const;
const day = 24;
/** Counted eight weeks after stories begin: in the quarter in which they do. */
const weeks = 56 * day;
const now = bookTime(weeks);
const canary = "KANARIENVOGEL";

let world: GatewayWorld;
let mould: Parameters<typeof makeExchangeBook>[0]["mould"];
const open: MadeOffice[] = [];

beforeAll(async () => {
  world = await makeGatewayWorld([agency, "gh/tcu"], {
    now,
    types: ["statistics.*"],
    lifeMs: 400 * 86_400_000,
  });
  const office = makeOffice(world, agency);
  await submit(
    office,
    { ...alert, body: { ...alert.body, occurredFrom: new Date(now).toISOString() } },
    "mould",
  );
  mould = office.store.messages.get(office.store.messages.list({ box: "out", limit: 1 })[0]!.seq)!;
  office.close();
});

afterAll(() => open.forEach((office) => office.close()));

/** A store of its own, in which nothing is yet. */
function begin(): { readonly office: MadeOffice; readonly book: ExchangeBook } {
  const office = makeOffice(world, agency);
  open.push(office);
  return { office, book: makeExchangeBook({ store: office.store, agency, mould }) };
}

const identity = { itemCodes: ["IDENTITY"], organisations: undefined } as const;
const answer = { item: "IDENTITY", sources: ["CIVIL_REGISTER"] } as const;
/** To be answered within a week. */
const asked = (at: number, more: Partial<Entry> = {}): Entry => ({
  isOurs: false,
  type: "request.information",
  at,
  body: {
    replyBy: storyTime(at + 7 * day),
    facts: { text: `What ${canary} is about`, lang: "en" },
  },
  ...more,
});
const found = (at: number): Entry => ({
  isOurs: true,
  type: "reply.final",
  at,
  body: { ...identity, outcome: "HIT", itemAnswers: [{ ...answer, outcome: "HIT", refs: ["p1"] }] },
});
const nothing = (at: number): Entry => ({
  isOurs: true,
  type: "reply.final",
  at,
  body: {
    ...identity,
    outcome: "NO_HIT",
    itemAnswers: [{ ...answer, outcome: "NO_HIT" }],
    persons: undefined,
  },
});
const refused = (at: number, ground: string): Entry => ({
  isOurs: true,
  type: "reply.refuse",
  at,
  body: { refusals: [ground, "OTHER"], itemCodes: undefined },
});
const turned = (entries: readonly Entry[]): readonly Entry[] =>
  entries.map((one) => ({ ...one, isOurs: !one.isOurs }));

async function repeat(
  { threads, others: with_ = others }: ExchangeBook & { readonly others?: readonly string[] },
  count: number,
  entries: readonly Entry[],
): Promise<void> {
  await threads(
    Array.from({ length: count }, (_, i) => with_[i % with_.length]!),
    entries,
  );
}

function factsOf({ store }: MadeOffice, at = now): readonly Fact[] {
  return [...countExchange({ store, agency, terms: standingTerms, now: at, since: 0 })].flatMap(
    (one) => one ?? [],
  );
}

/** How many facts there are of each kind, as "INDICATOR side closing | what". */
function counted(
  facts: readonly Fact[],
  ...dimensions: readonly string[]
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { indicator, head = {}, under, count } of facts) {
    const what = dimensions.flatMap((name) => under[name] ?? []);
    const key = [
      indicator,
      ...Object.values(head),
      ...(what.length > 0 ? ["|", ...what] : []),
    ].join(" ");
    counts[key] = (counts[key] ?? 0) + count;
  }
  return counts;
}

function parts(
  { store, clock }: MadeOffice,
  choice: NightlyParts["choice"],
  sent: string[] = [],
): NightlyParts {
  return {
    agency,
    store,
    clock,
    chance: makeSeededChance("exchange"),
    log: silentLog,
    choice,
    source: () => "POLICE_RECORDS",
    recsFor: () => ["ecowas"],
    countWrong: () => Promise.resolve(0),
    send: (id) => Promise.resolve(void sent.push(id)),
  };
}

type Cell = Readonly<Record<string, string | number | undefined>>;

function cellsOf(office: MadeOffice): readonly Cell[] {
  return makeStatisticsDesk(office).list({ type: "statistics.exchange" })[0]!
    .cells as readonly Cell[];
}

/** The figures of one kind: what they are of, and the figure. */
function figures(cells: readonly Cell[], wanted: Cell): readonly string[] {
  const own = cells.filter((cell) =>
    Object.entries(wanted).every(([name, value]) => cell[name] === value),
  );
  return own.map((cell) => {
    const what = Object.entries(cell).flatMap(([name, value]) =>
      name in wanted || name === "count" || name === "treatment" ? [] : [String(value)],
    );
    return [...what, String(cell["count"] ?? "-")].join(" ");
  });
}

/** What was asked of us in the quarter: told apart by what became of it. */
async function fillAsked(book: ExchangeBook): Promise<void> {
  await repeat(book, 12, [asked(0), nothing(2)]);
  await repeat(book, 13, [asked(0, { crimes: ["arms", "drugs"] }), found(9 * day)]);
  await repeat(book, 11, [asked(0), refused(2 * day, "ONGOING_INVESTIGATION")]);
  await repeat(book, 14, [asked(weeks - 20 * day)]);
  await repeat(book, 11, [asked(weeks - 1)]);
}

describe("the figures of the exchange", () => {
  it("count what was asked of us: in time, late, refused with its ground, overdue and still running", async () => {
    const { office, book } = begin();
    await fillAsked(book);
    const facts = factsOf(office);
    expect(counted(facts.filter(({ indicator, head }) => indicator === "DEADLINES" && head?.["closing"] !== "FEEDBACK"), "standing")).toEqual({
      // who answered at once has acknowledged; two and nine days are late for that
      "DEADLINES OWN ACKNOWLEDGEMENT | IN_TIME": 12,
      "DEADLINES OWN ACKNOWLEDGEMENT | LATE": 24,
      "DEADLINES OWN ACKNOWLEDGEMENT | OVERDUE": 14,
      "DEADLINES OWN ACKNOWLEDGEMENT | RUNNING": 11,
      "DEADLINES OWN RESULT | IN_TIME": 23,
      "DEADLINES OWN RESULT | LATE": 13,
      "DEADLINES OWN RESULT | OVERDUE": 14,
      "DEADLINES OWN RESULT | RUNNING": 11,
    });
    const rest = facts.filter(({ indicator }) => ["OUTCOMES", "REFUSALS", "ANSWER_TIMES"].includes(indicator));
    expect(counted(rest, "outcome", "ground", "answerTime")).toEqual({
      "ANSWER_TIMES OWN | UNDER_8H": 12, "ANSWER_TIMES OWN | UNDER_3D": 11, "ANSWER_TIMES OWN | UNDER_14D": 13,
      "OUTCOMES OWN | NO_HIT": 12, "OUTCOMES OWN | HIT": 13, "OUTCOMES OWN | REFUSED": 11, "OUTCOMES OWN | NONE_YET": 25,
      "REFUSALS OWN | ONGOING_INVESTIGATION": 11,
    });
    // by when those who asked are to say what it was good for, from the answer on
    expect(counted(facts.filter(({ head }) => head?.["closing"] === "FEEDBACK"), "standing")).toEqual({ "DEADLINES OTHERS FEEDBACK | OVERDUE": 25 });
    expect(counted(facts.filter(({ indicator }) => indicator === "MESSAGES"), "type")).toEqual({
      "MESSAGES OTHERS | request.information": 61, "MESSAGES OWN | reply.final": 25, "MESSAGES OWN | reply.refuse": 11,
    });
    await makeTables(parts(office, { exchange: "DRAFT" }));
    const cells = cellsOf(office);
    const result = { indicator: "DEADLINES", side: "OWN", closing: "RESULT", type: undefined, crime: undefined };
    expect(figures(cells, result).toSorted()).toEqual(["60", "IN_TIME 25", "LATE 15", "OVERDUE 15", "RUNNING 10"]);
    expect(figures(cells, { indicator: "REFUSALS", type: undefined })).toEqual(["OWN 10", "OWN ONGOING_INVESTIGATION 10"]);
    expect(figures(cells, { indicator: "OUTCOMES", crime: "arms", outcome: undefined })).toEqual(["OWN 15"]);
    expect(figures(cells, { indicator: "MESSAGES", side: "OTHERS", handling: undefined, crime: undefined, purpose: undefined })).toEqual(["60", "request.information 60"]);
  });

  it("count what we asked for all who were asked together, and recalls of both sides", async () => {
    const { office, book } = begin();
    const purge = (at: number): Entry => ({ isOurs: true, type: "data.purge", at, body: { targetIds: ["01a1f7fd-ae40-7e27-8bc8-617fc88b99ee"], deadline: storyTime(10 * day) } });
    const gone = (at: number, done = "DELETED", more: object = {}): Entry => ({ isOurs: false, type: "data.purge_ack", at, body: { purged: [{ targetId: "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee", done, ...(done === "DELETED" ? { doneAt: storyTime(at) } : {}), ...more }] } });
    await repeat(book, 13, turned([asked(0), nothing(2)]));
    await repeat(book, 11, turned([asked(0), { isOurs: false, type: "request.withdraw", at: day }]));
    await repeat(book, 12, [purge(0), gone(day)]);
    await repeat(book, 11, [purge(0), gone(12 * day)]);
    await repeat(book, 14, [purge(0)]);
    await repeat(book, 11, turned([purge(0), gone(day, "LEGAL_HOLD", { holdRef: "X-1", holdCountry: "NG", holdReviewAt: "2027-05-01T00:00:00Z" })]));
    const facts = factsOf(office);
    expect(counted(facts.filter(({ indicator }) => indicator === "RECALLS"), "standing", "recallResult")).toEqual({
      "RECALLS OTHERS | IN_TIME DELETED": 12, "RECALLS OTHERS | LATE DELETED": 11, "RECALLS OTHERS | OVERDUE": 14, "RECALLS OWN | IN_TIME LEGAL_HOLD": 11,
    });
    expect(counted(facts.filter(({ indicator }) => indicator === "OUTCOMES"), "outcome")).toEqual({ "OUTCOMES OTHERS | NO_HIT": 13, "OUTCOMES OTHERS | WITHDRAWN": 11 });
    expect(counted(facts.filter(({ head }) => head?.["closing"] === "RESULT"), "standing")).toEqual({ "DEADLINES OTHERS RESULT | IN_TIME": 13, "DEADLINES OTHERS RESULT | LAPSED": 11 });
    await makeTables(parts(office, { exchange: "DRAFT" }));
    const cells = cellsOf(office);
    expect(figures(cells, { indicator: "OUTCOMES", side: "OTHERS" })).toEqual(["25", "NO_HIT 15", "WITHDRAWN 10"]);
    expect(cells.filter(({ side, indicator, type, crime }) => side === "OTHERS" && indicator !== "MESSAGES" && (type ?? crime) !== undefined)).toEqual([]);
    parseBody("statistics.exchange", { country: "NG", reportingEntity: agency, periodFrom: "2026-10-01T00:00:00Z", periodTo: "2026-12-31T23:59:59Z", cells });
  });

  it("what fewer than three others did is not told, however often they did it", async () => {
    const { office, book } = begin();
    await repeat({ ...book, others: others.slice(0, 2) }, 40, [asked(0), nothing(2)]);
    await makeTables(parts(office, { exchange: "DRAFT" }));
    expect(figures(cellsOf(office), { indicator: "MESSAGES" })).toEqual(expect.arrayContaining(["OTHERS -", "OWN 40"]));
    expect(cellsOf(office).filter(({ side, count }) => side === "OTHERS" && count !== undefined)).toEqual([]);
    await repeat({ ...book, others: others.slice(2, 3) }, 1, [asked(0), nothing(2)]);
    await makeTables(parts(office, { exchange: "DRAFT" }));
    expect(figures(cellsOf(office), { indicator: "MESSAGES", side: "OTHERS" })).toContain("40");
  });

  it("a few are withheld, with others so that none follows by subtraction", async () => {
    const { office, book } = begin();
    await repeat(book, 30, [asked(0), nothing(2)]);
    await repeat(book, 20, [asked(0), found(3)]);
    await repeat(book, 3, [asked(0), refused(2, "CAPITAL_PUNISHMENT")]);
    await makeTables(parts(office, { exchange: "DRAFT" }));
    const cells = cellsOf(office);
    expect(figures(cells, { indicator: "OUTCOMES", side: "OWN", type: undefined, crime: undefined, purpose: undefined }).toSorted()).toEqual(["55", "HIT -", "NO_HIT 30", "REFUSED -"]);
    // not even for what it was refused three times
    expect(figures(cells, { indicator: "REFUSALS", side: "OWN" })).toEqual(["-"]);
    expect(JSON.stringify(cells)).not.toContain("CAPITAL_PUNISHMENT");
    for (const { count } of cells) expect(count === undefined || (Number(count) >= 10 && Number(count) % 5 === 0)).toBe(true);
  });

  it("are of what reached somebody in earnest, and of the time in which a matter was opened", async () => {
    const { office, book } = begin();
    await repeat(book, 2, [asked(0, { status: "EXERCISE" }), nothing(2)].map((one) => ({ ...one, status: "EXERCISE" })));
    await repeat(book, 3, [asked(0, { state: "QUARANTINED" })]);
    await repeat(book, 4, [{ ...turned([asked(0)])[0]!, state: "REFUSED" }]);
    expect(counted(factsOf(office))).toEqual({});
    await repeat(book, 1, [asked(0)]);
    const [kept] = office.store.messages.list({ box: "in", limit: 1 });
    await office.store.write(() => office.store.messages.erase(kept!.seq, mould.raw, "RETENTION"));
    // of what was erased it is known that it came, and no more
    expect(counted(factsOf(office), "type", "purpose")).toEqual({ "MESSAGES OTHERS | request.information": 1 });
    await repeat(book, 12, [asked(0), nothing(2)]);
    await makeTables(parts(office, { exchange: "DRAFT", period: "MONTH" }));
    const tables = makeStatisticsDesk(office).list({ type: "statistics.exchange" });
    // asked in November, and nothing in December
    expect(tables.map(({ period }) => period)).toEqual(["2026-11"]);
  });

  it("a person's or another agency's name, an id and a free text stand in none of them", async () => {
    const { office, book } = begin();
    await fillAsked(book);
    await repeat(book, 12, turned([asked(0), nothing(2)]));
    await makeTables(parts(office, { exchange: "DRAFT", entity: "The unit" }));
    office.clock.move(60 * 86_400_000);
    await makeTables(parts(office, { exchange: "DRAFT", entity: "The unit" }));
    const table = makeStatisticsDesk(office).list({ type: "statistics.exchange", period: "2026-Q4" })[0]!;
    const { content } = office.store.drafts.get(table.draft!)!;
    expect(content).toContain('"indicator":"OUTCOMES"');
    for (const word of [canary, ...others, agency, "gh/", "N'Diaye", "narrative", "persons", "messages", "party"]) expect(content).not.toContain(`"${word}`);
    expect(content).not.toContain(canary);
    expect(content).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7|tcu/);
  });

  it("are not counted unless the operator says so, and are sent without an officer only by a word of their own", async () => {
    const { office, book } = begin();
    await fillAsked(book);
    const list = (): unknown => makeStatisticsDesk(office).list({ type: "statistics.exchange" });
    await makeTables(parts(office, { sends: true }));
    expect(list()).toEqual([]);
    office.clock.move(20 * 86_400_000);
    const sent: string[] = [];
    await makeTables(parts(office, { sends: true, exchange: "DRAFT" }, sent));
    expect(list()).toMatchObject([{ period: "2026-Q4", state: "DRAFT" }]);
    const draft = office.store.drafts.list(keeper, 10).find(({ type }) => type === "statistics.exchange")!;
    expect(JSON.parse(office.store.drafts.get(draft.id)!.content)).toMatchObject({ recs: ["ecowas"], crimes: ["other"], handling: "H0", inner: { purposes: ["STATISTICS"] }, body: { country: "NG", coverage: "ONE_AGENCY", provisional: false } });
    expect(sent).not.toContain(draft.id);
    await makeTables(parts(office, { exchange: "SEND" }, sent));
    expect(sent).toEqual([draft.id]);
  });

  it("are there soon after they were chosen, and not only after the next night", async () => {
    const { office, book } = begin();
    await fillAsked(book);
    const pass = async (choice: NightlyParts["choice"]): Promise<number> => {
      const nightly = startNightly(parts(office, choice));
      const before = office.store.settings.get("statistics.night");
      office.clock.move(60_000);
      await until("it was counted", () => office.store.settings.get("statistics.night") !== before);
      await nightly.stop();
      return makeStatisticsDesk(office).list({ type: "statistics.exchange" }).length;
    };
    expect([await pass({}), await pass({ exchange: "DRAFT" })]).toEqual([0, 1]);
  });

  it("lets others have their turn while it counts", async () => {
    const { office, book } = begin();
    await repeat(book, 40, [asked(0), nothing(2)]);
    let [turns, elapsed] = [0, 0];
    const timer = setInterval(() => (turns += 1), 0);
    // a clock on which every look takes as long as a piece may be
    await makeTables({ ...parts(office, { exchange: "DRAFT" }), clock: { ...office.clock, now: () => now, elapsed: () => (elapsed += 10) } });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
}); // prettier-ignore
