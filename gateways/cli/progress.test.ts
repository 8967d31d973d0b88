import { describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { type Common, makeDesk } from "./desk.ts";
import { makeTally } from "./import-tally.ts";
import { startProgress } from "./progress.ts";

function start(isWatched: boolean, common: Partial<Common> = {}) {
  const clock = makeStillClock(0);
  const said: string[] = [];
  const world = {
    args: [], version: "", cwd: "/", out: () => undefined, err: (text: string) => void said.push(text),
    isWatched, stdin: () => Promise.resolve(""), fetch: globalThis.fetch, clock,
    chance: makeSeededChance("p"), signal: new AbortController().signal,
  }; // prettier-ignore
  const tally = makeTally();
  const progress = startProgress(makeDesk(world, { timeout: 30, ...common }), tally);
  return { clock, said, tally, progress };
}

describe("startProgress", () => {
  it("redraws one line on a screen, a few times a second, with whom it waits for", () => {
    const { clock, said, tally, progress } = start(true);
    tally.read = 4;
    tally.created = 1;
    tally.listed = 1;
    progress.tick();
    expect(said).toEqual([]);
    progress.waits("ng/moc", "GATEWAY_UNREACHABLE");
    clock.move(200);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^\r.*█{12}░{12} 2 of 4 read: 1 accepted, 1 listed; waiting for ng\/moc/,
    );
    progress.end();
    expect(said.at(-1)).toBe("\r\u001b[K");
  });

  it("elsewhere says a line now and then, and each waiting once", () => {
    const { clock, said, progress } = start(false);
    progress.waits("ng/moc", "QUOTA_EXCEEDED");
    progress.waits("ng/moc", "QUOTA_EXCEEDED");
    progress.answers("ng/moc");
    progress.answers("ng/moc");
    expect(said).toHaveLength(2);
    clock.move(10_000);
    expect(said).toHaveLength(3);
    expect(said.join("")).not.toContain("\r");
  });

  it("is silent when quiet was asked for", () => {
    const { clock, said, progress } = start(true, { quiet: true });
    progress.waits("ng/moc", "QUOTA_EXCEEDED");
    clock.move(60_000);
    progress.end();
    expect(said).toEqual([]);
  });
});
