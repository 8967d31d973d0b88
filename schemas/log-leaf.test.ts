import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { encodeLogBatch, encodeLogLeaf, type LogLeaf } from "./gen/index.ts";
import { concatBytes, sameBytes, sha256, utf8 } from "./ground/index.ts";
import { limits } from "./limits.ts";
import { commitToAct, commitToMessage, makeLogSalt } from "./log-commitment.ts";
import { parseLogBatch, parseLogLeaf, parseLogLeafQuestion } from "./log-leaf.ts";
import { encodeLogLeafQuestion } from "./gen/index.ts";

const commitment = sha256(utf8("x"));
const place = { time: Date.UTC(2026, 10, 20), instance: "one", sequence: 7 };
const feed: LogLeaf = {
  ...place,
  kind: "FEED",
  stream: "FEED_ECOWAS",
  commitment,
  rec: "ecowas",
  crime: "drugs",
  handling: "H1",
  family: "alert",
  type: "incident",
  origin: "ng/tcu",
};
const direct: LogLeaf = { ...place, kind: "DIRECT", stream: "DIRECT", commitment };
const longest = `${"a".repeat(10)}/${"b".repeat(31)}`;
const agencyAct: LogLeaf = {
  ...place,
  kind: "ACT",
  stream: "JOURNAL",
  instance: longest,
  origin: longest,
  commitment,
  act: "INSPECTION_OPENED",
};
const good: readonly LogLeaf[] = [
  feed,
  direct,
  { ...place, kind: "VOID", stream: "DIRECT" },
  { ...place, kind: "VOID", stream: "FEED_SADC" },
  { time: 0, kind: "REGISTER", stream: "REGISTER", sequence: 4, commitment },
  { ...place, kind: "ACT", stream: "JOURNAL", commitment, act: "AGENCY_PAUSED" },
  agencyAct,
];

describe("parseLogLeaf", () => {
  it("a leaf of each kind is read back as it was written, under its limit", () => {
    for (const leaf of good) {
      const bytes = encodeLogLeaf(leaf);
      expect(parseLogLeaf(bytes)).toMatchObject(leaf);
      expect(bytes.length).toBeLessThan(limits.maxLogLeafBytes / 2);
    }
  });

  it.each<[string, LogLeaf]>([
    ["mail that names its sender", { ...direct, origin: "ng/tcu" }],
    ["mail that names its crime", { ...direct, crime: "drugs" }],
    ["a feed without its handling", { ...feed, handling: undefined }],
    ["a feed of no such channel", { ...feed, crime: "DRUGS" }],
    ["a place that is gone, with a commitment", { ...direct, kind: "VOID" }],
    ["mail in a feed's stream", { ...direct, stream: "FEED_ECOWAS" }],
    ["an act in a stream of messages", { ...direct, kind: "ACT", act: "X" }],
    ["an act in the series of another agency", { ...agencyAct, origin: "ng/tcu" }],
    ["an act in the hub's own series that names an agency", { ...agencyAct, instance: "one" }],
    ["an act in the series of an agency that names none", { ...agencyAct, origin: undefined }],
    ["a kind nobody knows", { ...direct, kind: "OTHER" }],
    ["the number nought", { ...direct, sequence: 0 }],
  ])("%s is refused", (_what, leaf) => {
    expect(() => parseLogLeaf(encodeLogLeaf(leaf))).toThrow();
  });

  it("one leaf has one spelling: what stands beside it, or stands twice, is refused", () => {
    const bytes = encodeLogLeaf(direct);
    for (const more of [Buffer.of(0xf8, 1, 0), Buffer.of(40, 7), new Uint8Array(2000)]) {
      expect(() => parseLogLeaf(concatBytes(bytes, more))).toThrow();
    }
  });
});

describe("parseLogBatch", () => {
  it("leaves and a checkpoint, and nothing beside them", () => {
    const batch = { leaves: [encodeLogLeaf(direct)], checkpoint: utf8("x") };
    const bytes = encodeLogBatch(batch);
    expect(parseLogBatch(bytes).leaves).toHaveLength(1);
    expect(() => parseLogBatch(concatBytes(bytes, Buffer.of(0xf8, 1, 0)))).toThrow();
    expect(() => parseLogBatch(new Uint8Array(limits.maxLogBatchBytes + 1))).toThrow();
  });

  it("a leaf is asked for by place or by index, never by both or neither", () => {
    const ask = (question: Parameters<typeof encodeLogLeafQuestion>[0]) =>
      parseLogLeafQuestion(encodeLogLeafQuestion(question));
    expect(ask({ index: 0 })).toMatchObject({ index: 0 });
    expect(ask({ stream: "DIRECT", sequence: 1 })).toMatchObject({ sequence: 1 });
    for (const wrong of [{}, { stream: "DIRECT" }, { index: 1, stream: "DIRECT", sequence: 1 }]) {
      expect(() => ask(wrong)).toThrow();
    }
  });
});

describe("commitToMessage", () => {
  const message = { id: sha256(utf8("id")).subarray(0, 16), envelopeDigest: commitment };
  const envelope = utf8("an envelope");

  it("the salt is HMAC-SHA-256 of the envelope, as anybody computes it", () => {
    for (const length of [0, 1, 63, 64, 65, 1000]) {
      const bytes = Buffer.alloc(length, length);
      const whole = createHmac("sha256", "atumpan-log-salt").update(bytes).digest();
      expect(Buffer.from(makeLogSalt(bytes))).toEqual(whole.subarray(0, 16));
    }
  });

  it("binds the message and its channel: copies to two mailboxes have nothing in common", () => {
    const salt = makeLogSalt(envelope);
    const one = commitToMessage(salt, { ...message, channel: "direct.aaaa" });
    expect(sameBytes(one, commitToMessage(salt, { ...message, channel: "direct.aaaa" }))).toBe(
      true,
    );
    const others = [
      commitToMessage(salt, { ...message, channel: "direct.bbbb" }),
      commitToMessage(makeLogSalt(utf8("another")), { ...message, channel: "direct.aaaa" }),
      commitToMessage(salt, { ...message, id: sha256(envelope).subarray(0, 16), channel: "direct.aaaa" }),
      commitToMessage(salt, { ...message, envelopeDigest: sha256(envelope), channel: "direct.aaaa" }),
      commitToAct(salt, utf8("direct.aaaa")),
    ]; // prettier-ignore
    for (const other of others) expect(sameBytes(one, other)).toBe(false);
    expect(salt).toHaveLength(limits.saltBytes);
  });
});
