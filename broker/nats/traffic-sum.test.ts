import { beforeEach, describe, expect, it } from "vitest";

import { makeTrafficSum, type TrafficSum } from "./traffic-sum.ts";
import type { ServerTraffic } from "./traffic.ts";

let sum: TrafficSum;
beforeEach(() => {
  sum = makeTrafficSum();
});

function told(server: string, messages: number, connections = 1): ServerTraffic {
  const seen = { account: "AG_ng_tcu", connections, messages, bytes: messages * 10, answers: 0 };
  return { server, accounts: [seen] };
}

describe("makeTrafficSum", () => {
  it("what an agency sends by two servers counts together", () => {
    expect(sum([told("A", 5), told("B", 7)])).toEqual([
      { account: "AG_ng_tcu", connections: 2, messages: 12, bytes: 120, answers: 0 },
    ]);
  });

  it("a server that is away for a look takes nothing back, and adds what came meanwhile", () => {
    sum([told("A", 5), told("B", 7)]);
    expect(sum([told("A", 6)])).toMatchObject([{ messages: 13, connections: 1 }]);
    expect(sum([told("A", 6), told("B", 9)])).toMatchObject([{ messages: 15 }]);
  });

  it("a server that began anew adds all that it counted since", () => {
    sum([told("A", 500)]);
    expect(sum([told("A", 3)])).toMatchObject([{ messages: 503, bytes: 5_030 }]);
  });
});
