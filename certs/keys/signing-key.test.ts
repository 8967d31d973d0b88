import { createPublicKey, verify } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { rawToDer } from "../shape/index.ts";
import { makeKeyPair } from "./key-pair.ts";
import { makeSealingKey } from "./sealing-key.ts";
import { makeSigningKey } from "./signing-key.ts";

const message = fc.uint8Array({ maxLength: 200 });

describe("makeSigningKey", () => {
  it("an ES256 signature has 64 bytes, the lower s, and is verified by the public half", () => {
    const key = makeKeyPair("P-256");
    const signer = makeSigningKey(key);
    const publicKey = createPublicKey(key);
    fc.assert(
      fc.property(message, (bytes) => {
        const signature = signer.sign(bytes);
        expect(signature).toHaveLength(64);
        expect(verify("sha256", bytes, publicKey, rawToDer(signature))).toBe(true);
      }),
    );
  });

  it("an EdDSA signature has 64 bytes and is verified by the public half", () => {
    const key = makeKeyPair("Ed25519");
    const signature = makeSigningKey(key).sign(Buffer.from("word"));
    expect(signature).toHaveLength(64);
    expect(verify(null, Buffer.from("word"), createPublicKey(key), signature)).toBe(true);
  });

  it("tells its public half and nothing of its private one", () => {
    const key = makeKeyPair("P-256");
    const signer = makeSigningKey(key);
    const spki = createPublicKey(key).export({ format: "der", type: "spki" });
    expect(Buffer.from(signer.spki)).toEqual(spki);
    expect(Object.keys(signer).toSorted()).toEqual(["algorithm", "sign", "spki"]);
  });
});

describe("makeSealingKey", () => {
  it("hands out the key that others seal to", () => {
    const key = makeKeyPair("P-256");
    const sealing = makeSealingKey(key);
    expect(sealing.privateKey().equals(key)).toBe(true);
    expect(Buffer.from(sealing.spki)).toEqual(
      createPublicKey(key).export({ format: "der", type: "spki" }),
    );
  });
});
