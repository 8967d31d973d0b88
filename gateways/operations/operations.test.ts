import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { submit } from "../exchange/submit.ts";
import { makeTakePublications } from "../exchange/take-publications.ts";
import { makeRecallDesk, type RecallParts, startRecalls } from "../recall/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import type { MessageType } from "../../schemas/index.ts";
import { handedOf, handKeys, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeRecallParts } from "../../test/kit/recall-world.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { makeOperationDesk, type OperationDesk } from "./index.ts";

const now = 1_780_272_000_000;
const hourMs = 3_600_000;
const operationId = "01a1c3b0-7700-7e08-a2c4-55d1e8f9b023";
const [lead, tema, dakar, other] = ["ng/tcu", "gh/tcu", "sn/tcu", "ci/tcu"] as const;
const names = [lead, tema, dakar, other];

let world: GatewayWorld;
let offices: ReadonlyMap<string, MadeOffice>;
let sent: number;
let opening: string;

beforeAll(async () => {
  world = await makeGatewayWorld(names, {
    now,
    types: ["operation.*", "target.*", "control.*", "seizure.*", "request.*", "reply.*", "query.*"],
  });
});

beforeEach(async () => {
  offices = new Map(names.map((name) => [name, makeOffice(world, name)]));
  sent = 0;
  opening = await say(lead, "operation.open", { to: [tema, dakar], body: plan() });
});

afterEach(() => {
  for (const office of offices.values()) office.close();
});

function at(name: string): MadeOffice {
  return offices.get(name)!;
}

function desk(name: string): OperationDesk {
  return makeOperationDesk(at(name));
}

function time(hours: number): string {
  return new Date(now + hours * hourMs).toISOString();
}

function plan(change: object = {}): object {
  const members = [
    { agency: lead, role: "COORDINATOR" },
    { agency: tema, role: "PARTICIPANT" },
    { agency: dakar, role: "SUPPORT" },
  ];
  return { members, validFrom: time(1), validUntil: time(100), phases: [], dataDays: 5, ...change };
}

interface Said {
  readonly to?: readonly string[];
  readonly body?: object;
  readonly about?: string;
  readonly more?: object;
}

/** Sends the example of a type, changed, and brings it to all others who are told of it. */
async function say(
  from: string,
  type: MessageType,
  { to = [], body, about, more = {} }: Said,
): Promise<string> {
  const office = at(from);
  const example = exampleNow(type, office.clock.now());
  const place = to.length === 0 ? { recs: ["ecowas"] } : { recipients: to };
  const thread = about === undefined ? {} : { threadId: about, inReplyTo: about };
  const inner = { ...example.inner, inReplyTo: undefined };
  const submission = {
    type,
    crimes: example.crimes,
    handling: example.handling,
    inner,
    ...place,
    ...thread,
    body: { ...example.body, ...body },
    ...more,
  };
  sent += 1;
  const { id } = await submit(office, JSON.parse(JSON.stringify(submission)), `key ${sent}`);
  const handed = handedOf(office, office.store.messages.find(parseUuid(id))!.seq);
  await handKeys(office);
  for (const reader of offices.values()) {
    if (reader.agency === from) continue;
    if (to.length > 0 && !to.includes(reader.agency)) continue;
    await makeTakePublications(reader, {
      refreshRegister: () => Promise.resolve(false),
      held: () => undefined,
    })(handed);
  }
  return id;
}

function go(hours: number): void {
  for (const office of offices.values())
    office.clock.move(now + hours * hourMs - office.clock.now());
}

async function join(...agencies: readonly string[]): Promise<void> {
  for (const agency of agencies)
    await say(agency, "request.acknowledge", {
      to: [lead],
      about: opening,
      body: { receivedAt: new Date(at(agency).clock.now() - 1_000).toISOString() },
    });
}

const warn = (from: string, to: readonly string[]): Promise<string> =>
  say(from, "target.warning", { to, body: { operationId } });

/** What a refused act did to the store: nothing. */
async function refused(from: string, act: () => Promise<unknown>): Promise<string> {
  const before = at(from).store.messages.list({ box: "out", limit: 200 }).length;
  const code = await act().then(
    () => "SENT",
    (error: { readonly code: string }) => error.code,
  );
  expect(at(from).store.messages.list({ box: "out", limit: 200 })).toHaveLength(before);
  return code;
}

describe("an operation between gateways (T32)", () => {
  it("is the same in every gateway of it, with who joined where that was told, and is not there in another", async () => {
    await join(tema);
    go(2);
    for (const name of [lead, tema, dakar]) {
      expect(desk(name).show(operationId)).toMatchObject({ standing: "OPEN", opener: lead, opening, from: "2026-06-01T01:00:00.000Z", members: 3 });
    }
    expect(desk(lead).show(operationId).memberList.map(({ agency, standing }) => `${agency} ${standing}`)).toEqual([`${lead} TAKING_PART`, `${tema} TAKING_PART`, `${dakar} INVITED`]);
    expect([desk(tema).list()[0]?.own, desk(dakar).list()[0]?.own]).toEqual(["TAKING_PART", "INVITED"]);
    expect(desk(other).list()).toEqual([]);
    expect(() => desk(other).show(operationId)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("takes what members send to members in its time; before, after, from outside and to outside nothing is sent", async () => {
    await join(tema, dakar);
    expect(await refused(tema, () => warn(tema, [lead]))).toBe("WORK_OUT_OF_TURN");
    go(2);
    await warn(tema, [lead, dakar]);
    expect(desk(dakar).show(operationId).inside).toMatchObject([{ type: "target.warning", agency: tema }]);
    expect(await refused(tema, () => warn(tema, [lead, other]))).toBe("RULE_OPERATION_OUTSIDER");
    expect(await refused(other, () => warn(other, [lead]))).toBe("RULE_OPERATION_OUTSIDER");
    go(101);
    expect(await refused(tema, () => warn(tema, [lead]))).toBe("WORK_OUT_OF_TURN");
    expect(await refused(tema, () => say(tema, "seizure.report", { body: { operationId } }))).toBe("WORK_OUT_OF_TURN");
  });

  it("who has not joined, declined or left sends nothing into it", async () => {
    await say(dakar, "reply.refuse", { to: [lead], about: opening });
    go(2);
    expect(await refused(tema, () => warn(tema, [lead]))).toBe("RULE_OPERATION_OUTSIDER");
    expect(await refused(dakar, () => warn(dakar, [lead]))).toBe("RULE_OPERATION_OUTSIDER");
    await join(tema);
    await warn(tema, [lead]);
    await say(tema, "request.withdraw", { to: [lead], about: opening });
    expect(await refused(tema, () => warn(tema, [lead]))).toBe("RULE_OPERATION_OUTSIDER");
    expect(await refused(lead, () => warn(lead, [tema]))).toBe("RULE_OPERATION_OUTSIDER");
  });

  it("is its opener's alone, and stays over once it is: under its number nobody opens another", async () => {
    await join(tema);
    expect(await refused(tema, () => say(tema, "operation.open", { to: [lead], body: plan() }))).toBe("WORK_OUT_OF_TURN");
    expect(await refused(tema, () => say(tema, "operation.close", { to: [lead], body: { operationId } }))).toBe("WORK_OUT_OF_TURN");
    go(101);
    expect(await refused(lead, () => say(lead, "operation.open", { to: [tema], body: plan({ validUntil: time(200) }) }))).toBe("WORK_OUT_OF_TURN");
  });

  it("ends by itself in every gateway, is archived after its period, and lists both as such", () => {
    const standings = (): readonly string[] => names.slice(0, 3).map((name) => desk(name).list()[0]!.standing);
    expect(standings()).toEqual(["PLANNED", "PLANNED", "PLANNED"]);
    go(100);
    expect(standings()).toEqual(["OPEN", "OPEN", "OPEN"]);
    go(100.01);
    expect(standings()).toEqual(["CLOSED", "CLOSED", "CLOSED"]);
    go(100 + 5 * 24 + 0.01);
    expect(standings()).toEqual(["ARCHIVED", "ARCHIVED", "ARCHIVED"]);
  });

  it("counts what its messages tell, the newest word on each, and withholds what tells of a few persons", async () => {
    await join(tema, dakar);
    go(2);
    const warning = await warn(tema, [dakar]);
    await say(dakar, "control.feedback", { to: [tema], about: warning, body: { warningId: warning } });
    await say(tema, "seizure.report", { body: { operationId, arrests: 3 } });
    const first = await say(dakar, "seizure.report", { body: { operationId, arrests: 2 } });
    await say(dakar, "seizure.report", { body: { operationId, arrests: 4 }, more: { supersedes: first } });
    const figures = desk(dakar).targets(operationId).items.map(({ measure, number, messages }) => [measure, number, messages]);
    expect(figures).toEqual([["CONTROLS", 1, 1], ["FEEDBACKS", 1, 1], ["WARNINGS", 1, 1], ["SEIZURES", 2, 2], ["GOODS_SEIZED", 2, 2], ["ARRESTS", 7, 2]]);
    const { tables, smallest } = desk(dakar).statistics(operationId);
    expect(smallest).toBe(11);
    expect(tables.find(({ measure }) => measure === "ARRESTS")?.cells).toEqual([{ under: {} }]);
    expect(tables.find(({ measure }) => measure === "SEIZURES")?.cells.map(({ count }) => count)).toEqual([2, 1, 1]);
    // who is told of it and was told of less counts less, and never wrongly
    expect(desk(lead).targets(operationId).items.map(({ number }) => number)).toEqual([0, 0, 0, 2, 2, 7]);
  });

  it("what was only practised does not count in earnest", async () => {
    await join(tema);
    go(2);
    await say(tema, "target.warning", { to: [lead], body: { operationId }, more: { status: "EXERCISE" } });
    expect(desk(tema).show(operationId)).toMatchObject({ messages: 0 });
    expect(at(tema).store.operations.messages(parseUuid(operationId))).toHaveLength(2);
  });
}); // prettier-ignore

describe("an operation whose data's day has come", () => {
  const past = 100 + 5 * 24 + 0.1;
  const tend = async (name: string, more: Partial<RecallParts> = {}): Promise<void> => {
    const recalling = startRecalls(makeRecallParts(at(name), { submit: () => Promise.reject(new Error("not asked")) }, more));
    await recalling.tend();
    await recalling.stop();
  };
  const stateOf = (name: string, id: string): string | undefined => at(name).store.messages.find(parseUuid(id))?.state;
  const told = (name: string): unknown => {
    const { standing: _, ...shown } = desk(name).show(operationId);
    return [shown, desk(name).targets(operationId), desk(name).statistics(operationId)];
  };

  /** Two warnings, a report by name and one to the feed. */
  async function work(): Promise<{ readonly warning: string; readonly named: string; readonly fed: string; readonly own: string }> {
    await join(tema, dakar);
    go(2);
    const warning = await warn(tema, [lead, dakar]);
    const own = await warn(lead, [tema, dakar]);
    const named = await say(tema, "seizure.report", { to: [lead, dakar], body: { operationId, arrests: 14 } });
    const fed = await say(tema, "seizure.report", { body: { operationId, arrests: 3 } });
    return { warning, named, fed, own };
  }

  it("is archived: what others gave by name goes, who was of it and its figures stay as they stood", async () => {
    const { warning, named, fed, own } = await work();
    go(past - 0.2);
    await tend(lead);
    expect([warning, named].map((id) => stateOf(lead, id))).toEqual(["VERIFIED", "VERIFIED"]);
    const before = told(lead);
    go(past);
    await tend(lead);
    expect([warning, named].map((id) => stateOf(lead, id))).toEqual(["ERASED", "ERASED"]);
    expect([stateOf(lead, fed), stateOf(lead, own), stateOf(dakar, warning)]).toEqual(["VERIFIED", "QUEUED", "VERIFIED"]);
    expect(stateOf(tema, opening)).toBe("VERIFIED");
    expect([desk(lead).list()[0]?.standing, told(lead)]).toEqual(["ARCHIVED", before]);
    // once more, and after a start of the gateway, it is the same
    go(past + 30);
    await tend(lead);
    expect(told(lead)).toEqual(before);
    expect(await refused(tema, () => warn(tema, [lead]))).toBe("WORK_OUT_OF_TURN");
  });

  it("one keeper keeps an archive, all others lose it", async () => {
    const archive = { dataAtEnd: "ARCHIVE", dataKeeper: dakar };
    go(0.5);
    await say(lead, "operation.open", { to: [tema, dakar], body: plan(archive) });
    const { warning, named } = await work();
    go(past);
    for (const name of [lead, dakar]) await tend(name);
    expect([lead, dakar].map((name) => [stateOf(name, warning), stateOf(name, named)])).toEqual([["ERASED", "ERASED"], ["VERIFIED", "VERIFIED"]]);
  });

  it("nothing goes by an archive of which no day was said", async () => {
    go(0.5);
    await say(lead, "operation.open", { to: [tema, dakar], body: plan({ dataAtEnd: "ARCHIVE", dataKeeper: dakar, dataDays: undefined }) });
    await join(tema);
    go(2);
    const warning = await warn(tema, [lead]);
    go(past);
    await tend(lead);
    expect([stateOf(lead, warning), desk(lead).list()[0]?.standing]).toEqual(["VERIFIED", "ARCHIVED"]);
  });

  it("a hold keeps what it names, what comes late goes too, and by a clock that is known to be wrong nothing goes", async () => {
    const { warning, named } = await work();
    go(past);
    await tend(lead, { isClockRight: () => false });
    expect([stateOf(lead, warning), at(lead).store.operations.archived(parseUuid(operationId))]).toEqual(["VERIFIED", undefined]);
    const holds = makeRecallDesk(makeRecallParts(at(lead), { submit: () => Promise.reject(new Error("not asked")) }));
    await holds.setHolds({ ids: [warning], ref: "ACC/88", country: "NG", ground: "pending trial", until: at(lead).clock.now() + 900 * hourMs }, { by: "ama" });
    go(past + 2);
    await tend(lead);
    expect([stateOf(lead, warning), stateOf(lead, named)]).toEqual(["VERIFIED", "ERASED"]);
    expect(told(lead)).toEqual([expect.objectContaining({ messages: 4 }), expect.anything(), expect.anything()]);
    // a message that was on its way when the rest went
    const { seq } = at(lead).store.messages.find(parseUuid(warning))!;
    await at(lead).store.write(() => at(lead).store.retention.put({ message: seq, deleteAt: at(lead).clock.now() + 1_000 * hourMs, keep: "FROM_SENDING" }));
    go(past + 100);
    await tend(lead);
    expect([stateOf(lead, warning), at(lead).store.retention.of(seq)?.keep]).toEqual(["ERASED", "SAID"]);
  });
}); // prettier-ignore
