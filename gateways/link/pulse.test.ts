import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { makePulse, type Pulse } from "./pulse.ts";

/** A line that carries so many bytes a second each way, with a delay; moved on a second at a time. */
function makeLine(
  bytesPerSecond: number,
  delayMs = 400,
): {
  pulse: Pulse;
  /** What does not pass. */
  cut: { up: boolean; down: boolean };
  send: (bytes: number) => void;
  /** Something comes from the other side. */
  bring: (bytes: number) => void;
  /** Goes on for so long; says after how many seconds the line was given up, if it was. */
  run: (seconds: number) => Promise<number | undefined>;
} {
  const clock = makeStillClock(1_780_272_000_000);
  const pulse = makePulse(clock);
  const cut = { up: false, down: false };
  /** What is on its way up: bytes, and what happens when the last of them is there. */
  const up: { left: number; act?: () => void }[] = [];
  const answers: { at: number; act: () => void }[] = [];
  let read = 0;
  let coming = 0;
  const carry = (bytes: number): void => {
    let room = bytes;
    while (room > 0 && up[0] !== undefined) {
      const taken = Math.min(room, up[0].left);
      up[0].left -= taken;
      room -= taken;
      if (up[0].left === 0) up.shift()?.act?.();
    }
  };
  const answer = (): void => {
    while ((answers[0]?.at ?? Infinity) <= clock.elapsed()) {
      read += 6;
      answers.shift()?.act();
    }
  };
  pulse.start({
    bytesRead: () => read,
    ping: () =>
      new Promise((resolve) => {
        const bounce = (): void =>
          void answers.push({ at: clock.elapsed() + delayMs, act: resolve });
        up.push({ left: 6, act: bounce });
      }),
  });
  return {
    pulse,
    cut,
    send: (bytes) => {
      up.push({ left: bytes });
      pulse.sent(bytes);
    },
    bring: (bytes) => void (coming += bytes),
    run: async (seconds) => {
      for (let tick = 1; tick <= seconds * 10; tick += 1) {
        clock.move(100);
        if (!cut.up) carry(bytesPerSecond / 10);
        if (!cut.down) {
          const came = Math.min(coming, bytesPerSecond / 10);
          coming -= came;
          read += came;
          // an answer waits behind what comes before it
          if (coming === 0) answer();
        }
        await turn();
        if (tick % 10 === 0 && !pulse.tick()) return tick / 10;
      }
      return undefined;
    },
  };
}

const kbits32 = 4_000;

describe("a line where nobody answers any more", () => {
  it.each([
    ["both ways", { up: true, down: true }],
    ["from here alone", { up: true, down: false }],
    ["to here alone", { up: false, down: true }],
  ])("is given up within 30 s: %s", async (_, what) => {
    for (const healthy of [1, 7, 13, 20]) {
      const { run, cut } = makeLine(kbits32);
      expect(await run(healthy)).toBeUndefined();
      Object.assign(cut, what);
      expect(await run(60)).toBeLessThanOrEqual(30);
    }
  });

  it("is given up within 30 s while data is queued, on a line of any speed", async () => {
    for (const speed of [kbits32, 250_000]) {
      const { run, cut, send, pulse } = makeLine(speed);
      await run(10);
      cut.up = true;
      send(pulse.sendBytes);
      expect(await run(60)).toBeLessThanOrEqual(30);
    }
  });

  it("is given up within 30 s while the last of what was on its way still comes", async () => {
    const { run, cut, bring } = makeLine(kbits32);
    await run(10);
    cut.up = true;
    bring(20_000);
    expect(await run(60)).toBeLessThanOrEqual(30);
  });
});

describe("a line that is slow", () => {
  it("is not given up while 32 kB go up at 32 kbit/s, time and again", async () => {
    const { run, send } = makeLine(kbits32);
    for (let round = 0; round < 10; round += 1) {
      send(32 * 1024);
      expect(await run(9)).toBeUndefined();
    }
  });

  it("is not given up while the largest publication goes up at 32 kbit/s", async () => {
    const { run, send } = makeLine(kbits32);
    send(256 * 1024);
    expect(await run(90)).toBeUndefined();
  });

  it("is not given up while the largest publication comes at 32 kbit/s, and the answer behind it", async () => {
    const { run, bring } = makeLine(kbits32);
    await run(3);
    bring(256 * 1024);
    expect(await run(90)).toBeUndefined();
  });

  it("is known for what it is worth: round trip, speed, and windows of some seconds", async () => {
    const { run, send, bring, pulse } = makeLine(kbits32, 800);
    for (let round = 0; round < 6; round += 1) {
      send(8_000);
      bring(8_000);
      await run(4);
    }
    await run(30);
    const { roundTripMs = 0, sentPerSecond = 0, receivedPerSecond = 0 } = pulse.quality();
    expect(roundTripMs).toBeGreaterThan(700);
    expect(roundTripMs).toBeLessThan(2_500);
    for (const rate of [sentPerSecond, receivedPerSecond]) {
      expect(rate).toBeGreaterThan(2_500);
      expect(rate).toBeLessThan(6_000);
    }
    expect(pulse.sendBytes).toBeLessThanOrEqual(24_000);
    expect(pulse.receiveBytes).toBeLessThanOrEqual(24_000);
  });
});

describe("a line that is good", () => {
  it("is reckoned too where another answer proved it before the ping's own", async () => {
    const { pulse, send, run } = makeLine(4_000);
    await run(3);
    send(8_000);
    pulse.heard(pulse.handed);
    expect(pulse.quality().sentPerSecond).toBeUndefined();
    await run(10);
    expect(pulse.quality().sentPerSecond).toBeGreaterThan(1_000);
  });

  it("gets a wide window within some round trips, and loses it when another connection stands", async () => {
    const { run, send, pulse } = makeLine(2_000_000, 100);
    expect(pulse.sendBytes).toBe(16 * 1024);
    for (let round = 0; round < 20; round += 1) {
      send(pulse.sendBytes);
      await run(1);
    }
    expect(pulse.sendBytes).toBeGreaterThan(100_000);
    pulse.stop();
    pulse.start({ bytesRead: () => 0, ping: () => Promise.resolve() });
    expect(pulse.sendBytes).toBe(16 * 1024);
  });

  it("has carried for certain only what an answer came after", async () => {
    const { run, send, pulse, cut } = makeLine(2_000_000, 100);
    await run(1);
    send(1_000);
    expect(pulse.proven).toBe(0);
    await run(8);
    expect(pulse.proven).toBe(1_000);
    cut.up = true;
    send(5_000);
    await run(8);
    expect([pulse.handed, pulse.proven]).toEqual([6_000, 1_000]);
  });

  it.each([
    [100, 31, 33],
    // a server asks whoever was silent for 20 s, so it is always we who ask
    [1, 31, 33],
    [600, 40, 46],
    [2_000, 55, 72],
  ])("is asked seldom while nothing happens: with a round trip of %i ms at least %i and at most %i times in ten minutes", async (delayMs, least, most) => {
    const clock = makeStillClock(0);
    let pings = 0;
    const answers: { at: number; act: () => void }[] = [];
    const pulse = makePulse(clock);
    const ping = (): Promise<void> => {
      pings += 1;
      return new Promise((resolve) => void answers.push({ at: clock.elapsed() + delayMs, act: resolve }));
    };
    pulse.start({ bytesRead: () => 0, ping });
    for (let step = 1; step <= 6_000; step += 1) {
      clock.move(100);
      while ((answers[0]?.at ?? Infinity) <= clock.elapsed()) answers.shift()?.act();
      await turn();
      if (step % 10 === 0) expect(pulse.tick()).toBe(true);
    }
    expect(pings).toBeLessThanOrEqual(most);
    expect(pings).toBeGreaterThanOrEqual(least);
  }); // prettier-ignore

  it("is not given up by a process that stood still, before it read what lies there", async () => {
    const clock = makeStillClock(0);
    const pulse = makePulse(clock);
    let answer: () => void = () => undefined;
    const ping = (): Promise<void> => new Promise((resolve) => (answer = resolve));
    pulse.start({ bytesRead: () => 0, ping });
    clock.move(50);
    answer();
    await turn();
    for (let second = 0; second < 19; second += 1) {
      clock.move(1_000);
      expect(pulse.tick()).toBe(true);
    }
    clock.move(600_000);
    expect(pulse.tick()).toBe(true);
    for (let second = 0; second < 8; second += 1) {
      clock.move(1_000);
      expect(pulse.tick()).toBe(true);
    }
    clock.move(1_000);
    clock.move(1_000);
    expect(pulse.tick()).toBe(false);
  });
});
