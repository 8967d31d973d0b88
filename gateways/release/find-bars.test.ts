import { beforeAll, describe, expect, it } from "vitest";

import { submit } from "../exchange/submit.ts";
import { makeWorkDesk, type Matter } from "../work/index.ts";
import { messageTypes, typeOptions } from "../../schemas/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { makeDice, pick } from "../../test/kit/dice.ts";
import { type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { recastExample } from "../../test/kit/recast.ts";
import { findBars } from "./find-bars.ts";
import { checkMayPublish, readersOf } from "./mandates.ts";
import type { SubmissionPlace } from "./parse-submission.ts";

const now = Date.UTC(2026, 5, 30, 12);
const [own, other, unit] = ["gh/tcu", "ng/tcu", "sn/fiu"];

let world: GatewayWorld;

beforeAll(async () => {
  const types = ["request.information", "request.remind", "alert.*"];
  world = await makeGatewayWorld([own, other, unit], { now, types, handlingUpTo: "H1" });
});

type Asked = Parameters<typeof checkMayPublish>[0];

/** Whether the register refuses it when it is handed in. */
function isRefused(asked: Asked, agency: string): boolean {
  const place: unknown = { register: world.view, agency, now };
  try {
    checkMayPublish(asked, place as SubmissionPlace);
    if (asked.recs.length === 0) readersOf(asked, place as SubmissionPlace);
    return false;
  } catch (error) {
    if (isFault(error) && error.code.startsWith("MANDATE_")) return true;
    throw error;
  }
}

describe("what the register keeps an agency from saying in a matter", () => {
  it("is what is refused when it is handed in, by name and in the feed it began in, of whatever type", () => {
    const dice = makeDice("bars");
    const found = new Set<boolean>();
    for (const type of messageTypes) {
      const [agency, to] = pick(dice, [[own, other], [other, own], [own, unit], [unit, other]] as const);
      const act = { agency, to, type, recs: pick(dice, [[], ["ecowas"]]), crimes: pick(dice, [["drugs"], ["drugs", "ml"]]), handling: pick(dice, ["H0", "H1", "H2"]), purposes: ["INVESTIGATION"] };
      const asked = { ...act, kept: { states: [], agencies: [] } };
      const named = isRefused({ ...asked, recs: [], recipients: [to] }, agency);
      const canFeed = act.recs.length > 0 && typeOptions(type)?.scope === "FEED";
      const isKept = named && !(canFeed && !isRefused({ ...asked, recipients: [] }, agency));
      expect(findBars(act, { register: world.view, now }).length > 0, `${type} ${agency}`).toBe(isKept);
      found.add(isKept);
    }
    expect(found).toEqual(new Set([true, false]));
  });

  it("names the reasons, and an agency that is not in the register may say nothing", () => {
    const act = { agency: own, to: other, type: "reply.final", recs: [], crimes: ["drugs"], handling: "H1" };
    expect(findBars(act, { register: world.view, now })).toEqual(expect.arrayContaining(["NO_MANDATE", "NOT_NOMINATED"]));
    expect(findBars({ ...act, agency: "tg/tcu" }, { register: world.view, now })).toContain("AGENCY_UNKNOWN");
  });
}); // prettier-ignore

describe("who may say what next in a matter", () => {
  let office: MadeOffice;

  const place = (): Parameters<typeof makeWorkDesk>[0] => ({
    ...office,
    terms: () => ({ due: () => undefined }),
    bars: (act) => findBars(act, { register: office.register(), now: office.clock.now() }),
  });
  const say = async (type: (typeof messageTypes)[number], thread?: string): Promise<string> => {
    const said = recastExample(type, { sender: own, readers: [other] }, { now: office.clock.now(), rec: "ecowas" });
    const { threadId: _t, inReplyTo: _r, supersedes: _s, inner, ...rest } = said;
    const { inReplyTo: _i, threadId: _h, supersedes: _u, ...header } = inner as Record<string, unknown>;
    const submission = { ...rest, inner: header, handling: "H1", crimes: ["drugs"], status: "ACTUAL", threadId: thread, inReplyTo: thread };
    return (await submit(office, JSON.parse(JSON.stringify(submission)), `${type} ${thread ?? "new"}`)).id;
  };
  const outcome = async (type: string, thread: string): Promise<string> => {
    try {
      await say(type as "request.remind", thread);
      return "SENT";
    } catch (error) {
      return isFault(error) ? error.code : String(error);
    }
  };

  it("every act offered is not refused for a mandate, every one that is barred is, and what nobody may answer is said to be so", async () => {
    office = makeOffice(world, own);
    try {
      const id = await say("request.information");
      const matter: Matter = makeWorkDesk(place()).thread(id).matters[0]!;
      const ours = (acts: readonly { readonly agency: string; readonly type: string }[]): readonly string[] => [...new Set(acts.filter(({ agency }) => agency === own).map(({ type }) => type))];
      expect(ours(matter.next)).toEqual(["request.remind"]);
      expect(ours(matter.barred).length).toBeGreaterThan(0);
      for (const type of ours(matter.barred)) expect([type, await outcome(type, id)]).toEqual([type, "MANDATE_MISSING"]);
      for (const type of ours(matter.next)) expect([type, await outcome(type, id)]).not.toEqual([type, "MANDATE_MISSING"]);
      // the other side may answer nothing: that is told with what is awaited of it
      expect(matter.next.filter(({ agency }) => agency === other)).toEqual([]);
      expect(matter.awaited.filter(({ of }) => of === other).map(({ isBarred }) => isBarred)).toContain(true);
      expect(matter.isEnded).toBe(false);
      // without a register that is asked, everything the state allows is offered
      const open = makeWorkDesk({ ...place(), bars: undefined }).thread(id).matters[0]!;
      expect([open.barred, open.next.length]).toEqual([[], matter.next.length + matter.barred.length]);
    } finally {
      office.close();
    }
  });

  it("is asked of the register in force: a mandate that is given is offered at once", async () => {
    office = makeOffice(world, own);
    try {
      const id = await say("request.information");
      const wider = world.publish((parts) => ({ ...parts, mandates: parts.mandates.map((one) => ({ ...one, types: ["*"] })) }));
      const view = verifyRegister(wider, world.anchors);
      const bars: NonNullable<Parameters<typeof makeWorkDesk>[0]["bars"]> = (act) => findBars(act, { register: view, now });
      const acts = makeWorkDesk({ ...place(), bars }).thread(id).matters[0]!;
      expect(acts.next.map(({ agency }) => agency)).toContain(other);
      expect(acts.awaited.every(({ isBarred }) => !isBarred)).toBe(true);
    } finally {
      office.close();
    }
  });
}); // prettier-ignore
