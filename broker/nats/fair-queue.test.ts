import { describe, expect, it } from "vitest";

import { makeFairQueue } from "./fair-queue.ts";

function take(queue: { take(): string | undefined }, count: number): readonly (string | undefined)[] {
  return Array.from({ length: count }, () => queue.take());
} // prettier-ignore

describe("makeFairQueue", () => {
  it("gives everything once, in its agency's order", () => {
    const queue = makeFairQueue<number>(3);
    for (let item = 0; item < 100; item += 1) queue.add("ng/tcu", item);
    expect(queue.size).toBe(100);
    const taken = Array.from({ length: 101 }, () => queue.take());
    expect(taken).toEqual([...Array.from({ length: 100 }, (_, at) => at), undefined]);
    expect(queue.size).toBe(0);
  });

  it("whoever comes while one floods waits for no more than one turn of him, and of each that came before", () => {
    const queue = makeFairQueue<string>(4);
    for (let i = 0; i < 1000; i += 1) queue.add("ng/tcu", "flood");
    expect(take(queue, 2)).toEqual(["flood", "flood"]);
    for (const agency of ["gh/tcu", "sn/tcu"]) queue.add(agency, agency);
    expect(take(queue, 5)).toEqual(["flood", "flood", "gh/tcu", "sn/tcu", "flood"]);
  });

  it("a turn that was not used up is not made up for", () => {
    const queue = makeFairQueue<string>(4);
    queue.add("gh/tcu", "gh");
    expect(take(queue, 2)).toEqual(["gh", undefined]);
    for (let i = 0; i < 9; i += 1) queue.add("ng/tcu", "ng");
    for (let i = 0; i < 9; i += 1) queue.add("gh/tcu", "gh");
    expect(take(queue, 9)).toEqual(["ng", "ng", "ng", "ng", "gh", "gh", "gh", "gh", "ng"]);
  });

  it("is empty once everything was taken", () => {
    const queue = makeFairQueue<string>(4);
    for (const agency of ["ng/tcu", "gh/tcu", "ng/tcu"]) queue.add(agency, agency);
    expect(queue.takeAll()).toEqual(["ng/tcu", "ng/tcu", "gh/tcu"]);
    expect([queue.take(), queue.size]).toEqual([undefined, 0]);
  });
});
