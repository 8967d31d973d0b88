import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { isFault } from "../../schemas/ground/index.ts";
import {
  bulletin,
  type MadeOffice,
  makeOffice,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { expireOverdue } from "./expire.ts";
import { isJumped, readHubWord } from "./hub-word.ts";
import type { Office } from "./office.ts";
import { checkClock, findClockAhead, findClockFloor, makeFreshnessWatch } from "./staleness.ts";
import { submit } from "./submit.ts";

const start = 1_780_272_000_000;
const day = 86_400_000;
const recipient = "gh/tcu";

let world: GatewayWorld;
let made: MadeOffice;
/** Whose clock is set apart from the time that goes by. */
let office: Office;
let setBy: number;

beforeAll(async () => {
  world = await makeGatewayWorld([recipient, "ng/tcu"], { now: start });
});

beforeEach(() => {
  made = makeOffice(world, recipient);
  made.clock.move(2 * day);
  setBy = 0;
  office = { ...made, clock: { ...made.clock, now: () => made.clock.now() + setBy } };
});

afterEach(() => made.close());

/** The hub answers a question now, by a clock that is right. */
function hear(change: { readonly issuer?: string; readonly issuedAt?: number } = {}): string {
  const { issuer = "ecowas/hub", issuedAt = made.clock.now() } = change;
  return codeOf(() => readHubWord(office, signReceipt(world, issuer, { recipient, issuedAt })));
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return "taken";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

const found = (): string => codeOf(() => checkClock(office));

describe("T-16 what a hub's word says of this machine's clock", () => {
  it.each([
    [120_001, "taken", "CLOCK_AHEAD"],
    [120_000, "taken", "taken"],
    [-120_000, "taken", "taken"],
    [-120_001, "CLOCK_BEHIND", "CLOCK_BEHIND"],
    [day, "taken", "CLOCK_AHEAD"],
    [-day, "CLOCK_BEHIND", "CLOCK_BEHIND"],
  ])("%d ms apart: the word is %s, and what would be dated is %s", (ms, heard, dated) => {
    setBy = ms;
    expect([hear(), found()]).toEqual([heard, dated]);
  });

  it("a clock that was put right is right at once, without another word", () => {
    for (const ms of [day, -day]) {
      setBy = ms;
      hear();
      expect(found()).not.toBe("taken");
      setBy = 0;
      expect([found(), isJumped(office)]).toEqual(["taken", false]);
    }
  });

  it("a clock that was set since is asked about, and refuses nothing before the hub has answered", () => {
    hear();
    setBy = day;
    expect([isJumped(office), found()]).toEqual([true, "taken"]);
    // this answer may have been on its way already when the clock was set
    hear();
    expect([isJumped(office), found()]).toEqual([true, "taken"]);
    hear();
    expect(found()).toBe("CLOCK_AHEAD");
  });

  it("one that was on its way when the time went on for both says nothing", () => {
    hear();
    const onItsWay = made.clock.now();
    setBy = day;
    hear({ issuedAt: onItsWay });
    hear({ issuedAt: onItsWay + day });
    expect([isJumped(office), found()]).toEqual([false, "taken"]);
  });

  it("counts for some minutes, and no reader's word counts", () => {
    setBy = day;
    expect(hear({ issuer: "ng/tcu" })).toBe("RECEIPT_INVALID");
    expect(found()).toBe("taken");
    hear();
    made.clock.move(1_260_000);
    expect(found()).toBe("CLOCK_AHEAD");
    made.clock.move(1);
    expect([found(), findClockAhead(office)]).toEqual(["taken", undefined]);
  });

  it("is forgotten when it lied, and never kept", () => {
    expect(hear({ issuedAt: made.clock.now() + 2 * day })).toBe("CLOCK_BEHIND");
    expect(findClockFloor(office)).toBeDefined();
    hear();
    expect([findClockFloor(office), found()]).toEqual([undefined, "taken"]);
  });
});

describe("T-16 what a clock that is ahead does not end", () => {
  it("a message that waits is not over by it, and is when its time has come", async () => {
    const expiresAt = new Date(made.clock.now() + day / 2).toISOString();
    await submit(office, { ...bulletin, expiresAt }, "a");
    hear();
    setBy = day;
    expect(await expireOverdue(office)).toBe(0);
    hear();
    expect(await expireOverdue(office)).toBe(0);
    setBy = 0;
    made.clock.move(day);
    expect(await expireOverdue(office)).toBe(1);
  });

  it("the watch tells each change once, has the hub asked after a jump, and has all told again at the end", () => {
    const told: string[] = [];
    const watch = makeFreshnessWatch(office, {
      onFresher: () => undefined,
      onClockJumped: () => void told.push("asks"),
      onClockRight: () => void told.push("right"),
    });
    hear();
    expect(watch.isClockRight()).toBe(true);
    setBy = day;
    expect(watch.isClockRight()).toBe(false);
    hear();
    hear();
    expect([watch.isClockRight(), watch.isClockRight()]).toEqual([false, false]);
    setBy = 0;
    expect([watch.isClockRight(), watch.isClockRight()]).toEqual([true, true]);
    expect(told).toEqual(["asks", "right"]);
  });
});
