import { describe, expect, it } from "vitest";

import {
  makeSeededChance,
  makeUuid,
  sha256,
  systemClock,
  utf8,
} from "../../schemas/ground/index.ts";
import { hubLimits } from "../nats/index.ts";
import { makeKnown, type Noted } from "./known.ts";
import { readNotes, renderNotes } from "./notes.ts";
import { makeQuota } from "./quota.ts";

const now = 1_780_272_000_000;
const chance = makeSeededChance("known");
const place = { stream: "FEED_ECOWAS", instance: "one", sequence: 5 };

function makeNoted(change: Partial<Noted> = {}): Noted {
  return {
    originator: "ng/tcu",
    id: makeUuid(now, chance),
    digest: sha256(utf8("x")),
    channel: "ecowas.drugs.h0.bulletin.red_flag",
    expiresAt: now + 1000,
    ...change,
  };
}

describe("makeKnown", () => {
  it("what a stream lost is forgotten, and the rest is not", () => {
    const known = makeKnown();
    const [early, late, other] = [makeNoted(), makeNoted(), makeNoted()];
    known.stored(early, place);
    known.stored(late, { ...place, sequence: 6 });
    known.stored(other, { ...place, stream: "DIRECT", sequence: 9 });
    known.forget("FEED_ECOWAS", 5);
    expect(known.find(early)).toBeDefined();
    expect(known.find(late)).toBeUndefined();
    expect(known.find(other)).toBeDefined();
  });

  it("what is being stored survives a forgotten stream, and a release of what was stored changes nothing", () => {
    const known = makeKnown();
    const noted = makeNoted();
    known.storing(noted);
    known.forget("FEED_ECOWAS", 0);
    expect(known.find(noted)?.places.get(noted.channel)).toBe("storing");
    known.stored(noted, place);
    known.release(noted);
    expect(known.find(noted)?.places.get(noted.channel)).toEqual(place);
  });

  it("a message is remembered a day beyond its end", () => {
    const known = makeKnown();
    const noted = makeNoted();
    known.stored(noted, place);
    known.sweep(noted.expiresAt + hubLimits.knownGraceMs - 1);
    expect(known.size).toBe(1);
    known.sweep(noted.expiresAt + hubLimits.knownGraceMs);
    expect(known.size).toBe(0);
  });

  it("it is bounded, the longest known goes first", () => {
    const known = makeKnown(2);
    const all = [makeNoted(), makeNoted(), makeNoted()];
    for (const noted of all) known.stored(noted, place);
    expect(known.size).toBe(2);
    expect(all.map((noted) => known.find(noted) !== undefined)).toEqual([false, true, true]);
  });
});

describe("notes", () => {
  const noted = makeNoted();
  const note = (headers: Readonly<Record<string, string>>, subject: string) => ({
    subject,
    sequence: 1,
    header: (name: string) => headers[name] ?? "",
  });
  const subject =
    "feed.ecowas.drugs.h0.bulletin.red_flag.ng.tcu.0197277e-5400-7000-8000-000000000000";

  it("what was noted is read back", () => {
    const read = readNotes(note(renderNotes(noted), subject));
    expect(read).toMatchObject({ ...noted, id: read?.id, digest: Buffer.from(noted.digest) });
  });

  it("what is not ours is not read", () => {
    const headers = renderNotes(noted);
    expect(readNotes(note({}, subject))).toBeUndefined();
    expect(readNotes(note({ ...headers, "Atumpan-Digest": "short" }, subject))).toBeUndefined();
    expect(readNotes(note(headers, "feed.x"))).toBeUndefined();
    // stray bits at the end: a digest in another spelling than ours
    const other = `${"A".repeat(42)}B`;
    expect(readNotes(note({ ...headers, "Atumpan-Digest": other }, subject))).toBeUndefined();
  });
});

describe("makeQuota", () => {
  it("an agency that waited may send again, never more than the burst at once", () => {
    let elapsed = 0;
    const quota = makeQuota({ ...systemClock, elapsed: () => elapsed }, { perSecond: 2, burst: 3 });
    const taken = (): number => [1, 2, 3, 4, 5].filter(() => quota.take("ng/tcu")).length;
    expect(taken()).toBe(3);
    elapsed += 500;
    expect(taken()).toBe(1);
    elapsed += 3_600_000;
    expect(taken()).toBe(3);
  });

  it("what is spent beyond what there is has to be waited for, one burst at most", () => {
    let elapsed = 0;
    const quota = makeQuota(
      { ...systemClock, elapsed: () => elapsed },
      { perSecond: 10, burst: 20 },
    );
    quota.spend("ng/tcu", 25);
    expect(quota.take("ng/tcu")).toBe(false);
    elapsed += 700;
    expect([quota.take("ng/tcu", 2), quota.take("ng/tcu")]).toEqual([true, false]);
    for (let n = 0; n < 1_000; n += 1) quota.spend("ng/tcu", 100);
    elapsed += 2_000;
    expect(quota.take("ng/tcu")).toBe(false);
    elapsed += 100;
    expect(quota.take("ng/tcu")).toBe(true);
    expect(quota.take("gh/tcu", 20)).toBe(true);
  });

  it("so many at once are taken whole or not at all, and given back never beyond the burst", () => {
    const quota = makeQuota({ ...systemClock, elapsed: () => 0 }, { perSecond: 1, burst: 10 });
    expect([quota.take("ng/tcu", 11), quota.take("ng/tcu", 7), quota.take("ng/tcu", 4)]).toEqual([
      false,
      true,
      false,
    ]);
    quota.giveBack("ng/tcu", 1);
    expect(quota.take("ng/tcu", 4)).toBe(true);
    quota.giveBack("ng/tcu", 99);
    expect([quota.take("ng/tcu", 11), quota.take("ng/tcu", 10)]).toEqual([false, true]);
  });
});
