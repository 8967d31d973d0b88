import { compactDecrypt, generalDecrypt } from "jose";
import { createPrivateKey, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";

import { makeSealingKey } from "../../certs/keys/index.ts";
import type { Certificate } from "../../certs/shape/index.ts";
import type { AlgorithmRule } from "../../schemas/index.ts";
import { type Bytes, isFault, parseUtf8, sha256, utf8 } from "../../schemas/ground/index.ts";
import { makePki } from "../../test/kit/pki.ts";
import { deriveContentKey } from "./audience-key.ts";
import { contentEncryptions, expandContentKey, readableEncryptions } from "./encryption.ts";
import { makeOpeningKey } from "./keys.ts";
import { openBody } from "./open.ts";
import { openFeedBody, readKeyName } from "./open-feed.ts";
import { unpadParts } from "./pad.ts";
import { sealBody } from "./seal.ts";
import { sealFeedBody } from "./seal-feed.ts";

const parts = utf8("the encoded parts");
const message = {
  originator: "ng/tcu",
  id: sha256(utf8("id")).subarray(0, 16),
  type: "alert.incident",
};
const audienceKey = { name: "0".repeat(32), key: sha256(utf8("audience")) };
const contentKey = deriveContentKey(audienceKey.key, message);

async function codeOf(act: () => Promise<Bytes>): Promise<string> {
  try {
    return Buffer.from(await act()).equals(parts) ? "OPENED" : "OTHER";
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

async function certified(keyType: "P-256" | "X25519"): Promise<{ key: KeyObject; certificate: Certificate }> {
  const { leaf } = await makePki({ kind: "SEALING", leaf: { keyType } });
  return leaf;
} // prettier-ignore

describe("a feed body", () => {
  it.each(contentEncryptions)("sealed with %s opens where that may be used, and nowhere else", async (enc) => {
    const sealed = await sealFeedBody({ ...message, parts, audienceKey, enc });
    const feed = { ...message, sealed };
    const [other] = contentEncryptions.filter((one) => one !== enc);
    expect(await codeOf(() => openFeedBody({ ...feed, encryptions: [enc] }, contentKey))).toBe("OPENED");
    expect(await codeOf(() => openFeedBody({ ...feed, encryptions: contentEncryptions }, contentKey))).toBe("OPENED");
    for (const encryptions of [[other!], []]) {
      expect(await codeOf(() => openFeedBody({ ...feed, encryptions }, contentKey))).toBe("SEAL_ALGORITHM_NOT_PERMITTED");
    }
    expect(readKeyName(feed)).toBe(audienceKey.name);
    const wrong = deriveContentKey(sha256(utf8("another")), message);
    expect(await codeOf(() => openFeedBody({ ...feed, encryptions: [enc] }, wrong))).toBe("BODY_CANNOT_BE_OPENED");
  }); // prettier-ignore

  it.each(contentEncryptions)("sealed with %s opens with a plain JWE library and the derived key", async (enc) => {
    const sealed = await sealFeedBody({ ...message, parts, audienceKey, enc });
    const key = expandContentKey(contentKey, enc);
    const { plaintext, protectedHeader } = await compactDecrypt(parseUtf8(sealed), key);
    expect([Buffer.from(unpadParts(plaintext)!), protectedHeader.enc]).toEqual([Buffer.from(parts), enc]);
  }); // prettier-ignore

  it("has a key of its own for each encryption, from one content key", () => {
    expect(expandContentKey(contentKey, "A256GCM")).toEqual(contentKey);
    const long = expandContentKey(contentKey, "A256CBC-HS512");
    expect(long).toHaveLength(64);
    expect(Buffer.from(long).includes(Buffer.from(contentKey))).toBe(false);
  });

  it("under a header that says the other encryption does not open", async () => {
    const sealed = parseUtf8(await sealFeedBody({ ...message, parts, audienceKey }));
    const [header = "", ...rest] = sealed.split(".");
    const json = Buffer.from(header, "base64url").toString("utf8").replace("A256GCM", "A256CBC-HS512"); // prettier-ignore
    const changed = utf8([Buffer.from(json).toString("base64url"), ...rest].join("."));
    const feed = { ...message, sealed: changed, encryptions: contentEncryptions };
    expect(await codeOf(() => openFeedBody(feed, contentKey))).toBe("BODY_CANNOT_BE_OPENED");
  });
});

describe("a body for named readers", () => {
  const kinds = (["P-256", "X25519"] as const).flatMap((curve) => contentEncryptions.map((enc) => [curve, enc] as const)); // prettier-ignore

  it.each(kinds)("sealed to %s with %s opens for them alone, here and in a plain JWE library", async (curve, enc) => {
    const { key, certificate } = await certified(curve);
    const recipients = [{ agency: "gh/tcu", certificate }];
    const sealed = await sealBody({ ...message, parts, enc, recipients });
    const keys = [makeOpeningKey(certificate.der, makeSealingKey(key))];
    const body = { ...message, sealed, keys };
    expect(await codeOf(() => openBody({ ...body, encryptions: [enc] }))).toBe("OPENED");
    expect(await codeOf(() => openBody({ ...body, encryptions: [] }))).toBe("SEAL_ALGORITHM_NOT_PERMITTED");
    const pem = key.export({ format: "pem", type: "pkcs8" });
    const { plaintext } = await generalDecrypt(JSON.parse(parseUtf8(sealed)), createPrivateKey(pem));
    expect(Buffer.from(unpadParts(plaintext)!)).toEqual(Buffer.from(parts));
    const stranger = await certified(curve);
    const others = [{ ...keys[0]!, key: makeOpeningKey(certificate.der, makeSealingKey(stranger.key)).key }];
    expect(await codeOf(() => openBody({ ...body, keys: others, encryptions: [enc] }))).toBe("BODY_CANNOT_BE_OPENED");
  }); // prettier-ignore

  it("is sealed by A256GCM where nothing else is said", async () => {
    const { certificate } = await certified("P-256");
    const sealed = await sealBody({ ...message, parts, recipients: [{ agency: "gh/tcu", certificate }] }); // prettier-ignore
    const { protected: header } = JSON.parse(parseUtf8(sealed)) as { protected: string };
    expect(Buffer.from(header, "base64url").toString("utf8")).toContain('"A256GCM"');
  });
});

describe("what a reader takes", () => {
  const day = 86_400_000;
  const now = 1_780_272_000_000;
  const line = (name: string, change: Partial<AlgorithmRule> = {}): AlgorithmRule => ({ use: "CONTENT", name, from: 0, ...change }); // prettier-ignore
  const end = now - 10 * day;
  const register = { algorithms: [line("A256GCM", { until: end }), line("A256CBC-HS512", { from: end }), line("A192GCM")] }; // prettier-ignore

  it("is what could be used when the message was made, but not by a date before thirty days ago", () => {
    const at = (createdAt: number, later = 0): unknown => readableEncryptions(register, { createdAt, now: now + later }); // prettier-ignore
    expect(at(end - 1)).toEqual(["A256GCM"]);
    expect(at(end)).toEqual(["A256CBC-HS512"]);
    expect(at(end - 1, 20 * day)).toEqual(["A256CBC-HS512"]);
    expect(at(end - 1, 20 * day - 1)).toEqual(["A256GCM"]);
  });
});
