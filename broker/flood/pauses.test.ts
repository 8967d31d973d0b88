import { describe, expect, it } from "vitest";

import { hubLimits } from "../nats/index.ts";
import { makePauses } from "./pauses.ts";

function start(): { pauses: ReturnType<typeof makePauses>; go: (ms: number) => void } {
  let now = 1_000;
  const pauses = makePauses({ elapsed: () => now });
  return { pauses, go: (ms) => (now += ms) };
}

const { floodPauseMs, floodMostPauseMs, floodForgetMs } = hubLimits;

describe("makePauses", () => {
  it("lets in whoever did not flood, also while another is shut out", () => {
    const { pauses } = start();
    pauses.begin("ng/tcu");
    expect(pauses.judge("gh/tcu")).toBe("open");
    expect(pauses.isOn("gh/tcu")).toBe(false);
  });

  it("refuses until the pause is over, and says which refusal is the first", () => {
    const { pauses, go } = start();
    const forMs = pauses.begin("ng/tcu");
    expect(pauses.judge("ng/tcu")).toBe("refused first");
    expect(pauses.judge("ng/tcu")).toBe("refused again");
    go(forMs - 1);
    expect(pauses.judge("ng/tcu")).toBe("refused again");
    go(1);
    expect(pauses.judge("ng/tcu")).toBe("open");
  });

  it("grows with each, to a bound, and begins anew when none came for long", () => {
    const { pauses, go } = start();
    const row: number[] = [];
    for (let at = 0; at < 9; at += 1) {
      const forMs = pauses.begin("ng/tcu");
      row.push(forMs);
      go(forMs + 1_000);
    }
    expect(row.slice(0, 3)).toEqual([floodPauseMs, 2 * floodPauseMs, 4 * floodPauseMs]);
    expect(row.at(-1)).toBe(floodMostPauseMs);
    expect(Math.max(...row)).toBe(floodMostPauseMs);
    go(floodForgetMs);
    expect(pauses.begin("ng/tcu")).toBe(floodPauseMs);
  });
});
