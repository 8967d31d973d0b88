import { describe, expect, it } from "vitest";

import { parseReceipt } from "../../schemas/index.ts";
import { type Bytes, makeSeededChance, silentLog, utf8 } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { canaryShape, makeCanary } from "./index.ts";

const now = Date.UTC(2026, 5, 1);
const minute = 60_000;

function make({ isUp = true } = {}) {
  const clock = makeStillClock(now);
  const sent: Bytes[] = [];
  const subjects: string[] = [];
  const canary = makeCanary({
    agency: "ng/tcu",
    hub: "au/hub-one",
    choice: canaryShape.parse({}),
    signer: { sign: () => "eyJhbGciOiJFZERTQSJ9..c2lnbmF0dXJl" },
    epoch: () => 7,
    publish: (subject, bytes) => {
      subjects.push(subject);
      if (isUp) sent.push(bytes);
      return isUp;
    },
    clock,
    chance: makeSeededChance("canary"),
    log: silentLog,
  });
  return { canary, clock, sent, subjects };
}

describe("a canary", () => {
  it("goes to its own agency, and says nothing of anybody", () => {
    const { canary, sent, subjects } = make();
    canary.tick(true);
    expect(subjects).toEqual(["out.receipt.ng.tcu"]);
    const { receipt } = parseReceipt(sent[0]!);
    expect([receipt.issuer, receipt.recipient]).toEqual(["ng/tcu", "ng/tcu"]);
    expect([receipt.held, receipt.accepted, receipt.refused, receipt.heads]).toEqual([[], [], [], []]);
    expect(receipt.checkpoint).toBeUndefined();
    expect(sent[0]!.length).toBeLessThan(300);
  }); // prettier-ignore

  it("that comes back is counted with its time, and taken out; what else came is left", () => {
    const { canary, clock, sent } = make();
    canary.tick(true);
    clock.move(2_000);
    const other = utf8("a receipt of somebody");
    expect(canary.sift([other, sent[0]!])).toEqual([other]);
    expect(canary.standing).toMatchObject({ sent: 1, back: 1, lost: 0, seconds: 2, isLate: false });
    // the same once more is no second one
    expect(canary.sift([sent[0]!])).toHaveLength(1);
    expect(canary.standing.back).toBe(1);
  });

  it("is sent as often as was chosen, and not while there is no link or the clock is wrong", () => {
    const { canary, clock, sent } = make();
    canary.tick(false);
    expect(sent).toHaveLength(0);
    for (let seconds = 0; seconds <= 61 * 60; seconds += 10) {
      canary.tick(true);
      canary.sift(sent);
      clock.move(10_000);
    }
    expect(sent).toHaveLength(3);
  });

  it("that is not back in its time is lost, is told of until one comes, and counts as back if it comes after all", () => {
    const { canary, clock, sent } = make();
    canary.tick(true);
    clock.move(5 * minute);
    canary.tick(true);
    canary.tick(true);
    expect(canary.standing).toMatchObject({ sent: 1, back: 0, lost: 1, isLate: true });
    expect(canary.sift(sent)).toEqual([]);
    expect(canary.standing).toMatchObject({ back: 1, lost: 1, isLate: false, seconds: 300 });
  });

  it("that could not be sent is none", () => {
    const { canary, clock } = make({ isUp: false });
    canary.tick(true);
    clock.move(6 * minute);
    canary.tick(true);
    expect(canary.standing).toMatchObject({ sent: 0, lost: 0, isLate: false });
  });

  it.each([{ everyMinutes: 0 }, { lateMinutes: 0.5 }, { everyMinutes: 1_441 }, { to: "gh/tcu" }])(
    "is not chosen as %o",
    (choice) => {
      expect(canaryShape.safeParse(choice).success).toBe(false);
    },
  );
});
