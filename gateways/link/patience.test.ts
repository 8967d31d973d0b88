import { describe, expect, it } from "vitest";

import { isThin, patienceMs } from "./patience.ts";
import type { LineQuality } from "./pulse.ts";

const lineOf = (quality: LineQuality) => ({
  handed: 0,
  proven: 0,
  answeredAt: undefined,
  sendBytes: 16_384,
  receiveBytes: 16_384,
  quality: () => quality,
});

describe("a thin line", () => {
  it.each([
    ["that nobody knows yet is not", {}, false],
    ["is one that is far", { roundTripMs: 800 }, true],
    ["is one that carried little and answers late", { roundTripMs: 180, sentPerSecond: 3_900 }, true],
    ["is one on which little came and that answers late", { roundTripMs: 180, receivedPerSecond: 3_900 }, true],
    ["is not one that answers at once, however little there was to carry", { roundTripMs: 4, sentPerSecond: 680, receivedPerSecond: 4_796 }, false],
    ["is not one that carries much", { roundTripMs: 180, sentPerSecond: 400_000, receivedPerSecond: 400_000 }, false],
  ] as const)("%s", (_, quality, isIt) => {
    expect(isThin(lineOf(quality))).toBe(isIt);
  });

  it("is waited for longer, and so is one that may be: a rate that was low is no proof of a fast line", () => {
    const waited = [{}, { roundTripMs: 4, sentPerSecond: 680 }, { roundTripMs: 800 }].map((quality) => patienceMs(lineOf(quality), 1_000) > 0);
    expect(waited).toEqual([false, true, true]);
  });
}); // prettier-ignore
