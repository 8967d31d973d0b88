import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { GatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { openPassingOn, type PassingOn } from "../../test/kit/passing-on.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import { makeQueue } from "../gateway-store.ts";
import { releaseHeld } from "./alone.ts";
import { leftBefore, makeDepartures, noteLeft } from "./departures.ts";
import { type Leaving, makeLeaving } from "./leaving.ts";
import { expireOverdue } from "./expire.ts";
import { stopMessage } from "./stop.ts";
import { submit } from "./submit.ts";

const now = 1_780_272_000_000;
const hour = 3_600_000;
const day = 24 * hour;
const agencies = ["sn/tcu", "gh/tcu", "gh/moc"];
const types = ["request.*", "dissemination.*", "handling.*", "data.*"];

let made: GatewayWorld;
let world: { view: GatewayWorld["view"] } & GatewayWorld;
let region: PassingOn | undefined;
let leaving: Leaving;
let isWoken: () => boolean;
let keys = 0;

beforeAll(async () => {
  made = await makeGatewayWorld(agencies, { now, types, lifeMs: day });
}, 60_000);

beforeEach(() => {
  world = { ...made };
  open("gh/tcu");
});
afterEach(() => {
  region?.close();
  region = undefined;
});

/** Opens the gateways of some of them; what is for others goes nowhere. */
function open(...names: readonly string[]): void {
  region?.close();
  region = openPassingOn(world, names);
  let woken = false;
  leaving = makeLeaving(office(), () => (woken = true));
  isWoken = () => woken;
}

const office = () => region!.office("gh/tcu");

function write(to: string, change: object = {}, inner: object = {}): object {
  const said = exampleNow("request.information", office().clock.now());
  const own = { ...said.inner, courtUse: undefined, ...inner };
  return JSON.parse(JSON.stringify({ type: "request.information", ...said, handling: "H1", crimes: ["drugs"], recipients: [to], ...change, inner: own })) as object;
} // prettier-ignore

async function hand(submission: object): Promise<string> {
  const { id } = await submit(office(), submission, `hand ${(keys += 1)}`);
  return id;
}

function found(id: string) {
  const message = office().store.messages.find(parseUuid(id))!;
  const publications = office().store.outbox.byMessage(message.seq);
  return { message, states: publications.map(({ state }) => state), seq: publications[0]!.seq };
}

function standing(id: string): string {
  const { message, states } = found(id);
  return [message.state, message.code ?? "", ...states].join(" ");
}

/** As if the hub had taken all that waits, so that its audiences are known. */
function takeAll(): void {
  const { outbox, messages } = office().store;
  for (const seq of outbox.waiting(1_000)) {
    const { message, stream } = outbox.get(seq)!;
    outbox.accept(seq, { stream, instance: "one", sequence: seq });
    messages.setState(message, "ACCEPTED");
  }
}

const handed: number[] = [];

/** A link that asks for what waits until nothing more comes of it. */
async function sendWaiting(): Promise<void> {
  const departures = office().departures ?? makeDepartures(office().store.outbox, leftBefore(office().store));
  const { store } = Object.assign(office(), { departures });
  const queue = makeQueue(store, { maySend: () => true, departures, leaving });
  handed.length = 0;
  for (let rounds = 0; rounds < 4; rounds += 1) {
    for (const { seq } of queue.waiting(100)) if (queue.load(seq) !== undefined && !handed.includes(seq)) handed.push(seq);
    // what is asked for now is written with the write after the next
    for (let writes = 0; writes < 2; writes += 1) await store.write(() => undefined);
  }
} // prettier-ignore

/** The two ways in which a message lies here for a while. */
const ways = {
  held: {
    lie: async (submission: object): Promise<string> => {
      await hand(write("gh/moc"));
      takeAll();
      region!.pass(4 * day + hour);
      const id = await hand(submission);
      expect(standing(id)).toBe("QUEUED  HELD");
      return id;
    },
    go: async (): Promise<void> => {
      world.view = { ...world.view, expiresAt: office().clock.now() + day };
      await releaseHeld(office());
    },
  },
  "waiting for a link": {
    lie: async (submission: object): Promise<string> => {
      await office().store.write(() => noteLeft(office().store, false));
      const id = await hand(submission);
      region!.pass(2 * hour);
      return id;
    },
    go: () => sendWaiting(),
  },
} as const;

/** The state that whoever follows what becomes of messages was told last. */
function toldOf(message: number): string | undefined {
  return office()
    .store.changes.after(0, 1_000)
    .findLast((one) => one.message === message)?.state;
}

type Mandates = GatewayWorld["view"]["mandates"];

function without(agency: string, action: string): void {
  const { mandates } = world.view;
  const cut: Mandates = (who, what, scope) => (who === agency && what === action ? [] : mandates(who, what, scope));
  world.view = { ...world.view, mandates: cut };
} // prettier-ignore

function suspend(name: string, isSuspended: boolean): void {
  const { agency } = made.view;
  const suspendedFrom = isSuspended ? office().clock.now() - hour : undefined;
  world.view = { ...world.view, agency: (one) => (one === name ? { ...agency(one)!, suspendedFrom } : agency(one)) };
} // prettier-ignore

function consent(target: string, change: object = {}): object {
  const validUntil = new Date(office().clock.now() + 30 * day).toISOString();
  const grant = { uses: ["ONWARD_LE"], recipients: [{ agency: "gh/moc" }], purposes: ["INVESTIGATION"], crimes: ["drugs"], validUntil };
  return { type: "dissemination.consent_decision", crimes: ["drugs"], recipients: ["gh/tcu"], inReplyTo: target, inner: {}, body: { targetIds: [target], consentDecision: "GRANTED", grant, ...change } };
} // prettier-ignore

/** A word of its owner that reaches us by hand while we are alone; by a register of his own. */
async function hear(submission: object): Promise<void> {
  const { view } = world;
  world.view = { ...view, expiresAt: office().clock.now() + day };
  await region!.send("sn/tcu", submission);
  world.view = view;
}

describe.each(["held", "waiting for a link"] as const)("what was %s", (way) => {
  const { lie, go } = ways[way];

  it("goes when all is as it was, a direct message too", async () => {
    const id = await lie(write("gh/moc"));
    await go();
    expect(standing(id)).toBe("QUEUED  WAITING");
    if (way !== "held") expect([handed.includes(found(id).seq), isWoken()]).toEqual([true, true]);
  });

  const changes: readonly (readonly [string, string, (id: string) => void | Promise<void>])[] = [
    ["our mandate ended", "REFUSED MANDATE_MISSING REFUSED", () => without("gh/tcu", "PUBLISH")],
    ["its reader's mandate ended", "REFUSED MANDATE_MISSING REFUSED", () => without("gh/moc", "READ")],
    ["its matter is kept from its reader", "REFUSED RULE_RECIPIENT_KEPT_FROM REFUSED", (id) =>
      void office().store.write(() => office().store.keptMessages.add({ id: parseUuid(id), originator: "gh/tcu", states: [], agencies: ["gh/moc"] }))],
    ["this machine's ceiling is lower", "REFUSED DEPLOYMENT_CEILING REFUSED", () => void Object.assign(office(), { ceiling: { handling: "H0" } })],
    ["its time is over", "EXPIRED ENVELOPE_EXPIRED EXPIRED", () => region!.pass(3 * hour)],
    ["we took it back", "STOPPED  STOPPED", async (id) => {
      const { seq, id: order } = found(id).message;
      await office().store.write(() => office().store.recalls.add({ message: seq, target: order, originator: "gh/tcu", box: "out", kind: "PURGE", scope: "MESSAGE", reason: "WITHDRAWN", dueAt: now }));
    }],
  ]; // prettier-ignore

  it.each(changes)("does not when %s meanwhile: %s", async (_, says, change) => {
    const lifeMs = says.startsWith("EXPIRED") ? (way === "held" ? 4 * day + 3 * hour : 4 * hour) : 40 * day;
    const id = await lie(write("gh/moc", { expiresAt: new Date(now + lifeMs).toISOString() }));
    const before = office().store.messages.list({ box: "out", limit: 100 }).length;
    await change(id);
    await go();
    expect(standing(id)).toBe(says);
    expect(handed).not.toContain(found(id).seq);
    expect(office().store.messages.list({ box: "out", limit: 100 })).toHaveLength(before);
    expect(toldOf(found(id).message.seq)).toBe(says.split(" ")[0]);
  }); // prettier-ignore

  it.each([
    ["none is written down any more", 0],
    ["one that went in a carry file stays written down", 1],
  ])("does not when the consent that it rests on was taken back; of its uses %s", async (_, left) => {
    open("sn/tcu", "gh/tcu");
    const source = await region!.send("sn/tcu", write("gh/tcu", {}, { originatorControlled: true }));
    const given = await region!.send("sn/tcu", consent(source));
    const id = await lie(write("gh/moc", {}, { passesOn: [source] }));
    const { digest } = found(id).message;
    if (left > 0) await office().store.write(() => office().store.carried.add(digest, { agency: "gh/moc", at: now }));
    await hear(consent(source, { consentDecision: "REVOKED", grant: undefined, revokedId: given }));
    expect(office().store.onward.carriedBy(id)).toHaveLength(1);
    await go();
    expect(standing(id)).toBe("REFUSED ONWARD_CONSENT_MISSING REFUSED");
    expect(office().store.onward.carriedBy(id)).toHaveLength(left);
  }); // prettier-ignore

  it("does not when its owner took back what it passes on, though somebody here holds that", async () => {
    open("sn/tcu", "gh/tcu");
    const source = await region!.send("sn/tcu", write("gh/tcu"));
    const id = await lie(write("gh/moc", {}, { passesOn: [source] }));
    const { seq, id: target } = office().store.messages.find(parseUuid(source))!;
    await office().store.write(() => office().store.recalls.add({ message: seq, target, originator: "sn/tcu", box: "in", kind: "PURGE", scope: "MESSAGE", reason: "WITHDRAWN", dueAt: now }));
    await go();
    expect(standing(id)).toBe("REFUSED ONWARD_CONSENT_MISSING REFUSED");
  }); // prettier-ignore

  it("waits on while its reader is suspended, says so, and goes after that", async () => {
    const id = await lie(write("gh/moc"));
    suspend("gh/moc", true);
    await go();
    expect(standing(id)).toBe(`QUEUED MANDATE_SUSPENDED ${way === "held" ? "HELD" : "WAITING"}`);
    suspend("gh/moc", false);
    region!.pass(60_000);
    await go();
    expect(standing(id)).toBe("QUEUED  WAITING");
  });

  it("and is handed in anew under another key when it may go again", async () => {
    const { view } = world;
    const id = await lie(write("gh/moc"));
    without("gh/moc", "READ");
    await go();
    expect(standing(id)).toMatch(/^REFUSED/);
    world.view = { ...view, expiresAt: office().clock.now() + day };
    const again = await hand(write("gh/moc"));
    expect([again === id, standing(again)]).toEqual([false, "QUEUED  WAITING"]);
  });
});

describe("what ends before it leaves", () => {
  /** A message that passes another's on, and whether a use of it is written down. */
  async function passOn(): Promise<{ readonly id: string; uses(): number }> {
    open("sn/tcu", "gh/tcu");
    const source = await region!.send("sn/tcu", write("gh/tcu"));
    const expiresAt = new Date(now + 4 * hour).toISOString();
    const id = await ways["waiting for a link"].lie(write("gh/moc", { expiresAt }, { passesOn: [source] }));
    const departures = makeDepartures(office().store.outbox, leftBefore(office().store));
    Object.assign(office(), { departures });
    return { id, uses: () => office().store.onward.carriedBy(id).length };
  } // prettier-ignore

  it.each([false, true])("has used nothing of others when it is stopped or its time is over; where it may have left (%j) it has", async (isGone) => {
    const { id, uses } = await passOn();
    expect(uses()).toBe(1);
    if (isGone) office().departures!.note(found(id).seq);
    if (isGone) await expect(stopMessage(office(), id)).rejects.toMatchObject({ code: "MESSAGE_LEFT" });
    region!.pass(3 * hour);
    await expireOverdue(office());
    expect([standing(id), uses()]).toEqual(["EXPIRED  EXPIRED", isGone ? 1 : 0]);
    if (isGone) return;
    const other = await passOn();
    await stopMessage(office(), other.id);
    expect([standing(other.id), other.uses()]).toEqual(["STOPPED  STOPPED", 0]);
  }); // prettier-ignore
});

describe("the door to the link", () => {
  it("judges nothing that may be at the hub, and says on the disk that things leave before any does", async () => {
    const id = await hand(write("gh/moc"));
    region!.pass(2 * hour);
    without("gh/moc", "READ");
    // a process before this one may have sent it: it kept no note
    await sendWaiting();
    expect([standing(id), handed.includes(found(id).seq)]).toEqual(["QUEUED  WAITING", true]);
    expect(leftBefore(office().store)).toBe(office().store.outbox.last());
  });

  it("what was stored while there was no link did not leave with the process that stored it", async () => {
    const before = await hand(write("gh/moc"));
    await office().store.write(() => noteLeft(office().store, false));
    const after = await hand(write("gh/moc"));
    const departures = makeDepartures(office().store.outbox, leftBefore(office().store));
    expect([found(before).seq, found(after).seq].map(departures.mayHave)).toEqual([true, false]);
  });

  it("holds nothing back when the clock was ahead as the gateway started, and was put right", async () => {
    region!.pass(hour);
    leaving = makeLeaving(office(), () => undefined);
    region!.pass(-hour);
    await office().store.write(() => noteLeft(office().store, false));
    const id = await hand(write("gh/moc"));
    await sendWaiting();
    expect([standing(id), handed.includes(found(id).seq)]).toEqual(["QUEUED  WAITING", true]);
  });

  it("holds back what only a newer register can judge, and says so", async () => {
    const id = await ways["waiting for a link"].lie(write("gh/moc"));
    region!.pass(5 * day);
    await sendWaiting();
    expect([standing(id), handed]).toEqual(["QUEUED REGISTER_STALE WAITING", []]);
    world.view = { ...world.view, expiresAt: office().clock.now() + day };
    await sendWaiting();
    expect([standing(id), handed.includes(found(id).seq)]).toEqual(["QUEUED  WAITING", true]);
  });
});
