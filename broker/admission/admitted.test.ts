import { describe, expect, it } from "vitest";

import { makeKnown } from "./known.ts";
import { findAdmission } from "./questions.ts";

const now = 1_780_272_000_000;
const minute = 60_000;

describe("a hub that is asked when it took a message", () => {
  const digest = new Uint8Array(32).fill(7);
  const id = new Uint8Array(16).fill(1);
  const channel = "ecowas.drugs.h0.alert.incident";
  const question = { originator: "ng/tcu", messageId: id, envelopeDigest: digest, channel };
  const noted = { originator: "ng/tcu", id, digest, channel, expiresAt: now + minute };
  const place = { stream: "FEED_ECOWAS", instance: "one", sequence: 4, admittedAt: now };
  const instances = new Map([["FEED_ECOWAS", "one"]]);

  it("says it of what stands in its stream, to who holds it", () => {
    const known = makeKnown();
    known.stored(noted, place);
    expect(findAdmission({ known, instances }, question)).toEqual({ ...question, admittedAt: now });
  });

  it.each([
    ["that it does not know", { originator: "ng/fiu" }, instances],
    ["whose content the asker does not hold", { envelopeDigest: new Uint8Array(32) }, instances],
    ["on a channel it did not come for", { channel: "ecowas.arms.h0.alert.incident" }, instances],
    ["that was lost with its stream", {}, new Map([["FEED_ECOWAS", "two"]])],
  ] as const)("says nothing of a message %s", (_name, change, standing) => {
    const known = makeKnown();
    known.stored(noted, place);
    const found = findAdmission({ known, instances: standing }, { ...question, ...change });
    expect(found).toBeUndefined();
  });

  it("says nothing of what it is storing, nor of what it took at a time it does not know", () => {
    const known = makeKnown();
    known.storing(noted);
    expect(findAdmission({ known, instances }, question)).toBeUndefined();
    known.stored(noted, { ...place, admittedAt: undefined });
    expect(findAdmission({ known, instances }, question)).toBeUndefined();
  });
});
