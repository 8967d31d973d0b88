import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { Fault, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { makeHeadsRound } from "./heads.ts";

function make(): {
  round: ReturnType<typeof makeHeadsRound>;
  clock: ReturnType<typeof makeStillClock>;
  asked: () => number;
  /** What becomes of the next questions. */
  hub: { isHeard: boolean; isTaken: boolean };
  silences: () => number;
} {
  const clock = makeStillClock(1_780_272_000_000);
  const hub = { isHeard: true, isTaken: true };
  let asked = 0;
  let silences = 0;
  const round = makeHeadsRound({
    ask: () => {
      asked += 1;
      if (hub.isHeard) return Promise.resolve(new Uint8Array());
      return Promise.reject(new Fault("HUB_UNREACHABLE", "for this test"));
    },
    before: () => [],
    take: () =>
      hub.isTaken
        ? Promise.resolve()
        : Promise.reject(new Fault("HUB_UNREACHABLE", "a stream is missing")),
    onSilence: () => {
      silences += 1;
    },
    clock,
    chance: makeSeededChance("heads"),
    log: silentLog,
  });
  return { round, clock, asked: () => asked, hub, silences: () => silences };
}

describe("makeHeadsRound", () => {
  it.each([
    [{ isHeard: false }, [1, 2, 3]],
    // whoever answers is there, whatever is to be said of the answer
    [{ isTaken: false }, [0, 0, 0]],
  ])("tells of silence after two questions, then four, then eight: %j", async (what, told) => {
    const { round, clock, hub, silences } = make();
    Object.assign(hub, what);
    const ask = async (): Promise<void> => {
      // a new connection asks at once
      round.reset();
      clock.move(1);
      round.tick();
      await turn();
    };
    for (const [at, questions] of [2, 4, 8].entries()) {
      for (let n = 1; n < questions; n += 1) await ask();
      expect(silences()).toBe((told[at] ?? 0) === 0 ? 0 : at);
      await ask();
      expect(silences()).toBe(told[at]);
    }
    hub.isHeard = true;
    await ask();
    hub.isHeard = false;
    await ask();
    await ask();
    expect(silences()).toBe((told[2] ?? 0) + 1);
  });

  it("asks at once and then every half minute or so", async () => {
    const { round, clock, asked } = make();
    for (const [waitMs, count] of [[0, 1], [22_000, 1], [16_000, 2], [5_500, 2]] as const) {
      clock.move(waitMs);
      round.tick();
      await turn();
      expect(asked()).toBe(count);
    } // prettier-ignore
  });

  it.each([{ isHeard: false }, { isTaken: false }])(
    "asks again after five seconds when nothing came of it: %j",
    async (what) => {
      const { round, clock, asked, hub } = make();
      Object.assign(hub, what);
      round.tick();
      await turn();
      clock.move(3_700);
      round.tick();
      expect(asked()).toBe(1);
      clock.move(2_600);
      round.tick();
      await turn();
      expect(asked()).toBe(2);
    },
  );

  it("asks ever more seldom while nothing comes of it", async () => {
    const { round, clock, asked, hub } = make();
    hub.isHeard = false;
    for (let second = 0; second < 600; second += 1) {
      round.tick();
      await turn();
      clock.move(1_000);
    }
    expect(asked()).toBeGreaterThan(8);
    expect(asked()).toBeLessThan(30);
  });

  it("is hurried by whatever did not come, but not more often than each ten seconds, and two that nobody answers are silence", async () => {
    const { round, clock, asked, hub, silences } = make();
    round.tick();
    await turn();
    hub.isHeard = false;
    const at: number[] = [];
    for (let second = 1; second <= 40 && silences() === 0; second += 1) {
      clock.move(1_000);
      const before = asked();
      // three streams, and what got no receipt
      for (let n = 0; n < 4; n += 1) round.hurry();
      round.tick();
      await turn();
      if (asked() > before) at.push(second);
    }
    expect(at[0]).toBe(10);
    expect(at[1]).toBeLessThanOrEqual(20);
    expect(at).toHaveLength(2);
    expect(silences()).toBe(1);
  });

  it("asks at once on a new connection, but never twice at a time", async () => {
    const { round, asked } = make();
    round.tick();
    round.reset();
    round.tick();
    expect(asked()).toBe(1);
    await turn();
    round.tick();
    expect(asked()).toBe(2);
  });
});
