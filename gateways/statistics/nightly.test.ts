import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { submit } from "../exchange/submit.ts";
import { Fault, makeSeededChance, parseUuid, silentLog } from "../../schemas/ground/index.ts";
import { fillDrawn } from "../../test/kit/drawn-messages.ts";
import { countOldWay } from "../../test/kit/old-figures/index.ts";
import { type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { until } from "../../test/kit/server.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { makeStatisticsDesk, type ShownTable } from "./desk.ts";
import { keeper, makeTables, type NightlyParts, startNightly } from "./nightly.ts";

/** The last day of a quarter. */
const now = Date.UTC(2026, 5, 30, 12);
const dayMs = 86_400_000;
const agency = "ng/tcu";

let world: GatewayWorld;
let office: MadeOffice;
let sent: string[];
let count: number;

beforeAll(async () => {
  world = await makeGatewayWorld([agency, "gh/tcu"], {
    now,
    types: ["seizure.*", "statistics.*", "data.*"],
    lifeMs: 400 * dayMs,
  });
});

beforeEach(() => {
  office = makeOffice(world, agency);
  sent = [];
  count = 0;
});

afterEach(() => office.close());

function parts(choice: NightlyParts["choice"] = {}): NightlyParts {
  const { store, clock } = office;
  return {
    agency,
    store,
    clock,
    chance: makeSeededChance("nightly"),
    log: silentLog,
    choice,
    source: () => "POLICE_RECORDS",
    recsFor: () => ["ecowas"],
    countWrong: () => Promise.resolve(0),
    send: (id) => Promise.resolve(void sent.push(id)),
  };
}

async function seize(arrests: number, more: object = {}): Promise<string> {
  const { crimes, handling, inner, body } = exampleNow("seizure.report", office.clock.now());
  count += 1;
  const submission = {
    type: "seizure.report",
    recs: ["ecowas"],
    crimes,
    handling,
    inner,
    body: { ...body, operationId: undefined, arrests },
    ...more,
  };
  return (await submit(office, JSON.parse(JSON.stringify(submission)), `seizure ${count}`)).id;
}

function tables(): readonly ShownTable[] {
  return makeStatisticsDesk(office).list({ type: "statistics.crime" });
}

function figure(indicator: string): unknown {
  const cells = tables()[0]?.cells as readonly Record<string, unknown>[];
  const cell = cells.find(
    (one) =>
      one["indicator"] === indicator && one["commodity"] === undefined && one["sex"] === undefined,
  );
  return cell?.["count"] ?? cell?.["treatment"];
}

describe("tables that are made at night", () => {
  it("of the time that runs are shown, with how many messages each figure was counted from, and are no draft", async () => {
    await seize(12);
    await seize(3);
    await makeTables(parts());
    expect(tables()).toMatchObject([{ period: "2026-Q2", state: "RUNNING", messages: 2 }]);
    expect(figure("PERSONS_ARRESTED")).toBe(15);
    expect((tables()[0]!.cells as { messages?: number }[])[0]!.messages).toBe(2);
    expect(office.store.drafts.list(keeper, 10)).toEqual([]);
    // nobody is in what another type would tell
    expect(makeStatisticsDesk(office).list({ type: "tip.statistics" })).toEqual([]);
  });

  it("count the newest word once: not what was put right, taken back, refused or only practised", async () => {
    const first = await seize(30);
    await seize(12, { supersedes: first });
    await seize(40, { status: "EXERCISE" });
    const refused = await seize(50);
    await office.store.write(() => office.store.messages.setState(office.store.messages.find(parseUuid(refused))!.seq, "REFUSED"));
    await makeTables(parts());
    expect([figure("SEIZURES"), figure("PERSONS_ARRESTED")]).toEqual([1, 12]);
    // the nominal and the regional edition of one report are one
    const pair = { recs: undefined, recipients: ["gh/tcu"], project: { recs: ["ecowas"] } };
    const nominal = await seize(7, pair);
    await makeTables(parts());
    expect([figure("SEIZURES"), figure("PERSONS_ARRESTED")]).toEqual([2, 19]);
    office.clock.move(1_000);
    await seize(8, { ...pair, supersedes: nominal });
    await makeTables(parts());
    expect([figure("SEIZURES"), figure("PERSONS_ARRESTED")]).toEqual([2, 20]);
    // the same again is the same
    const before = JSON.stringify(tables());
    await makeTables(parts());
    expect(JSON.stringify(tables())).toBe(before);
  });

  it("count what its sender corrected as it is right, from the day on that he says", async () => {
    const [first, second] = [await seize(4), await seize(5)];
    const correct = async (target: string, changes: readonly object[], effectiveAt = office.clock.now()): Promise<string> => {
      office.clock.move(1_000);
      const { crimes, handling, inner, body } = exampleNow("data.correct", office.clock.now());
      const times = { effectiveAt: new Date(effectiveAt).toISOString(), deadline: new Date(effectiveAt + dayMs).toISOString() };
      count += 1;
      const said = { type: "data.correct", recipients: ["gh/tcu"], crimes, handling, inner, body: { ...body, targetId: target, correctionReason: "ERROR", subjectRefs: undefined, changes, ...times } };
      return (await submit(office, JSON.parse(JSON.stringify(said)), `correction ${count}`)).id;
    };
    await correct(first, [{ pointer: "/arrests", change: "REPLACED", newValue: "14" }]);
    // one field that leads nowhere, or one that would leave no body, and nothing of the correction counts
    await correct(second, [{ pointer: "/arrests", change: "REPLACED", newValue: "500" }, { pointer: "/persons/77/sex", change: "REPLACED", newValue: '"F"' }]);
    await correct(second, [{ pointer: "/arrests", change: "REPLACED", newValue: '"many"' }]);
    await correct(second, [{ pointer: "/arrests", change: "REPLACED", newValue: "900" }], office.clock.now() + dayMs / 2);
    await makeTables(parts());
    expect([figure("SEIZURES"), figure("PERSONS_ARRESTED")]).toEqual([2, 19]);
    const again = await correct(first, [{ pointer: "/arrests", change: "REPLACED", newValue: "20" }]);
    await makeTables(parts());
    expect(figure("PERSONS_ARRESTED")).toBe(25);
    const { messages } = office.store;
    await office.store.write(() => messages.setState(messages.find(parseUuid(again))!.seq, "REFUSED"));
    await makeTables(parts());
    expect(figure("PERSONS_ARRESTED")).toBe(19);
  });

  it("once the time is over they are a draft for an officer, and are sent by nobody else unless that was said", async () => {
    await seize(4);
    office.clock.move(dayMs);
    await makeTables(parts());
    const [table] = tables();
    expect(table).toMatchObject({ period: "2026-Q2", state: "DRAFT" });
    expect(figure("PERSONS_ARRESTED")).toBe("SUPPRESSED");
    const draft = office.store.drafts.get(table!.draft!)!;
    expect(draft).toMatchObject({ owner: keeper, isShared: true, type: "statistics.crime", version: 1 });
    expect(JSON.parse(draft.content)).toMatchObject({ recs: ["ecowas"], handling: "H0", body: { country: "NG", provisional: false, coverage: "ONE_AGENCY" } });
    expect(draft.content).not.toMatch(/office|persons|narrative/);
    expect(sent).toEqual([]);
    // as it stands it may be sent
    const submitted = await submit(office, JSON.parse(draft.content), draft.id);
    expect([submitted.created, submitted.audience]).toEqual([true, ["gh/tcu"]]);
    await makeTables(parts({ sends: true }));
    expect(sent).toEqual([table!.draft]);
  });

  it("a draft that a person changed or threw away is left to him", async () => {
    await seize(4);
    office.clock.move(dayMs);
    await makeTables(parts());
    const { drafts } = office.store;
    const id = tables()[0]!.draft!;
    await office.store.write(() => drafts.put({ ...drafts.get(id)!, changedBy: "person:a", content: "{}", version: 2 }));
    await makeTables(parts());
    expect(drafts.get(id)).toMatchObject({ content: "{}", version: 2 });
    await office.store.write(() => drafts.remove(id));
    await makeTables(parts());
    expect([drafts.get(id), tables()[0]!.state]).toEqual([undefined, "COUNTED"]);
  });

  it("what was sent is counted no more, nor a time that reaches into it: the difference would tell what neither does", async () => {
    const first = await seize(14);
    office.clock.move(dayMs);
    await makeTables(parts());
    const { drafts } = office.store;
    const id = tables()[0]!.draft!;
    const message = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
    await office.store.write(() => drafts.put({ ...drafts.get(id)!, content: "", message }));
    const { seq } = office.store.messages.find(parseUuid(first))!;
    await office.store.write(() => office.store.messages.setState(seq, "REFUSED"));
    await makeTables(parts());
    await makeTables(parts({ period: "YEAR" }));
    await makeTables(parts({ period: "MONTH" }));
    const own = tables().filter(({ from }) => from < "2026-07");
    expect(own).toMatchObject([{ period: "2026-Q2", state: "SENT", sentAs: message, messages: 1 }]);
    // the gateway knows it still when the draft is long gone
    await office.store.write(() => drafts.remove(id));
    expect(tables().find(({ period }) => period === "2026-Q2")).toMatchObject({ state: "SENT", sentAs: message });
  });

  it("what cannot be sent stays a draft", async () => {
    await seize(4);
    office.clock.move(dayMs);
    await makeTables({ ...parts({ sends: true }), send: () => Promise.reject(new Fault("RELEASE_NEEDED", "two officers")) });
    expect(tables()[0]).toMatchObject({ state: "DRAFT" });
  });

  it("are made once a night, and once after nights that were missed", async () => {
    const nights: number[] = [];
    const source = (): string => {
      nights.push(office.clock.now());
      return "OTHER";
    };
    const nightly = startNightly({ ...parts(), source });
    const night = (): string => String(Math.floor((office.clock.now() - 3_600_000) / dayMs));
    /** Waits until the night that it is now is done. */
    const pass = async (ms: number): Promise<void> => {
      office.clock.move(ms);
      await until("the night is done", () => office.store.settings.get("statistics.night") === night());
    };
    await pass(60_000);
    await pass(60_000);
    expect(nights).toHaveLength(1);
    await pass(dayMs);
    expect(nights).toHaveLength(2);
    await pass(9 * dayMs);
    await pass(60_000);
    expect(nights).toHaveLength(3);
    await nightly.stop();
    office.clock.move(3 * dayMs);
    expect(nights).toHaveLength(3);
  });

  it("ending waits for the night that is being counted", async () => {
    await seize(4);
    office.clock.move(dayMs);
    const held = Promise.withResolvers<number>();
    let isCounting = false;
    const countWrong = (): Promise<number> => {
      isCounting = true;
      return held.promise;
    };
    const nightly = startNightly({ ...parts(), countWrong });
    office.clock.move(60_000);
    await until("it is counting", () => isCounting);
    let hasEnded = false;
    const ended = nightly.stop().then(() => (hasEnded = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(hasEnded).toBe(false);
    held.resolve(0);
    await ended;
    expect(office.store.settings.get("statistics.night")).toBeDefined();
  });

  it("a store that was closed first is told of once in the log, and nothing else comes of it", async () => {
    const failed: string[] = [];
    const log = { ...silentLog, error: (text: string) => void failed.push(text) };
    const closed = (): never => {
      throw new TypeError("The database connection is not open");
    };
    const settings = { get: closed, set: closed };
    const nightly = startNightly({ ...parts(), store: { ...office.store, settings }, log });
    office.clock.move(60_000);
    await nightly.stop();
    expect(failed).toEqual(["statistics not counted"]);
  });

  it("of a community there are none: states report", async () => {
    await seize(4);
    await makeTables({ ...parts(), agency: "ecowas/wapis" });
    expect(tables()).toEqual([]);
  });

  it("count no field as another says it is, nor as a correction points that was passed on for another", async () => {
    const target = await seize(4);
    const { crimes, handling, inner, body } = exampleNow("data.correct", office.clock.now());
    const times = { effectiveAt: new Date(office.clock.now()).toISOString(), deadline: new Date(office.clock.now() + dayMs).toISOString() };
    const changes = [{ pointer: "/arrests", change: "REPLACED", newValue: "44" }];
    const said = { type: "data.correct", recipients: ["gh/tcu"], crimes, handling, inner, body: { ...body, targetId: target, correctionReason: "ERROR", subjectRefs: undefined, changes, ...times } };
    const { id } = await submit(office, JSON.parse(JSON.stringify(said)), "correction of nobody");
    const { store } = office;
    const { seq, ...own } = store.messages.find(parseUuid(id))!;
    const counted = async (): Promise<unknown> => {
      await makeTables(parts());
      return figure("PERSONS_ARRESTED");
    };
    expect(await counted()).toBe(44);
    await store.write(() => store.messages.setState(seq, "REFUSED"));
    expect(await counted()).toBe("SUPPRESSED");
    const again = (at: number): typeof own => ({ ...own, id: parseUuid(`01a1f7fd-ae40-7e27-8bc8-617fc88b99e${at}`) });
    await store.write(() => store.messages.add({ ...again(1), box: "in", originator: "gh/tcu" }));
    expect(await counted()).toBe("SUPPRESSED");
    await store.write(() => store.recalls.noteOnward(store.messages.add(again(2)), seq));
    expect(await counted()).toBe("SUPPRESSED");
    // what says the same in his own name counts
    await store.write(() => store.messages.add(again(3)));
    expect(await counted()).toBe(44);
  });

  it("whatever was sent, are what everything at hand at once would be counted to", async () => {
    await seize(4);
    const [{ seq } = { seq: 0 }] = office.store.messages.list({ box: "out", limit: 1 });
    const mould = office.store.messages.get(seq)!;
    const told = new Set<unknown>();
    for (const [i, period] of (["YEAR", "HALF_YEAR", "QUARTER"] as const).entries()) {
      const drawn = makeOffice(world, agency);
      await fillDrawn(drawn.store, { mould, seed: `figures ${i}`, now });
      await makeTables({ ...parts({ period }), store: drawn.store, clock: drawn.clock });
      const made = drawn.store.tables.list({ limit: 40 }).map((one) => ({ ...one, figures: JSON.parse(one.content) as readonly unknown[] }));
      const old = countOldWay(drawn.store, agency, { now, length: period });
      const linesOf = (all: readonly { readonly type: string; readonly period: string; readonly messages: number; readonly figures: readonly unknown[] }[]): readonly string[] =>
        all.flatMap((one) => [`${one.type} ${one.period} of ${one.messages}`, ...one.figures.map((cell) => `${one.type} ${one.period} ${JSON.stringify(cell)}`)]).toSorted();
      const [lines, before] = [linesOf(made), linesOf(old)];
      expect([lines.filter((one) => !before.includes(one)), before.filter((one) => !lines.includes(one))]).toEqual([[], []]);
      for (const { cell } of old.flatMap(({ figures }) => figures)) if (cell["treatment"] !== "SUPPRESSED") told.add(cell["indicator"]);
      drawn.close();
    }
    // so much of it was told, and not only withheld, that there was something to count wrongly
    expect([...told]).toEqual(expect.arrayContaining(["INCIDENTS", "SEIZURES", "PERSONS_ARRESTED", "VICTIMS", "PRICE", "QUANTITY_SEIZED"]));
  });
}); // prettier-ignore
