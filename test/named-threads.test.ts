import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { exampleInstant as now, exampleOf } from "../schemas/examples/index.ts";
import { isFault, parseUuid, renderUuid } from "../schemas/ground/index.ts";
import { type MessageType, parseEnvelope, decodeMessage } from "../schemas/index.ts";
import {
  alert,
  handedKeys,
  handedOf,
  handKeys,
  type MadeOffice,
  makeOffice,
} from "./kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "./kit/gateway-world.ts";
import { loadThread } from "../gateways/work/index.ts";
import { innerOf } from "../gateways/exchange/inherited.ts";
import { submit } from "../gateways/exchange/submit.ts";
import { makeTakePublications } from "../gateways/exchange/take-publications.ts"; // prettier-ignore

let world: GatewayWorld;
let ng: MadeOffice;
let gh: MadeOffice;
let acts = 0;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "sn/tcu"], {
    now,
    types: ["alert.*", "request.*", "feedback.*", "query.*", "core_data.*", "data.*"],
  });
});
beforeEach(() => {
  ng = makeOffice(world, "ng/tcu");
  gh = makeOffice(world, "gh/tcu");
});
afterEach(() => {
  ng.close();
  gh.close();
});

/** Sends from one office, and hands what was sent to the other; the other only keeps what is for it. */
async function tell(from: MadeOffice, submission: object): Promise<string> {
  acts += 1;
  const { id } = await submit(from, submission, `act ${acts}`);
  const to = from === ng ? gh : ng;
  const { seq, audience } = from.store.messages.find(parseUuid(id))!;
  if (!audience.includes(to.agency)) return id;
  await handKeys(from);
  const take = makeTakePublications(to, { refreshRegister: () => Promise.resolve(false), held: () => undefined });
  await take([...handedKeys(from, to.agency), ...handedOf(from, seq)]);
  return id;
} // prettier-ignore

/** The thread a message stands in. */
function threadAt(office: MadeOffice, id: string): string {
  const { seq } = office.store.messages.find(parseUuid(id))!;
  return renderUuid(office.store.threads.of(seq)!);
}

/** An example as a submission to one agency, with its body changed. */
function direct(type: MessageType, to: string, body: object): Record<string, unknown> {
  const { crimes, inner, handling, body: whole } = exampleOf(type);
  const { purposes = ["INVESTIGATION"], caseRef = "A-2" } = inner;
  const changed = { ...whole, ...body };
  return { type, crimes, handling, recipients: [to], inner: { purposes, caseRef }, body: changed };
}

const found = { crimes: ["drugs"], type: "alert.update", recs: ["ecowas"] };
const update = (targetId: string): object => ({ ...found, body: { targetId, reason: "ARREST", summary: { text: "Two were arrested", lang: "en" } } }); // prettier-ignore
const cancel = (targetId: string, to: object): object => ({ ...to, crimes: ["drugs"], type: "alert.cancel", body: { targetId, reason: "RESOLVED", recipientsMustPurge: false } }); // prettier-ignore
const feedback = (id: string): object => ({ ...direct("feedback.report", "ng/tcu", { targetIds: [id] }), inReplyTo: id }); // prettier-ignore
const block = (...targetIds: readonly string[]): object => direct("data.block", "gh/tcu", { targetIds }); // prettier-ignore

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return "none";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

it("an update stands in the thread of the alert that its body names, with its sender and its readers", async () => {
  const id = await tell(ng, alert);
  const more = await tell(ng, update(id));
  expect([threadAt(ng, more), threadAt(gh, more)]).toEqual([id, id]);
  const [lane] = loadThread(gh, parseUuid(id)).lanes;
  expect(lane?.applied.map((step) => step.id)).toEqual([more]);
});

it("an order to one who holds the message stands in its thread, with both", async () => {
  const id = await tell(ng, alert);
  const said = await tell(ng, block(id));
  expect([threadAt(ng, said), threadAt(gh, said)]).toEqual([id, id]);
});

it("a message about two matters stands in its own thread, and so does one about what is not here", async () => {
  const [first, second] = [await tell(ng, alert), await tell(ng, alert)];
  const both = await tell(ng, block(first, second));
  expect(threadAt(gh, both)).toBe(both);
  const unknown = await tell(ng, update("018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b"));
  expect(threadAt(ng, unknown)).toBe(unknown);
});

it("what is said of the thread goes before what the body names", async () => {
  const [first, second] = [await tell(ng, alert), await tell(ng, alert)];
  const said = await tell(ng, { ...update(first), threadId: second });
  expect(threadAt(ng, said)).toBe(second);
});

it("nobody is told of a thread who could not know it: no third agency, and no feed of what was direct", async () => {
  const asked = await tell(ng, direct("request.information", "gh/tcu", { leadId: undefined, groupId: undefined }));
  const onward = await tell(ng, direct("request.information", "sn/tcu", { leadId: asked, groupId: undefined }));
  expect(threadAt(ng, onward)).toBe(onward);
  expect(innerOf(ng.store.messages.find(parseUuid(onward))!.parts!).threadId).toBeUndefined();
  const { recs: _, ...named } = { ...alert, recipients: ["gh/tcu"], inner: { purposes: ["INVESTIGATION"] } };
  const told = await tell(ng, named);
  const cancelled = await tell(ng, cancel(told, { recs: ["ecowas"] }));
  const { envelope } = decodeMessage(ng.store.messages.find(parseUuid(cancelled))!.raw);
  expect(parseEnvelope(envelope).threadId).toBeUndefined();
}); // prettier-ignore

it("what was said is taken back also after its matter is over, though it names its thread", async () => {
  const { recs: _, ...named } = { ...alert, recipients: ["gh/tcu"] };
  const id = await tell(ng, named);
  await tell(gh, feedback(id));
  const taken = await tell(ng, cancel(id, { recipients: ["gh/tcu"] }));
  expect(threadAt(gh, taken)).toBe(id);
  expect(gh.store.lookups.said(parseUuid(id), "ng/tcu").map(({ word }) => word)).toEqual(["WITHDRAWN"]);
}); // prettier-ignore

it("core data are asked for of a hit that was given, and an unknown one opens no matter", async () => {
  const check = await tell(ng, direct("query.check", "gh/tcu", { agreementRef: undefined }));
  const { body } = exampleOf("query.result");
  const hit = { ref: "q2", answer: "HIT", hits: [{ hitRef: "GH-1", recordKind: "STOLEN_VEHICLE", matchBasis: "PLATE" }] };
  const said = { ...direct("query.result", "ng/tcu", { ...body, queryAnswers: [hit] }), inReplyTo: check };
  const result = await tell(gh, said);
  const ask = (hitRef: string): Record<string, unknown> =>
    direct("core_data.request", "gh/tcu", { queryId: check, resultId: result, hitRefs: [hitRef], subjectHeld: undefined, heldUntil: undefined });
  const before = ng.store.outbox.last();
  expect(await codeOf(tell(ng, ask("GH-99")))).toBe("WORK_OUT_OF_TURN");
  expect(ng.store.outbox.last()).toBe(before);
  const asked = await tell(ng, ask("GH-1"));
  for (const office of [ng, gh]) {
    expect(threadAt(office, asked)).toBe(check);
    const { lanes } = loadThread(office, parseUuid(check));
    expect(lanes.map(({ workflow, state }) => `${workflow} ${state}`)).toEqual(["QUERY CORE_DATA_ASKED", "CORE_DATA ASKED"]);
  }
}); // prettier-ignore
