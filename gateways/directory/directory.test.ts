import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { renderInstant } from "../../schemas/index.ts";
import { renderUuid, silentLog } from "../../schemas/ground/index.ts";
import { type MadeOffice, makeOffice, publish } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { submit } from "../exchange/submit.ts";
import { makeTakePublications } from "../exchange/take-publications.ts";
import { type DirectoryDesk, makeDirectoryDesk } from "./index.ts";

const now = 1_780_272_000_000;
const dayMs = 86_400_000;
const day = (days: number): string => renderInstant(now + days * dayMs);

let world: GatewayWorld;
let gh: MadeOffice;
let ng: MadeOffice;
let ci: MadeOffice;
let desk: DirectoryDesk;
/** What the directory takes for now; certificates would end long before. */
const clock = makeStillClock(now);
let keys = 0;

type Json = Record<string, unknown>;

function entry(country: string, more: Json = {}): Json {
  const body = {
    country,
    names: [
      { text: `Central authority of ${country} (example)`, lang: "en" },
      { text: `Autorité centrale ${country} (exemple)`, lang: "fr" },
    ],
    kind: "CENTRAL_AUTHORITY_MLA",
    functions: ["MLA"],
    agency: `${country.toLowerCase()}/tcu`,
    channels: ["BROKER"],
    languages: ["en", "fr"],
    urgentPhone: "+233302000000",
    urgentProcedure: [{ text: "Ring first.", lang: "en" }],
    verifiedAt: day(-10),
    ...more,
  };
  return { type: "directory.authority", recs: ["ecowas"], crimes: ["drugs"], body };
}

function deskOf(office: MadeOffice): DirectoryDesk {
  const { agency, store, register } = office;
  const send = (submission: unknown, key: string): Promise<unknown> => submit(office, submission, key);
  return makeDirectoryDesk({ agency, store, register, clock, log: silentLog, submit: send });
} // prettier-ignore

/** One office sends, and another takes it in as if a hub had carried it. */
async function tell(from: MadeOffice, to: MadeOffice, message: unknown): Promise<string> {
  const handed = await publish(from, message, `k${keys++}`);
  const take = makeTakePublications(to, { refreshRegister: () => Promise.resolve(false), held: () => undefined }); // prettier-ignore
  const place = { stream: "FEED_ECOWAS", instance: "one", sequence: keys };
  await take(handed.map((one, i) => ({ ...one, ...place, sequence: keys * 10 + i })));
  return renderUuid(from.store.messages.list({ box: "out", limit: 1 })[0]!.id);
}

function found(wish: Parameters<DirectoryDesk["find"]>[0]): readonly (readonly unknown[])[] {
  return desk.find(wish).map(({ held, flags }) => [held.body.country, held.originator, flags]);
}

function flagsOf(id: string): readonly string[] | undefined {
  return desk.find({}).find(({ held }) => held.id === id)?.flags;
}

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "ng/moc", "gh/tcu", "ci/tcu"], {
    now,
    types: ["directory.*"],
  });
  [ng, gh, ci] = ["ng/tcu", "gh/tcu", "ci/tcu"].map((one) => makeOffice(world, one)) as [MadeOffice, MadeOffice, MadeOffice]; // prettier-ignore
  desk = deskOf(ng);
});
afterAll(() => {
  desk.stop();
  for (const office of [ng, gh, ci]) office.close();
});

describe("whom to ask (T41)", () => {
  it("an authority is found by country, function and crime, the good ones first, and the near ones", async () => {
    await tell(ci, ng, entry("CI", { verifiedAt: day(-400) }));
    await tell(gh, ng, entry("GH"));
    await tell(gh, ng, entry("GH", { functions: ["MLA", "EXTRADITION"], crimes: ["drugs"] }));
    await submit(ng, entry("NG", { crimes: ["tip"] }), "own");
    expect(found({ function: "MLA" }).map(([country]) => country)).toEqual(["NG", "GH", "GH", "CI"]);
    expect(found({ country: "GH", crime: "tip" })).toEqual([["GH", "gh/tcu", []]]);
    expect(desk.find({ crime: "drugs", country: "GH" })[0]?.held.body.crimes).toEqual(["drugs"]);
    expect(found({ function: "EXTRADITION" })).toHaveLength(1);
    expect(found({ function: "FIREARMS" })).toEqual([]);
  });

  it("one that nobody verified within twelve months is flagged and still shown", () => {
    expect(found({ country: "CI" })).toEqual([["CI", "ci/tcu", ["STALE"]]]);
    expect(desk.counts()).toEqual(new Map([["GOOD", 3], ["STALE", 1]]));
  });

  it("a state's later entry replaces its earlier one", async () => {
    await tell(ci, ng, entry("CI", { verifiedAt: day(-1), languages: ["fr"] }));
    const [only, ...more] = desk.find({ country: "CI" });
    expect([only?.held.body.languages, only?.flags, more]).toEqual([["fr"], [], []]);
  });

  it("no state speaks for another's authorities", async () => {
    const refused = submit(ng, entry("GH", { agency: "gh/tcu" }), "foreign");
    await expect(refused).rejects.toMatchObject({ code: "SCHEMA_INVALID" });
  });

  it("an address that the register does not know, or that is suspended, is flagged", async () => {
    const id = await tell(gh, ng, entry("GH", { agency: "gh/prosecution", functions: ["FIREARMS"] }));
    expect(flagsOf(id)).toEqual(["NOT_ON_NETWORK"]);
  });
}); // prettier-ignore

describe("the contact point of a side", () => {
  const point = (agency: string, kind: string, crimes = ["drugs"]) => {
    const view = { ...ng.register(), agency: () => ({ ...world.view.agency("gh/tcu")!, kind }) };
    const looking = makeDirectoryDesk({ agency: "ng/tcu", store: ng.store, register: () => view, clock, log: silentLog, submit: () => Promise.resolve() });
    const { entries, ...rest } = looking.contactPoint(agency, crimes);
    looking.stop();
    return [rest, entries.map(({ held, flags }) => [held.body.agency, ...flags])];
  };

  it("is the state's single one; of a financial intelligence unit its own entry and no other unit's", async () => {
    await tell(gh, ng, entry("GH", { functions: ["POLICE_SPOC"] }));
    await tell(gh, ng, entry("GH", { functions: ["FIU"], kind: "FIU", agency: "gh/fiu" }));
    expect(point("gh/tcu", "TCU")).toEqual([{ country: "GH", function: "POLICE_SPOC" }, [["gh/tcu"]]]);
    expect(point("gh/fiu", "FIU")).toEqual([{ country: "GH", function: "FIU" }, [["gh/fiu"]]]);
    expect(point("gh/other", "FIU")).toEqual([{ country: "GH", function: "FIU" }, []]);
    expect(point("ci/tcu", "TCU")).toEqual([{ country: "CI", function: "POLICE_SPOC" }, []]);
  });

  it("that says it changed comes after one that does not", async () => {
    const id = await tell(gh, ng, entry("GH", { functions: ["POLICE_SPOC"], names: [{ text: "Night desk", lang: "en" }], agency: undefined, kind: "NCB", channels: ["POST"], postalAddress: ["Box 7, Example"] }));
    expect(desk.contactPoint("gh/tcu", ["drugs"]).entries).toHaveLength(2);
    const first = desk.contactPoint("gh/tcu", ["drugs"]).entries.find(({ held }) => held.id !== id)!;
    const ping = await tell(ng, gh, desk.ping(first.held.id));
    await tell(gh, ng, { type: "directory.ping_answer", crimes: ["drugs"], recipients: ["ng/tcu"], threadId: first.held.id, inReplyTo: ping, body: { targetId: first.held.id, contactState: "CHANGED", verifiedAt: day(0) } });
    expect(desk.contactPoint("gh/tcu", ["drugs"]).entries.map(({ held, flags }) => [held.id, flags])).toEqual([[id, []], [first.held.id, ["CHANGED"]]]);
  });
}); // prettier-ignore

describe("asking whether a contact still holds (T43)", () => {
  it("an answer in time verifies the entry, and none flags it", async () => {
    const old = await tell(gh, ng, entry("GH", { verifiedAt: day(-380), functions: ["CUSTOMS"] }));
    expect(flagsOf(old)).toEqual(["STALE"]);
    const ping = await tell(ng, gh, desk.ping(old));
    expect(flagsOf(old)).toEqual(["STALE"]);
    clock.move(16 * dayMs);
    expect(flagsOf(old)).toEqual(["STALE", "UNANSWERED"]);
    const answer = { targetId: old, contactState: "HOLDS", verifiedAt: day(0) };
    const reply = { type: "directory.ping_answer", crimes: ["drugs"], recipients: ["ng/tcu"], threadId: old, inReplyTo: ping, body: answer };
    await tell(gh, ng, reply);
    expect(flagsOf(old)).toEqual([]);
    const [customs] = desk.find({ function: "CUSTOMS" });
    expect(customs?.lastPing).toMatchObject({ id: ping, contactState: "HOLDS" });
    expect(customs?.verifiedAt).toBe(now);
  });

  it("what the authority says of itself is a flag: changed, not competent, not reached", async () => {
    const id = await tell(gh, ng, entry("GH", { functions: ["MARITIME"] }));
    const ping = await tell(ng, gh, desk.ping(id));
    const body = { targetId: id, contactState: "NOT_COMPETENT", verifiedAt: day(0) };
    await tell(gh, ng, { type: "directory.ping_answer", crimes: ["drugs"], recipients: ["ng/tcu"], threadId: id, inReplyTo: ping, body });
    expect(flagsOf(id)).toEqual(["NOT_COMPETENT"]);
  });

  it("an answer of somebody who was not asked counts for nothing", async () => {
    const id = await tell(gh, ng, entry("GH", { functions: ["WILDLIFE"], verifiedAt: day(-380) }));
    const ping = await tell(ng, gh, desk.ping(id));
    const body = { targetId: id, contactState: "HOLDS", verifiedAt: day(0) };
    await tell(ci, ng, { type: "directory.ping_answer", crimes: ["drugs"], recipients: ["ng/tcu"], inReplyTo: ping, body });
    expect(flagsOf(id)).toEqual(["STALE"]);
  });

  it("nobody else knows of our own office: that is said, and nothing is sent", () => {
    const own = desk.find({ country: "NG" })[0]!.held.id;
    expect(() => desk.ping(own)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID" }));
    const unknown = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
    expect(() => desk.ping(unknown)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("each day the gateway asks the authorities of its own entries before they grow old, once a month", async () => {
    const pings = (): number => ng.store.messages.list({ wish: { codes: [["type", ["directory.ping"]]] }, box: "out", limit: 99 }).length;
    const home = entry("NG", { agency: "ng/prosecution", channels: ["POST"], postalAddress: ["1 Street"], functions: ["FIU"], verifiedAt: day(-340) });
    await submit(ng, home, "old home");
    const before = pings();
    await desk.tend();
    // ng/prosecution is not on this network: nobody can be asked by message
    expect(pings()).toBe(before);
    const away = entry("NG", { agency: "ng/moc", functions: ["ASSET_RECOVERY"], verifiedAt: day(-340) });
    await submit(ng, away, "old away");
    await desk.tend();
    expect(pings()).toBe(before);
    clock.move(dayMs);
    await desk.tend();
    expect(pings()).toBe(before + 1);
    clock.move(2 * dayMs);
    await desk.tend();
    expect(pings()).toBe(before + 1);
    clock.move(30 * dayMs);
    await desk.tend();
    expect(pings()).toBe(before + 2);
  });
}); // prettier-ignore

describe("who is on duty", () => {
  it("follows the roster its state wrote, and is not known without one that holds now", () => {
    const start = Math.floor(now / 86_400_000) * 86_400_000;
    const roster = { agency: "gh/tcu", days: [], fromMinute: 480, untilMinute: 1_020, from: start };
    const at = (hour: number, rosters: readonly object[]): boolean | undefined => {
      const clocks = () => ({ workingWeeks: [], holidays: [], rosters }) as never;
      const register = (): never => ({ ...world.view, clocks }) as never;
      const still = makeStillClock(start + hour * 3_600_000);
      const submitNone = () => Promise.resolve();
      const made = makeDirectoryDesk({
        ...ng,
        register,
        clock: still,
        log: silentLog,
        submit: submitNone,
      });
      const is = made.isOnDuty("gh/tcu");
      made.stop();
      return is;
    };
    expect([at(9, [roster]), at(20, [roster])]).toEqual([true, false]);
    expect([at(9, []), at(-1, [roster])]).toEqual([undefined, undefined]);
    expect(at(9, [{ ...roster, agency: "gh/fiu" }])).toBeUndefined();
  });
});
