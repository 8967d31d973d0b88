import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { makeDirectoryDesk } from "../../gateways/directory/index.ts";
import { loadThread } from "../../gateways/work/load-thread.ts";
import { makeWorkDesk, type WorkDesk } from "../../gateways/work/index.ts";
import type { MessageType } from "../../schemas/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import { standingTerms } from "../../schemas/work/index.ts";
import { stateText } from "../kit/story.ts";
import { exampleNow } from "../kit/submissions.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let gh: Gateway;
let ng: Gateway;

function deskOf({ office }: Gateway): WorkDesk {
  return makeWorkDesk({ ...office, terms: () => standingTerms });
}

let sent = 0;

/** Sends the example of a type, in a thread, with what is otherwise in its body; resolves when the other side holds it. */
async function say([from, to]: readonly [Gateway, Gateway], type: MessageType, place: { thread?: string; about?: string; body?: object } = {}): Promise<string> {
  const { crimes, handling, inner, body } = exampleNow(type, world.clock.now());
  const submission = {
    type, crimes, handling,
    inner: { ...inner, inReplyTo: undefined },
    recipients: [to.agency],
    threadId: place.thread,
    inReplyTo: place.about ?? place.thread,
    body: { ...body, ...place.body },
  };
  const { inReplyTo: _, ...rest } = submission.inner;
  sent += 1;
  const { id } = await from.exchange.submit(JSON.parse(JSON.stringify({ ...submission, inner: rest })), `work ${sent}`);
  await until(`${type} is held`, () => to.exchange.find(id) !== undefined);
  await until(`${type} is told`, () => from.exchange.find(id)?.state === "DELIVERED");
  return id;
} // prettier-ignore

/** Received a moment ago. */
function received(): object {
  return { receivedAt: new Date(world.clock.now() - 1_000).toISOString() };
}

function bothStates(thread: string): readonly string[] {
  return [gh, ng].map(({ office }) => {
    const state = loadThread(office, parseUuid(thread));
    // receipts and the disk may differ by a moment; what was said does not
    const lanes = state.lanes.map((lane) => ({
      ...lane,
      marks: { ...lane.marks, deliveredAt: 0 },
    }));
    return stateText({ ...state, lanes });
  });
}

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  gh = await world.gateway("gh/tcu");
  ng = await world.gateway("ng/tcu");
}, 120_000);

afterAll(async () => {
  await world?.stop();
});

describe("T41, T43 whom to ask, over two gateways and a hub", () => {
  it("an authority that its state published is found with its ways, flagged while it is old, and verified by its own answer", async () => {
    const day = 86_400_000;
    const at = (days: number): string => new Date(world.clock.now() + days * day).toISOString();
    const { office, exchange } = ng;
    const desk = makeDirectoryDesk({
      ...office,
      submit: (message, key) => exchange.submit(message, key),
    });
    const entry = {
      country: "GH",
      names: [{ text: "Central authority (example)", lang: "en" }],
      kind: "CENTRAL_AUTHORITY_MLA",
      functions: ["MLA"],
      agency: "gh/tcu",
      channels: ["BROKER"],
      languages: ["en"],
      urgentProcedure: [{ text: "Ring first.", lang: "en" }],
      verifiedAt: at(-400),
    };
    const message = {
      type: "directory.authority",
      recs: ["ecowas"],
      crimes: ["drugs"],
      body: entry,
    };
    const { id } = await gh.exchange.submit(message, "entry");
    await until("the entry is held", () => exchange.find(id) !== undefined);
    const found = (): readonly unknown[] =>
      desk
        .find({ country: "GH", function: "MLA", crime: "drugs" })
        .map(({ held, flags }) => [held.id, held.body.languages, flags]);
    expect(found()).toEqual([[id, ["en"], ["STALE"]]]);
    const { body } = desk.ping(id);
    const ping = await say([ng, gh], "directory.ping", { thread: id, body: body as object });
    const answer = {
      targetId: id,
      contactState: "HOLDS",
      verifiedAt: at(0),
      successorId: undefined,
    };
    await say([gh, ng], "directory.ping_answer", { thread: id, about: ping, body: answer });
    expect(found()).toEqual([[id, ["en"], []]]);
    expect(deskOf(gh).thread(id).matters).toMatchObject([
      { workflow: "CONTACT_CHECK", state: "HOLDS", isEnded: true },
    ]);
    desk.stop();
  }, 60_000);
});

describe("a matter between two gateways and a hub", () => {
  let thread: string;

  it("stands alike on both sides after each message, and names who may say what next", async () => {
    thread = await say([gh, ng], "request.information");
    expect(deskOf(ng).thread(thread).matters).toMatchObject([
      { workflow: "REQUEST", state: "SENT", opener: "gh/tcu", other: "ng/tcu", isEnded: false },
    ]);
    await say([ng, gh], "request.acknowledge", { thread, body: received() });
    expect(new Set(bothStates(thread)).size).toBe(1);
    const [matter] = deskOf(gh).thread(thread).matters;
    expect(matter).toMatchObject({ state: "ACKNOWLEDGED", awaited: [{ closing: "RESULT", of: "ng/tcu" }] });
    expect(matter?.next).toContainEqual({ agency: "ng/tcu", type: "reply.final" });
    expect(matter?.next).not.toContainEqual({ agency: "gh/tcu", type: "reply.final" });
  }, 60_000);

  it("takes no message that is out of turn, and stores nothing of it", async () => {
    const before = gh.exchange.list({ limit: 200 }).items.length;
    const refused = await say([gh, ng], "request.acknowledge", { thread, body: received() }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "WORK_OUT_OF_TURN" });
    expect(gh.exchange.list({ limit: 200 }).items).toHaveLength(before);
  }, 60_000);

  it("links each message to the one before, so that one which is kept from a side is missed", async () => {
    const answered = await say([ng, gh], "reply.final", { thread });
    const inner = gh.exchange.find(answered)?.inner as { follows?: readonly string[] };
    expect(inner.follows).toHaveLength(1);
    expect(deskOf(gh).thread(thread).missing).toEqual([]);
    expect(new Set(bothStates(thread)).size).toBe(1);
  }, 60_000);

  it("has one final reply", async () => {
    const again = await say([ng, gh], "reply.final", { thread }).catch((error: unknown) => error);
    expect(again).toMatchObject({ code: "WORK_OUT_OF_TURN", detail: expect.stringContaining("ANSWERED") as string });
  }, 60_000);

  it("awaits feedback of the asker until he gives it, and then nothing", async () => {
    await until("it is reckoned", () => deskOf(gh).awaited({ overdue: false }).some((one) => one.closing === "FEEDBACK"));
    expect(deskOf(gh).awaited({ overdue: false })).toMatchObject([{ thread, closing: "FEEDBACK", of: "gh/tcu", isOverdue: false }]);
    await say([gh, ng], "feedback.report", { thread });
    expect(deskOf(ng).thread(thread).matters).toMatchObject([{ state: "CLOSED", isEnded: true, awaited: [], next: [] }]);
    await until("nothing is awaited", () => [gh, ng].every((one) => deskOf(one).awaited({ overdue: false }).length === 0));
  }, 60_000);

  it("is overdue on both sides when the deadline has passed", async () => {
    const late = await say([gh, ng], "request.information");
    const desks = [deskOf(gh), deskOf(ng)];
    const isReckoned = (): boolean => desks.every((desk) => desk.awaited({ overdue: false }).length === 2);
    await until("it is reckoned", isReckoned);
    world.shift(30 * 86_400_000);
    for (const desk of desks) {
      await until(() => `both are late: ${JSON.stringify(desk.awaited({ overdue: false }))}`, () => desk.awaited({ overdue: true }).length === 2, 20);
      expect(desk.awaited({ overdue: true }).map(({ thread: at, of }) => [at, of])).toEqual([
        [late, "ng/tcu"],
        [late, "ng/tcu"],
      ]);
    }
  }, 60_000);
}); // prettier-ignore
