import { createPublicKey } from "node:crypto";
import { FlattenedSign, flattenedVerify } from "jose";
import { describe, expect, it } from "vitest";

import {
  isFault,
  parseBase64url,
  renderBase64url,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { derToRaw, rawToDer } from "../shape/index.ts";
import {
  isSignatureValid,
  parseSignature,
  renderSignature,
  renderSignatureHeader,
} from "../trust/index.ts";
import { makeKeyPair } from "./key-pair.ts";
import { makeSigner } from "./signer.ts";
import { makeSigningKey } from "./signing-key.ts";

const privateKey = makeKeyPair("P-256");
const publicKey = createPublicKey(privateKey);
const key = makeSigningKey(privateKey);
const thumbprint = sha256(utf8("certificate"));
const signer = makeSigner({ signer: "ng/tcu", key, thumbprint });
const payload = Buffer.from([0, 255, 46, 46, 10]);
const signature = signer.sign("atumpan-envelope", payload);

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
  return "accepted";
}

function flattened(text: string): { protected: string; signature: string; payload: Uint8Array } {
  const [header = "", , value = ""] = text.split(".");
  return { protected: header, signature: value, payload };
}

describe("makeSigner", () => {
  it("what it signs is verified by our own reader", () => {
    expect(isSignatureValid(parseSignature(signature), payload, publicKey)).toBe(true);
  });

  it("what it signs is verified by another JOSE library (RFC 7797)", async () => {
    const result = await flattenedVerify(flattened(signature), publicKey, { crit: { b64: true } });
    expect(result.protectedHeader?.kid).toBe("ng/tcu");
  });

  it("what another JOSE library signs under our header is verified by our reader, once s is low", async () => {
    const parsed = parseSignature(signature);
    const header = JSON.parse(
      Buffer.from(parseBase64url(parsed.encodedHeader)).toString(),
    ) as object;
    const { signature: theirs } = await new FlattenedSign(payload)
      .setProtectedHeader(header as { alg: string; b64: boolean; crit: string[] })
      .sign(privateKey, { crit: { b64: true } });
    const value = parseBase64url(theirs);
    const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(32);
    const n = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const s = BigInt(`0x${Buffer.from(half(value)).toString("hex")}`);
    const low = (s > n / 2n ? n - s : s).toString(16).padStart(64, "0");
    const raw = Buffer.concat([value.subarray(0, 32), Buffer.from(low, "hex")]);
    const ours = parseSignature(renderSignature(parsed.encodedHeader, raw));
    expect(isSignatureValid(ours, payload, publicKey)).toBe(true);
    expect(derToRaw(rawToDer(raw))).toEqual(raw);
  });

  it("another payload, statement type, signer or key is refused", () => {
    const parsed = parseSignature(signature);
    expect(isSignatureValid(parsed, Buffer.from([1]), publicKey)).toBe(false);
    const slip = parseSignature(signer.sign("atumpan-slip", payload));
    expect(
      isSignatureValid({ ...parsed, encodedHeader: slip.encodedHeader }, payload, publicKey),
    ).toBe(false);
    const stranger = createPublicKey(makeKeyPair("P-256"));
    expect(isSignatureValid(parsed, payload, stranger)).toBe(false);
    expect(isSignatureValid(parsed, payload, createPublicKey(makeKeyPair("Ed25519")))).toBe(false);
  });
});

describe("ML-DSA-65", () => {
  const pqKey = makeKeyPair("ML-DSA-65");
  const pq = makeSigner({ signer: "ng/tcu", key: makeSigningKey(pqKey), thumbprint });
  const signed = pq.sign("atumpan-envelope", payload);

  it("what it signs is verified by our own reader, and by no key of another kind", () => {
    const parsed = parseSignature(signed);
    expect([parsed.alg, parsed.value.length]).toEqual(["ML-DSA-65", 3309]);
    expect(isSignatureValid(parsed, payload, createPublicKey(pqKey))).toBe(true);
    expect(isSignatureValid(parsed, Buffer.from([1]), createPublicKey(pqKey))).toBe(false);
    expect(isSignatureValid(parsed, payload, publicKey)).toBe(false);
    expect(isSignatureValid(parseSignature(signature), payload, createPublicKey(pqKey))).toBe(
      false,
    );
  });

  it("what it signs is verified by another JOSE library (RFC 7797)", async () => {
    const result = await flattenedVerify(flattened(signed), createPublicKey(pqKey), {
      crit: { b64: true },
    });
    expect(result.protectedHeader).toMatchObject({ alg: "ML-DSA-65", kid: "ng/tcu" });
  });
});

describe("parseSignature", () => {
  it("every other spelling of one signature is refused", () => {
    const [header = "", , value = ""] = signature.split(".");
    const spellings = [
      `${header}..${value}==`,
      `${header}..${value} `,
      `${header}..${value}\n`,
      ` ${signature}`,
      `${header}.${value}`,
      `${header}.x.${value}`,
      `${header}..${value}.`,
      `${header}..${value.slice(0, -1)}`,
      signature.replaceAll("-", "+").replaceAll("_", "/").replace("..", "..+"),
    ];
    for (const text of spellings) {
      expect(["SIGNATURE_MALFORMED", "BYTES_NOT_CANONICAL"]).toContain(
        codeOf(() => parseSignature(text)),
      );
    }
  });

  it("T-15: an algorithm that we do not verify is refused by its name, whatever follows", () => {
    const parsed = parseSignature(signature);
    const json = Buffer.from(parseBase64url(parsed.encodedHeader)).toString();
    const names = ["none", "None", "", "HS256", "RS256", "PS256", "ES384", "ES512", "ES256K"];
    const spellings = [
      "es256",
      "eddsa",
      "Ed25519",
      "ML-DSA-44",
      "ML-DSA-87",
      "ml-dsa-65",
      " ES256",
    ];
    for (const name of [...names, ...spellings]) {
      const header = renderBase64url(utf8(json.replace('"ES256"', JSON.stringify(name))));
      for (const text of [renderSignature(header, parsed.value), `${header}..`]) {
        expect(codeOf(() => parseSignature(text))).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
      }
    }
  });

  it("a signature is exactly as long as its algorithm makes it", () => {
    const { encodedHeader, value } = parseSignature(signature);
    const longer = Buffer.concat([value, Buffer.of(0)]);
    for (const wrong of [longer, value.subarray(1), new Uint8Array(3309), new Uint8Array()]) {
      const text = renderSignature(encodedHeader, wrong);
      expect(codeOf(() => parseSignature(text))).toBe("SIGNATURE_MALFORMED");
    }
  });

  it("a signature or header that is too long is refused before it is read", () => {
    const long = makeSigner({ signer: "n".repeat(400), key, thumbprint });
    for (const text of [long.sign("atumpan-slip", payload), `${signature}${"A".repeat(5000)}`]) {
      expect(codeOf(() => parseSignature(text))).toBe("SIGNATURE_MALFORMED");
    }
  });

  it("a header with another member, order or white space is refused", () => {
    const parsed = parseSignature(signature);
    const json = Buffer.from(parseBase64url(parsed.encodedHeader)).toString();
    const headers = [
      json.replace('"b64":false', '"b64":true'),
      json.replace('["b64"]', '["b64","exp"]'),
      json.replace("{", '{"jku":"https://example.org",'),
      json.replace("{", '{"alg":"ES256",'),
      json.replace(",", ", "),
      json.replace("atumpan-envelope", "atumpan-other"),
      "[]",
      "null",
      '"text"',
      "1",
      "{",
    ];
    for (const header of headers) {
      const text = renderSignature(renderBase64url(utf8(header)), parsed.value);
      expect(codeOf(() => parseSignature(text))).toBe("SIGNATURE_MALFORMED");
    }
  });

  it("headers are remembered, and a remembered one is no other", () => {
    const { value } = parseSignature(signature);
    for (let i = 0; i < 4100; i += 1) {
      const header = { alg: "ES256", kid: `ng/a${i}`, typ: "atumpan-slip", thumbprint } as const;
      const text = renderSignature(renderSignatureHeader(header), value);
      expect(parseSignature(text).kid).toBe(`ng/a${i}`);
      if (i % 1000 === 0) expect(parseSignature(text)).toMatchObject(header);
    }
  });

  it("a header that is not UTF-8 is refused: its reading could be written in two ways", () => {
    const parsed = parseSignature(signature);
    const json = Buffer.from(parseBase64url(parsed.encodedHeader));
    json[json.indexOf("ng/tcu")] = 0xff;
    const text = renderSignature(renderBase64url(json), parsed.value);
    expect(codeOf(() => parseSignature(text))).toBe("SIGNATURE_MALFORMED");
  });

  it("the twin of an ECDSA signature, with s negated, is refused", () => {
    const { value, ...rest } = parseSignature(signature);
    const n = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const s = n - BigInt(`0x${Buffer.from(value.subarray(32)).toString("hex")}`);
    const twin = Buffer.concat([
      value.subarray(0, 32),
      Buffer.from(s.toString(16).padStart(64, "0"), "hex"),
    ]);
    expect(codeOf(() => isSignatureValid({ ...rest, value: twin }, payload, publicKey))).toBe(
      "SIGNATURE_MALFORMED",
    );
  });
});
