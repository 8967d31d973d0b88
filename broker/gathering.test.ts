import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault, silentLog, systemClock } from "../schemas/ground/index.ts";
import { type Gathering, startGathering } from "./gathering.ts";
import { askAll, type Link } from "./nats/index.ts";

const [a, b, c] = ["A", "B", "C"].map((id) => ({ id, name: id }));
let inReach: readonly { id: string; name: string }[];
let fault: Fault;
let kept: string[];
let redialled: number;
let gathering: Gathering;

beforeEach(() => {
  [inReach, kept, redialled] = [[a!, b!, c!], [], 0];
  fault = new Fault("HUB_UNREACHABLE", "the connection is down");
  gathering = startGathering({
    links: {
      leaveAllBut: async (servers) => {
        kept = servers.map(({ id }) => id);
        return 0;
      },
      system: {
        reconnect: async () => {
          redialled += 1;
        },
      },
    },
    control: {
      servers: async () => {
        if (inReach.length === 0) throw fault;
        return inReach;
      },
    },
    servers: 3,
    clock: systemClock,
    log: silentLog,
  });
});
afterEach(() => gathering.stop());

describe("startGathering", () => {
  it("while most servers are in reach, connections to the others are left", async () => {
    inReach = [a!, b!];
    await gathering.look();
    expect([kept, redialled]).toEqual([["A", "B"], 0]);
  });

  it("a server that sees only itself, and again, is left for another", async () => {
    inReach = [c!];
    await gathering.look();
    expect([kept, redialled]).toEqual([[], 0]);
    await gathering.look();
    expect([kept, redialled]).toEqual([[], 1]);
  });

  it("a server that answers nobody while the connection stands, and again, is left for another", async () => {
    inReach = [];
    const silence = { requestMany: async () => [] } as unknown as Link;
    fault = await askAll(silence, "x", { expected: 3 }).catch((error: unknown) => error as Fault) as Fault;
    await gathering.look();
    expect([kept, redialled]).toEqual([[], 0]);
    await gathering.look();
    expect([kept, redialled]).toEqual([[], 1]);
  }); // prettier-ignore

  it("once is not enough, and a connection that is down looks by itself", async () => {
    inReach = [c!];
    await gathering.look();
    inReach = [a!, c!];
    await gathering.look();
    inReach = [c!];
    await gathering.look();
    inReach = [];
    await gathering.look();
    expect(redialled).toBe(0);
  });
});
