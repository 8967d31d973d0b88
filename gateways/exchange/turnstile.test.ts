import { describe, expect, it } from "vitest";

import { makeTurnstile } from "./turnstile.ts";

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe("makeTurnstile", () => {
  it("lets no more than its size through in one turn, in the order they came", async () => {
    const pass = makeTurnstile(3);
    const through: number[] = [];
    const all = Array.from({ length: 8 }, async (_, i) => {
      await pass();
      through.push(i);
    });
    const seen: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      await Promise.resolve();
      seen.push(through.length);
      await turn();
    }
    await Promise.all(all);
    expect(seen).toEqual([3, 6, 8]);
    expect(through).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("is open again after a turn in which nobody came", async () => {
    const pass = makeTurnstile(1);
    await pass();
    await turn();
    await turn();
    let isThrough = false;
    void pass().then(() => (isThrough = true));
    await Promise.resolve();
    expect(isThrough).toBe(true);
  });

  it("one who comes while others wait does not pass them", async () => {
    const pass = makeTurnstile(1);
    const through: string[] = [];
    const go = async (name: string): Promise<void> => {
      await pass();
      through.push(name);
    };
    const early = [go("a"), go("b"), go("c")];
    await turn();
    await Promise.all([...early, go("d")]);
    expect(through).toEqual(["a", "b", "c", "d"]);
  });
});
