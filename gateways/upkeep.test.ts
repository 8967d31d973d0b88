import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type MadeOffice, makeOffice, publish, request } from "../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { until } from "../test/kit/server.ts";
import { renderUuid } from "../schemas/ground/index.ts";
import { makeTakePublications, makeTakeReceipts, signHeld, heldLines } from "./exchange/index.ts";
import { startUpkeep, type Upkeep } from "./upkeep.ts";
import { makeWorkDesk, registerTerms, type WorkDesk } from "./work/index.ts";

const now = 1_780_272_000_000;
const hour = 3_600_000;
const day = 24 * hour;
/** The time of an acknowledgement between units, where no register says otherwise. */
const acknowledged = 2 * day;
const nothing = (): void => undefined;
let world: GatewayWorld;
let asker: MadeOffice;
let asked: MadeOffice;
let isClockRight: boolean;
let running: readonly Upkeep[];

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/fiu", "gh/fiu"], { now });
});
beforeEach(() => {
  isClockRight = true;
  asker = makeOffice(world, "ng/fiu");
  asked = makeOffice(world, "gh/fiu");
  running = [asker, asked].map(tendTo);
});
afterEach(() => {
  for (const one of running) one.stop();
  for (const one of [asker, asked]) one.close();
});

/** The upkeep of a gateway without a hub, with all that is of others left out. */
function tendTo(office: MadeOffice): Upkeep {
  return startUpkeep({
    office,
    lines: { isUp: false, tick: nothing, wake: nothing },
    receipts: [],
    keys: { tick: nothing },
    leaving: { may: () => true, tick: () => undefined },
    register: { checkFile: nothing },
    freshness: { isClockRight: () => isClockRight, look: nothing },
    renewal: undefined,
    recheck: { look: () => Promise.resolve() },
    take: () => Promise.resolve(),
    onFatal: undefined,
  });
}

/** Time passes for both, and all that is to be reckoned is. */
async function pass(ms: number): Promise<void> {
  for (const { clock } of [asker, asked]) clock.move(ms);
  await until("all is reckoned", () => {
    const isDone = [asker, asked].every(({ store, clock }) => {
      const late = isClockRight ? store.breaches.toLookAt(clock.now(), 1) : [];
      return store.threads.stale(1).length + late.length === 0;
    });
    // another tick: one that came while it was reckoned was passed over
    if (!isDone) for (const { clock } of [asker, asked]) clock.move(1_000);
    return isDone;
  });
}

/** Brings what one sent to the other, and his receipt back. */
async function bring(from: MadeOffice, to: MadeOffice, submission: unknown): Promise<string> {
  const key = `k${from.clock.now()}`;
  const held = () => undefined;
  const refreshRegister = () => Promise.resolve(false);
  await makeTakePublications(to, { refreshRegister, held })(await publish(from, submission, key));
  const chains = to.store.chains.changedSince(0);
  const lines = heldLines(chains.filter(({ originator }) => originator === from.agency));
  const duties = { wake: nothing, postpone: nothing, sawEpoch: nothing, refreshRegister };
  for (const line of lines) await makeTakeReceipts(from, duties)([signHeld(to, from.agency, line)]);
  return renderUuid(to.store.messages.list({ box: "in", limit: 1 })[0]!.id);
}

const reply = (about: string): object => ({
  type: "fiu.reply",
  crimes: ["ml"],
  recipients: ["ng/fiu"],
  inReplyTo: about,
  inner: { caseRef: "F-9" },
  body: {
    answers: [{ question: "ACCOUNTS", outcome: "HIT" }],
    sources: ["STR_DB"],
    consent: {
      decision: "GRANTED",
      recipients: ["ng/fiu"],
      purposes: ["INVESTIGATION"],
      expiresAt: new Date(now + 60 * day).toISOString(),
    },
  },
});

function desk(office: MadeOffice): WorkDesk {
  return makeWorkDesk({ ...office, terms: () => registerTerms(world.view) });
}

/** What a follower of the log hears of deadlines. */
function told(office: MadeOffice): readonly string[] {
  const kinds = office.store.changes.after(0, 1_000).map(({ kind }) => kind);
  return kinds.filter((kind) => kind === "OVERDUE" || kind === "ESCALATED");
}

const missed = (office: MadeOffice): readonly unknown[] =>
  desk(office).breaches({ open: true }).map(({ closing, of, escalatedAt }) => [closing, of, escalatedAt !== undefined]); // prettier-ignore

describe("what came a moment ago", () => {
  it("is awaited for whoever asks now, and who is late is noted in its own time all the same", async () => {
    await bring(asker, asked, request);
    expect(desk(asked).awaited({ overdue: false })).toEqual([]);
    await desk(asked).catchUp();
    expect(desk(asked).awaited({ overdue: false })).toMatchObject([{ closing: "ACKNOWLEDGEMENT" }, { closing: "RESULT" }]);
    await pass(acknowledged + hour);
    expect([missed(asked), told(asked)]).toEqual([[["ACKNOWLEDGEMENT", "gh/fiu", false]], ["OVERDUE"]]);
  }); // prettier-ignore
});

describe("what is not there in time", () => {
  it("is written down once by both, told once, and told once more when it is overdue twice", async () => {
    await bring(asker, asked, request);
    await pass(hour);
    expect([missed(asker), missed(asked), told(asker)]).toEqual([[], [], []]);
    await pass(acknowledged);
    for (const office of [asker, asked]) {
      expect(missed(office)).toEqual([["ACKNOWLEDGEMENT", "gh/fiu", false]]);
      expect(told(office)).toEqual(["OVERDUE"]);
      expect(desk(office).awaited({ overdue: true })).toMatchObject([{ isOverdue: true, isEscalated: false }]);
    }
    await pass(acknowledged);
    await pass(hour);
    await pass(hour);
    for (const office of [asker, asked]) {
      expect(missed(office)).toEqual([["ACKNOWLEDGEMENT", "gh/fiu", true]]);
      expect(told(office)).toEqual(["OVERDUE", "ESCALATED"]);
      expect(desk(office).awaited({ overdue: true })).toMatchObject([{ isOverdue: true, isEscalated: true }]);
      const [{ thread } = { thread: "" }] = desk(office).awaited({ overdue: true });
      expect(desk(office).thread(thread).matters[0]?.awaited.filter((due) => due.isEscalated === true)).toHaveLength(1);
    }
    expect(asker.moved.length).toBeGreaterThan(1);
  }); // prettier-ignore

  it("is none when the answer came in time", async () => {
    const id = await bring(asker, asked, request);
    await pass(hour);
    await bring(asked, asker, reply(id));
    await pass(10 * day);
    for (const office of [asker, asked]) {
      expect([missed(office), told(office)]).toEqual([[], []]);
      expect(desk(office).awaited({ overdue: false })).toMatchObject([{ closing: "FEEDBACK" }]);
    }
  });

  it("that came after all is ended and stays on record", async () => {
    const id = await bring(asker, asked, request);
    await pass(acknowledged + hour);
    await bring(asked, asker, reply(id));
    await pass(hour);
    for (const office of [asker, asked]) {
      expect(missed(office)).toEqual([]);
      const [kept] = desk(office).breaches({ open: false });
      expect([kept?.isOpen, kept?.stands, kept?.endedAt === undefined]).toEqual([
        false,
        true,
        false,
      ]);
    }
  });

  it("is noted by no clock that is known to be wrong", async () => {
    await bring(asker, asked, request);
    isClockRight = false;
    await pass(2 * acknowledged + hour);
    expect([missed(asked), told(asked)]).toEqual([[], []]);
    isClockRight = true;
    await pass(1_000);
    expect(missed(asked)).toEqual([["ACKNOWLEDGEMENT", "gh/fiu", true]]);
  });
});
