import { generateKeyPairSync } from "node:crypto";

import { describe, expect, it } from "vitest";

import { jwsKey, makeJws } from "../../test/kit/jws.ts";
import { renderBase64url, renderHex, utf8 } from "../../schemas/ground/index.ts";
import { answerRequest } from "./answer.ts";
import { answerSignature } from "./answer-signature.ts";

const refused = "SIGNATURE_KEY_NOT_PERMITTED";

function ask(alg: string, jwk: object, jws = makeJws(alg)): string {
  const request = utf8(JSON.stringify({ jws, jwk, alg }));
  const { ok, code } = answerRequest(request, answerSignature);
  return ok ? "good" : (code ?? "no code");
}

function changed(alg: string, change: Record<string, unknown>): string {
  return ask(alg, { ...jwsKey(alg).jwk, ...change });
}

function bytes(text: string | undefined): Buffer {
  return Buffer.from(text ?? "", "base64url");
}

describe("a key", () => {
  it("may say that it is for this, and bear what is not asked about", () => {
    for (const alg of ["ES256", "PS384", "EdDSA", "HS512"]) {
      const more = { use: "sig", key_ops: ["verify"], alg, kid: "one", x5u: "https://keys.example" };
      expect(changed(alg, more)).toBe("good");
    }
  }); // prettier-ignore

  it.each<[string, Record<string, unknown>]>([
    ["for sealing", { use: "enc" }],
    ["for signing only", { key_ops: ["sign"] }],
    ["for nothing", { key_ops: [] }],
    ["for the same twice", { key_ops: ["verify", "verify"] }],
    ["for acts that are no list", { key_ops: "verify" }],
    ["of another algorithm", { alg: "ES384" }],
    ["of no algorithm there is", { alg: "ES521" }],
    ["of another kind", { kty: "RSA" }],
    ["of another curve", { crv: "P-384" }],
    ["of a curve that is no text", { crv: ["P-256"] }],
    ["without a coordinate", { y: undefined }],
    ["with a member that says it has a length", { crv: { length: { toString: 1 } } }],
    ["private", { d: "AAAA" }],
  ])("%s is refused", (_, change) => {
    expect(changed("ES256", change)).toBe(refused);
  });

  it("that is private is refused for every kind", () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const rsa = pair.export({ format: "jwk" });
    expect(ask("RS256", rsa)).toBe(refused);
    for (const member of ["d", "p", "q", "dp", "dq", "qi", "oth"]) {
      expect(changed("RS256", { [member]: "AAAA" })).toBe(refused);
    }
    expect(changed("EdDSA", { d: "AAAA" })).toBe(refused);
  });

  it("in another spelling than strict base64url is refused", () => {
    for (const [alg, member] of [["ES256", "x"], ["RS256", "n"], ["RS256", "e"], ["EdDSA", "x"], ["HS256", "k"]] as const) {
      const text = String(Object.entries(jwsKey(alg).jwk).find(([name]) => name === member)?.[1]);
      for (const wrong of [`${text}=`, ` ${text}`, `${text}\n`]) {
        expect(changed(alg, { [member]: wrong })).toBe("BYTES_NOT_CANONICAL");
      }
    }
  }); // prettier-ignore
});

describe("a key on a curve", () => {
  it.each(["ES256", "ES384", "ES512"])("that is no point of it is refused, %s", (alg) => {
    const { x, y } = jwsKey(alg).jwk;
    const wrong = bytes(y);
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
    expect(changed(alg, { y: renderBase64url(wrong) })).toBe(refused);
    const nought = renderBase64url(Buffer.alloc(wrong.length));
    expect(changed(alg, { x: nought, y: nought })).toBe(refused);
    const full = renderBase64url(Buffer.alloc(wrong.length, 0xff));
    expect(changed(alg, { x: full, y: full })).toBe(refused);
    const padded = renderBase64url(Buffer.concat([Buffer.of(0), bytes(x)]));
    expect(changed(alg, { x: padded })).toBe(refused);
    expect(changed(alg, { x: renderBase64url(bytes(x).subarray(1)) })).toBe(refused);
  });

  it("is taken for its own algorithm only", () => {
    expect(ask("ES256", jwsKey("ES384").jwk)).toBe(refused);
    expect(ask("ES512", jwsKey("ES256").jwk)).toBe(refused);
  });
});

describe("an Ed25519 key", () => {
  const y = (hex: string): string => renderBase64url(Buffer.from(hex, "hex"));

  it("of small order, with either sign, is refused: it signs anything", () => {
    const orders = [
      "00".repeat(32),
      `01${"00".repeat(31)}`,
      `ec${"ff".repeat(30)}7f`,
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    for (const hex of orders) {
      const sign = Buffer.from(hex, "hex");
      sign[31] = (sign[31] ?? 0) | 0x80;
      for (const x of [y(hex), renderBase64url(sign)]) {
        // R of small order and s nought: good for every statement under such a key, where it is taken
        const [head = "", middle = ""] = makeJws("EdDSA").split(".");
        const value = renderBase64url(Buffer.concat([Buffer.from(hex, "hex"), Buffer.alloc(32)]));
        expect(ask("EdDSA", { kty: "OKP", crv: "Ed25519", x }, `${head}.${middle}.${value}`)).toBe(refused); // prettier-ignore
      }
    }
  });

  it("in a second spelling, or of another length or curve, is refused", () => {
    for (const hex of [`ed${"ff".repeat(30)}7f`, `ee${"ff".repeat(31)}`, "ff".repeat(32)]) {
      expect(changed("EdDSA", { x: y(hex) })).toBe(refused);
    }
    expect(changed("EdDSA", { x: y("05".repeat(31)) })).toBe(refused);
    expect(changed("EdDSA", { crv: "Ed448" })).toBe(refused);
    expect(changed("EdDSA", { crv: "X25519" })).toBe(refused);
  });

  it("takes no signature whose s is not below the order", () => {
    const [head = "", middle = "", value = ""] = makeJws("EdDSA").split(".");
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const raw = bytes(value);
    const s = BigInt(`0x${renderHex(raw.subarray(32).toReversed())}`) + order;
    const above = Buffer.from(s.toString(16).padStart(64, "0"), "hex").toReversed();
    const twin = renderBase64url(Buffer.concat([raw.subarray(0, 32), above]));
    expect(ask("EdDSA", jwsKey("EdDSA").jwk, `${head}.${middle}.${twin}`)).toBe("SIGNATURE_INVALID"); // prettier-ignore
  });
});

describe("an RSA key", () => {
  it("of fewer than 2,048 bits is refused, and so is one far too large", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const jws = makeJws("RS256", { key: privateKey });
    expect(ask("RS256", publicKey.export({ format: "jwk" }), jws)).toBe(refused);
    const almost = Buffer.alloc(256, 0xff);
    almost[0] = 0x7f;
    expect(changed("RS256", { n: renderBase64url(almost) })).toBe(refused);
    expect(changed("RS256", { n: renderBase64url(Buffer.alloc(1025, 0xff)) })).toBe(refused);
  });

  it("whose numbers have octets to spare is refused", () => {
    const n = Buffer.concat([Buffer.of(0), bytes(jwsKey("RS256").jwk.n)]);
    expect(changed("RS256", { n: renderBase64url(n) })).toBe(refused);
    expect(changed("RS256", { e: renderBase64url(Buffer.of(0, 1, 0, 1)) })).toBe(refused);
  });

  it("with a small, even or large exponent is refused", () => {
    for (const e of [[], [1], [3], [1, 0, 0], [1, 0, 0, 0, 1], [0]]) {
      expect(changed("PS256", { e: renderBase64url(Buffer.from(e)) })).toBe(refused);
    }
  });
});

describe("a secret", () => {
  it("shorter than the hash, or far too long, is refused", () => {
    for (const length of [0, 31, 1025]) {
      expect(changed("HS256", { k: renderBase64url(Buffer.alloc(length)) })).toBe(refused);
    }
    expect(ask("HS512", jwsKey("HS384").jwk)).toBe(refused);
  });
});
