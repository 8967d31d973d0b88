import { describe, expect, it } from "vitest";

import { isFault, utf8 } from "../../schemas/ground/index.ts";
import { checkSealed, checkSealedFeed } from "./sealed.ts";

/** A feed body as a gateway seals it, its header changed. */
function feedBody(change: object = {}): string {
  const header = { alg: "dir", enc: "A256GCM", kid: "0".repeat(32), ...change };
  const encoded = Buffer.from(JSON.stringify(header)).toString("base64url");
  return `${encoded}..${"A".repeat(16)}.AAAA.${"A".repeat(22)}`;
}

/** A direct body to so many readers. */
function directBody(count: number): string {
  const reader = { header: { alg: "ECDH-ES+A256KW" }, encrypted_key: "AAAA" };
  return JSON.stringify({
    protected: Buffer.from('{"enc":"A256GCM"}').toString("base64url"),
    recipients: Array.from({ length: count }, () => reader),
    iv: "AAAA",
    ciphertext: "AAAA",
    tag: "AAAA",
  });
}

function codeOf(check: (bytes: Uint8Array) => void, text: string): string {
  try {
    check(utf8(text));
    return "passes";
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

describe("a sealed feed body", () => {
  it("with an audience key passes", () => {
    expect(codeOf(checkSealedFeed, feedBody())).toBe("passes");
  });

  it.each<readonly [string, string]>([
    ["that names its readers", directBody(1)],
    ["whose key is carried", feedBody({ alg: "A256KW" })],
    ["that carries a key though it says none", feedBody().replace("..", ".AAAA.")],
    ["of another cipher", feedBody({ enc: "A128GCM" })],
    ["with a key whose name could say something", feedBody({ kid: "for ng and gh" })],
    ["that is compressed", feedBody({ zip: "DEF" })],
    ["with a short tag", feedBody().slice(0, -1)],
    ["that is empty", ""],
    ["that is no text", "\u0000\u00ff"],
  ])("%s is refused", (_, text) => {
    expect(codeOf(checkSealedFeed, text)).toBe("SCHEMA_INVALID");
  });
});

describe("a sealed direct body", () => {
  it("names one to eight readers", () => {
    expect([0, 1, 8, 9].map((count) => codeOf(checkSealed, directBody(count)))).toEqual([
      "SEAL_NO_RECIPIENTS",
      "passes",
      "passes",
      "SEAL_TOO_MANY_RECIPIENTS",
    ]);
  });

  it("in the form of feeds is refused", () => {
    expect(codeOf(checkSealed, feedBody())).toBe("SCHEMA_INVALID");
  });
});
