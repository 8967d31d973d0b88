import { createHmac } from "node:crypto";

import { compactDecrypt } from "jose";
import { describe, expect, it } from "vitest";

import { type Bytes, makeSeededChance, makeUuid, utf8 } from "../../schemas/ground/index.ts";
import { deriveContentKey, makeAudienceKey } from "./audience-key.ts";
import { openFeedBody, readKeyName } from "./open-feed.ts";
import { padParts } from "./pad.ts";
import { sealFeedBody } from "./seal-feed.ts";

const chance = makeSeededChance("feed");
const audienceKey = makeAudienceKey(chance);
const message = {
  originator: "ng/tcu",
  id: makeUuid(1_780_272_000_000, chance),
  type: "alert.incident",
};
const parts = utf8("parts in the clear");
const contentKey = deriveContentKey(audienceKey.key, message);
const cannot = {
  code: "BODY_CANNOT_BE_OPENED",
  detail: "the body cannot be opened with our keys",
};

async function seal(change: Partial<typeof message> = {}): Promise<Bytes> {
  return await sealFeedBody({ ...message, ...change, parts, audienceKey });
}

function changed(sealed: Bytes, change: (pieces: string[]) => void): Bytes {
  const pieces = Buffer.from(sealed).toString("utf8").split(".");
  change(pieces);
  return utf8(pieces.join("."));
}

function flip(text: string): string {
  return (text.startsWith("A") ? "B" : "A") + text.slice(1);
}

function withHeader(sealed: Bytes, change: (header: string) => string): Bytes {
  return changed(sealed, (pieces) => {
    const header = change(Buffer.from(pieces[0]!, "base64url").toString("utf8"));
    pieces[0] = Buffer.from(header).toString("base64url");
  });
}

/** RFC 5869 §2 by hand, for one block. */
function hkdfByHand(key: Bytes, info: Bytes): Buffer {
  const prk = createHmac("sha256", Buffer.alloc(32)).update(key).digest();
  return createHmac("sha256", prk).update(info).update(Buffer.of(1)).digest();
}

describe("a message's own key", () => {
  it("is HKDF-SHA-256 over label, originator, id and type, as anyone can compute it", () => {
    const info = Buffer.concat([
      Buffer.from("atumpan feed body v1\0ng/tcu\0"),
      message.id,
      Buffer.from("alert.incident"),
    ]);
    expect(Buffer.from(contentKey).equals(hkdfByHand(audienceKey.key, info))).toBe(true);
  });

  it("is another for another message, type, originator or audience", () => {
    const others = [
      deriveContentKey(makeAudienceKey(chance).key, message),
      deriveContentKey(audienceKey.key, { ...message, originator: "gh/tcu" }),
      deriveContentKey(audienceKey.key, { ...message, type: "alert.update" }),
      deriveContentKey(audienceKey.key, { ...message, id: makeUuid(1, chance) }),
    ];
    const all = new Set([contentKey, ...others].map((key) => Buffer.from(key).toString("hex")));
    expect(all.size).toBe(5);
  });

  it("opens its message and no other that was sealed with the same audience key", async () => {
    expect(Buffer.from(await openFeedBody({ ...message, sealed: await seal() }, contentKey)).equals(parts)).toBe(true);
    const next = { ...message, id: makeUuid(1_780_272_000_001, chance) };
    const opening = openFeedBody({ ...next, sealed: await seal(next) }, contentKey);
    await expect(opening).rejects.toMatchObject(cannot);
  }); // prettier-ignore
});

describe("a sealed feed body", () => {
  it("opens with a plain JWE library and the message's key, padded", async () => {
    const text = Buffer.from(await seal()).toString("utf8");
    const { plaintext, protectedHeader } = await compactDecrypt(text, contentKey);
    expect(Buffer.from(plaintext).equals(padParts(parts))).toBe(true);
    const { name: kid } = audienceKey;
    expect(protectedHeader).toMatchObject({ alg: "dir", enc: "A256GCM", kid, aty: message.type });
  });

  it("says the name of its key before anything is opened", async () => {
    expect(readKeyName({ ...message, sealed: await seal() })).toBe(audienceKey.name);
  });

  it("has one size for all short contents and however many may read it", async () => {
    const sizes = [0, 100, 400, 511].map(async (length) => {
      const sealed = await sealFeedBody({
        ...message,
        parts: Buffer.alloc(length, 1),
        audienceKey,
      });
      return sealed.length;
    });
    expect(new Set(await Promise.all(sizes)).size).toBe(1);
  });

  it("that would not fit into a publication is refused", async () => {
    const large = Buffer.alloc(200 * 1024);
    const sealing = sealFeedBody({ ...message, parts: large, audienceKey });
    await expect(sealing).rejects.toMatchObject({ code: "CODEC_TOO_LARGE" });
  });

  it.each([
    ["another originator", { originator: "gh/tcu" }],
    ["another type", { type: "bulletin.red_flag" }],
    ["another id", { id: makeUuid(5, chance) }],
  ])("moved under %s does not open, and names no key", async (_, change) => {
    const moved = { ...message, ...change, sealed: await seal() };
    expect(() => readKeyName(moved)).toThrow(expect.objectContaining(cannot));
    await expect(openFeedBody(moved, contentKey)).rejects.toMatchObject(cannot);
  });

  it.each<readonly [string, (sealed: Bytes) => Bytes]>([
    ["the iv", (sealed) => changed(sealed, (p) => void (p[2] = flip(p[2]!)))],
    ["the ciphertext", (sealed) => changed(sealed, (p) => void (p[3] = flip(p[3]!)))],
    ["the tag", (sealed) => changed(sealed, (p) => void (p[4] = flip(p[4]!)))],
    ["a piece less", (sealed) => changed(sealed, (p) => void p.pop())],
    ["a carried key", (sealed) => changed(sealed, (p) => void (p[1] = "AAAA"))],
    ["a space in its header", (sealed) => withHeader(sealed, (h) => h.replace("{", "{ "))],
    ["another algorithm", (sealed) => withHeader(sealed, (h) => h.replace("dir", "A256KW"))],
    ["a compression", (sealed) => withHeader(sealed, (h) => h.replace("{", '{"zip":"DEF",'))],
    ["a critical extension", (sealed) => withHeader(sealed, (h) => h.replace("{", '{"crit":["exp"],'))],
    ["a member twice", (sealed) => withHeader(sealed, (h) => h.replace("{", '{"alg":"dir",'))],
    ["another key's name", (sealed) => withHeader(sealed, (h) => h.replace(audienceKey.name, "0".repeat(32)))],
    ["nothing", () => utf8("")],
    ["the form of direct messages", () => utf8(`{"protected":"","recipients":[]}`)],
    ["bytes that are no text", () => Buffer.of(0xff, 0xfe)],
  ])("with %s it does not open, and says no more than that", async (_, change) => {
    const sealed = change(await seal());
    await expect(openFeedBody({ ...message, sealed }, contentKey)).rejects.toMatchObject(cannot);
  }); // prettier-ignore

  it("padded otherwise than we pad does not open", async () => {
    const { CompactEncrypt } = await import("jose");
    const header = Buffer.from(
      Buffer.from(await seal())
        .toString("utf8")
        .split(".")[0]!,
      "base64url",
    );
    const unpadded = await new CompactEncrypt(parts)
      .setProtectedHeader(JSON.parse(header.toString("utf8")) as { alg: string; enc: string })
      .encrypt(contentKey);
    const opening = openFeedBody({ ...message, sealed: utf8(unpadded) }, contentKey);
    await expect(opening).rejects.toMatchObject(cannot);
  });
});
