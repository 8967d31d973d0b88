import { describe, expect, it } from "vitest";

import { isFault } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { classOf, isAmong } from "./addresses.ts";
import { makeChallenges } from "./challenges.ts";
import { addressName, makeLimiter } from "./limiter.ts";
import { makePending } from "./pending.ts";
import { makeSeededChance } from "../../schemas/ground/index.ts";

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

describe("makeLimiter", () => {
  it("lets a burst through, then says how long to wait, and fills again", () => {
    const clock = makeStillClock(0);
    const limiter = makeLimiter({ burst: 3, perSecond: 0.5 }, clock);
    for (let i = 0; i < 3; i += 1) limiter.take("a");
    try {
      limiter.take("a");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "TOO_MANY_TRIES", retryAfterSeconds: 2 });
    }
    clock.move(2_000);
    expect(codeOf(() => limiter.take("a"))).toBeUndefined();
    expect(codeOf(() => limiter.take("a"))).toBe("TOO_MANY_TRIES");
  });

  it("one name's storm takes nothing from another, and takes no room without end", () => {
    const limiter = makeLimiter({ burst: 1, perSecond: 1 }, makeStillClock(0));
    for (let i = 0; i < 100; i += 1) codeOf(() => limiter.take("loud"));
    expect(codeOf(() => limiter.take("quiet"))).toBeUndefined();
    for (let i = 0; i < 20_000; i += 1) limiter.take(`name ${i}`);
  });
});

describe("addressName", () => {
  it.each([
    ["10.1.2.3", "10.1.2.3"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("%s counts as %s", (address, name) => {
    expect(addressName(address)).toBe(name);
  });
});

describe("classOf and isAmong", () => {
  it.each([
    ["127.0.0.1", "LOCAL"],
    ["::ffff:127.0.0.1", "LOCAL"],
    ["::1", "LOCAL"],
    ["", "LOCAL"],
    ["10.9.9.9", "PRIVATE"],
    ["172.31.0.1", "PRIVATE"],
    ["172.32.0.1", "PUBLIC"],
    ["fd00::1", "PRIVATE"],
    ["2001:db8::1", "PUBLIC"],
    ["nonsense", "PUBLIC"],
  ])("%s is %s", (address, kind) => {
    expect(classOf(address)).toBe(kind);
  });

  it("an empty list has everybody; a list has whom it names and nobody else", () => {
    expect(isAmong([], "203.0.113.9")).toBe(true);
    expect(isAmong(["10.1.0.0/16"], "::ffff:10.1.9.9")).toBe(true);
    expect(isAmong(["10.1.0.0/16", "2001:db8::/32"], "2001:db8:9::1")).toBe(true);
    expect(isAmong(["10.1.0.0/16"], "10.2.0.1")).toBe(false);
    expect(isAmong(["10.1.0.0/16"], "")).toBe(false);
    expect(codeOf(() => isAmong(["10.1.0.0/33"], "10.1.0.1"))).toBe("REQUEST_INVALID");
    expect(codeOf(() => isAmong(["example.org"], "10.1.0.1"))).toBe("REQUEST_INVALID");
  });
});

describe("makeChallenges", () => {
  const asked = { kind: "PROVE", subject: "s1" } as const;

  it("is open for what it was asked for, until it is closed or five minutes passed", () => {
    const clock = makeStillClock(0);
    const challenges = makeChallenges(makeSeededChance("c"), clock);
    const one = challenges.make(asked);
    expect(challenges.isOpen(one, asked)).toBe(true);
    expect(challenges.isOpen(one, { ...asked, subject: "s2" })).toBe(false);
    expect(challenges.isOpen(one, { ...asked, kind: "ADD" })).toBe(false);
    expect(challenges.close(one)).toBe(true);
    expect(challenges.close(one)).toBe(false);
    expect(challenges.isOpen(one, asked)).toBe(false);
    const late = challenges.make(asked);
    clock.move(5 * 60_000);
    expect(challenges.isOpen(late, asked)).toBe(false);
  });

  it("another process's, a changed and a malformed one are none of ours", () => {
    const clock = makeStillClock(0);
    const challenges = makeChallenges(makeSeededChance("c"), clock);
    const other = makeChallenges(makeSeededChance("d"), clock).make(asked);
    const one = challenges.make(asked);
    const changed = `${one.slice(0, 30)}${one[30] === "A" ? "B" : "A"}${one.slice(31)}`;
    for (const text of [other, changed, "", "AAAA", one.slice(1), `${one}=`, "x".repeat(1_000)]) {
      expect(challenges.isOpen(text, asked)).toBe(false);
    }
  });
});

describe("makePending", () => {
  it("gives each once, and none that is too late", () => {
    const clock = makeStillClock(0);
    const pending = makePending<number>(clock, 1_000);
    pending.add("a", 1);
    expect(pending.take("a")).toBe(1);
    expect(pending.take("a")).toBeUndefined();
    pending.add("b", 2);
    clock.move(1_000);
    expect(pending.take("b")).toBeUndefined();
  });
});
