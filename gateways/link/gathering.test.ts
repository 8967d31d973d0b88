import { describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { makeGathering } from "./gathering.ts";

const seconds = 1_000;
const [a, b, c] = ["a.hub.example:4222", "b.hub.example:4222", "c.hub.example:4222"];

/** A server in the test's hands; time goes on a second at a time. */
function make(seed = "gathering"): {
  told: { servers: readonly string[] };
  /** When it was asked anew, in seconds. */
  at: number[];
  gathering: ReturnType<typeof makeGathering>;
  run: (ms: number) => void;
} {
  const clock = makeStillClock(1_780_272_000_000);
  const began = clock.elapsed();
  const told = { servers: [a, b, c] };
  const at: number[] = [];
  const gathering = makeGathering({
    servers: () => told.servers,
    onChange: () => void at.push((clock.elapsed() - began) / seconds),
    clock,
    chance: makeSeededChance(seed),
  });
  const run = (ms: number): void => {
    for (let gone = 0; gone < ms; gone += seconds) {
      clock.move(seconds);
      gathering.tick();
    }
  };
  run(seconds);
  return { told, at, gathering, run };
}

describe("which of a hub's servers are together", () => {
  it("is no news while it stays as it was, in whatever order it is said", () => {
    const { told, at, run } = make();
    run(600 * seconds);
    told.servers = [c, a, b];
    run(600 * seconds);
    expect(at).toEqual([]);
  });

  it("has what was asked for asked anew when one goes, once others could be chosen, and once more when all have caught up", () => {
    const { told, at, run } = make();
    told.servers = [a, b];
    run(600 * seconds);
    expect(at).toHaveLength(2);
    expect(at[0]).toBeGreaterThan(10);
    expect(at[0]).toBeLessThan(21);
    expect(at[1]).toBeGreaterThan(45);
    expect(at[1]).toBeLessThan(77);
  });

  it("has it asked at once where our server is parted from all others", () => {
    const { told, at, run } = make();
    told.servers = [a];
    run(2 * seconds);
    expect(at).toEqual([2]);
  });

  it("a hundred gateways that hear it in one instant do not ask in one", () => {
    const first = Array.from({ length: 100 }, (_, n) => {
      const { told, at, run } = make(`gateway ${n}`);
      told.servers = [b, c];
      run(30 * seconds);
      return at[0] ?? 0;
    });
    const busiest = Math.max(...[...Map.groupBy(first, (at) => at).values()].map(({ length }) => length));
    expect(busiest).toBeLessThan(30);
  }); // prettier-ignore

  it("one that comes and goes all the time has it asked twice a minute at most", () => {
    const { told, at, run } = make();
    for (let turns = 0; turns < 300; turns += 1) {
      told.servers = turns % 2 === 0 ? [a] : [a, b];
      run(2 * seconds);
    }
    expect(at.length).toBeGreaterThan(5);
    expect(at.length).toBeLessThanOrEqual(21);
    for (const [n, one] of at.slice(1).entries()) expect(one - at[n]!).toBeGreaterThanOrEqual(30);
  });

  it("what a new connection says first is no news, and nothing of before is left to do", () => {
    const { told, at, gathering, run } = make();
    told.servers = [a, b];
    run(3 * seconds);
    gathering.reset();
    told.servers = [b, c];
    run(600 * seconds);
    expect(at).toEqual([]);
  });

  it("is told where a server names others beside itself", () => {
    const { told, gathering } = make();
    expect(gathering.isTold).toBe(true);
    for (const servers of [[], [a]]) {
      told.servers = servers;
      expect(gathering.isTold).toBe(false);
    }
  });
});
