import { describe, expect, it } from "vitest";

import { type GatewayStanding, renderMissing, waitForGateways } from "./readiness.ts";

/** Waiting in which time passes by sleeping alone, and each port answers what it is told to at that time. */
function waitIn(answers: (port: number, now: number) => GatewayStanding, patienceMs = 60_000) {
  let now = 0;
  const said: string[] = [];
  const asked: number[] = [];
  const ways = {
    clock: {
      elapsed: () => now,
      sleep: (ms: number) => {
        now += ms;
        return Promise.resolve();
      },
    },
    ask: (port: number) => {
      asked.push(port);
      return Promise.resolve(answers(port, now));
    },
    say: (text: string) => void said.push(text),
    patienceMs,
  };
  const gateways = [1, 2, 3].map((port) => ({ agency: `ng/a${port}`, port }));
  return { wait: () => waitForGateways(gateways, ways), said, asked, now: () => now };
}

describe("waiting until everything runs", () => {
  it("ends when every gateway has its link, and not when all only answer", async () => {
    const world = waitIn((port, now) => (now < port * 1_000 ? "ANSWERS" : "LINKED"));
    expect([...(await world.wait()).values()]).toEqual(["LINKED", "LINKED", "LINKED"]);
    expect(world.now()).toBe(3_000);
  });

  it("one that had its link is not waited for again", async () => {
    const world = waitIn((port, now) => (port === 1 || now >= 500 ? "LINKED" : "SILENT"));
    await world.wait();
    expect(world.asked.filter((port) => port === 1)).toHaveLength(1);
  });

  it("says how it goes on when that changed, and no more often than one can read", async () => {
    const world = waitIn((port, now) => (now < 5_000 ? "SILENT" : now < port * 10_000 ? "ANSWERS" : "LINKED"));
    await world.wait();
    expect(world.said).toEqual([
      "0 of 3 gateways answer, 0 have their link …",
      "3 of 3 gateways answer, 0 have their link …",
      "3 of 3 gateways answer, 1 have their link …",
      "3 of 3 gateways answer, 2 have their link …",
    ]);
  }); // prettier-ignore

  it("ends when its time is over, and tells who is missing and what of", async () => {
    const states = ["LINKED", "ANSWERS", "SILENT"] as const;
    const world = waitIn((port) => states[port - 1]!, 2_000);
    const standings = await world.wait();
    expect(world.now()).toBe(2_000);
    expect(renderMissing(standings)).toBe(
      "no answer from the gateway of ng/a3; no link to the hub at ng/a2",
    );
  });

  it("of many that are missing some are named", () => {
    const all = Array.from({ length: 9 }, (_, at) => [`ng/a${at}`, "SILENT"] as const);
    expect(renderMissing(new Map(all))).toBe(
      "no answer from the gateway of ng/a0, ng/a1, ng/a2, ng/a3, ng/a4, ng/a5 and 3 more",
    );
    expect(renderMissing(new Map([["ng/a", "LINKED"]]))).toBe("");
  });
});
