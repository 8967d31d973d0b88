import { describe, expect, it } from "vitest";

import { hubLimits } from "../nats/index.ts";
import { makeTurns } from "./turns.ts";

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("makeTurns", () => {
  it("hands on everything of one once, in order, a few in a turn", async () => {
    const handled: number[] = [];
    const turns = makeTurns<number>((item) => {
      handled.push(item);
      if (item === 4) turns.add("ng/tcu", 5);
    }, 2);
    for (const item of [1, 2, 3, 4]) turns.add("ng/tcu", item);
    expect(handled).toEqual([]);
    await nextTurn();
    expect(handled).toEqual([1, 2]);
    await nextTurn();
    await nextTurn();
    expect(handled).toEqual([1, 2, 3, 4, 5]);
    turns.add("ng/tcu", 6);
    await nextTurn();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("whoever has one that waits has his turn after one turn of the flooder, whatever that one brought before", async () => {
    const handled: string[] = [];
    const turns = makeTurns<string>((item) => handled.push(item), 8);
    for (let i = 0; i < 1000; i += 1) turns.add("ng/tcu", "flood");
    await nextTurn();
    const before = handled.length;
    expect(before).toBe(8);
    turns.add("gh/tcu", "gh");
    turns.add("sn/tcu", "sn");
    await nextTurn();
    await nextTurn();
    const first = handled.indexOf("gh");
    expect(first).toBe(hubLimits.turnMessages);
    expect(handled[first + 1]).toBe("sn");
  });
});
