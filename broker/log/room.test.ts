import { describe, expect, it } from "vitest";

import { type Clock, type Log, silentLog, systemClock } from "../../schemas/ground/index.ts";
import { makeRoomWatch, type RoomWatch } from "./room.ts";

const day = 86_400_000;
const begun = Date.UTC(2026, 0, 1);

interface Hand {
  readonly watch: RoomWatch;
  readonly told: string[];
  at(days: number, bytes: number): number | undefined;
}

function makeHand(): Hand {
  let now = begun;
  const told: string[] = [];
  const clock: Clock = { ...systemClock, now: () => now };
  const log: Log = {
    ...silentLog,
    warn: (event, { code, count } = {}) =>
      void told.push(`${event.match(/\d+ percent/)?.[0] ?? event} ${code ?? ""} ${count ?? ""}`),
  };
  const watch = makeRoomWatch({ clock, log });
  return {
    watch,
    told,
    at: (days, bytes) => {
      now = begun + days * day;
      watch.note({ bytes, maxBytes: 1_000 }, begun);
      return watch.status?.daysLeft;
    },
  };
}

describe("the room of the log", () => {
  it("lasts as long as the pace of its life says, or of the last days where that is faster", () => {
    const { at, watch } = makeHand();
    expect(watch.status).toBeUndefined();
    expect(at(100, 100)).toBeCloseTo(900);
    expect(at(100.5, 101)).toBeCloseTo(899 / 2);
    expect(at(102, 141)).toBeCloseTo(859 / 20.5, 0);
    expect(at(102.02, 142)).toBeLessThan(45);
  });

  it("is told of at 80, 90, 95 and 99 percent, once each, with the days left", () => {
    const { at, told } = makeHand();
    for (const bytes of [100, 799, 800, 810, 899, 960, 961, 999]) at(100, bytes);
    expect(told).toEqual([
      "80 percent LOG_FULL 25",
      "95 percent LOG_FULL 4",
      "99 percent LOG_FULL 0",
    ]);
    at(101, 500);
    at(101, 801);
    expect(told).toHaveLength(4);
  });

  it("is not guessed for a log that does not grow", () => {
    const { at } = makeHand();
    expect(at(0, 0)).toBeUndefined();
    expect(at(5, 0)).toBeUndefined();
  });
});
