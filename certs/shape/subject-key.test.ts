import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";

import { makePki, type PkiChange, pkiNow } from "../../test/kit/pki.ts";
import { makeKeyPair, makeSealingKey } from "../keys/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { proveLeaf, verifyPath } from "../trust/index.ts";
import { parsePublicKey } from "./public-key.ts";
import { parseSubjectKey } from "./subject-key.ts";

const key = makeKeyPair("X25519");
const spki = createPublicKey(key).export({ format: "der", type: "spki" });

async function verdict(change: PkiChange): Promise<string> {
  try {
    const { question } = await makePki(change);
    proveLeaf(question);
    return "accepted";
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

describe("a key of X25519", () => {
  it("is read in its named form, and in no other", () => {
    expect(parseSubjectKey(spki)).toMatchObject({ keyType: "X25519", spki });
    const x448 = generateKeyPairSync("x448").publicKey.export({ format: "der", type: "spki" });
    const longer = Buffer.concat([spki, Buffer.of(0)]);
    const padded = Buffer.from(spki);
    padded[11] = 1;
    for (const wrong of [x448, longer, padded, spki.subarray(1), new Uint8Array()]) {
      expect(() => parseSubjectKey(wrong)).toThrow(/CERT_MALFORMED/);
    }
  });

  it("is given to nobody who asks for a key that signs", () => {
    expect(() => parsePublicKey(spki)).toThrow(/CERT_MALFORMED/);
  });

  it("may be in a certificate for sealing and in no other", async () => {
    const leaf = { keyType: "X25519" } as const;
    expect(await verdict({ kind: "SEALING", leaf })).toBe("accepted");
    for (const kind of ["SIGNING", "LINK", "SERVER"] as const) {
      expect(await verdict({ kind, leaf })).toBe("CERT_USAGE_NOT_PERMITTED");
    }
  });

  it("is no CA's: nothing is proved by it", async () => {
    const signer = makeKeyPair("P-256");
    const issuing = { keyType: "X25519" } as const;
    const change = { issuing, leaf: { signer }, issuingCrl: { signer } };
    expect(await verdict(change)).toBe("CERT_PATH_INVALID");
  });

  it("is taken by the wider profile where our own takes it", async () => {
    const { question, root } = await makePki({ kind: "SEALING", leaf: { keyType: "X25519" } });
    const answer = verifyPath({
      anchors: [root.certificate.der],
      intermediates: question.intermediates.map(({ der }) => der),
      leaf: question.leaf.der,
      crls: question.crls.map(({ der }) => der),
      at: pkiNow,
      usage: "any",
    });
    expect(answer).toMatchObject({ ok: true });
  });

  it("opens as a sealing key, and reaches the secret of who seals to it", () => {
    const sealing = makeSealingKey(key);
    expect(sealing).toMatchObject({ algorithm: "ECDH-ES+A256KW", spki });
    const other = generateKeyPairSync("x25519");
    const ours = diffieHellman({ privateKey: sealing.privateKey(), publicKey: other.publicKey });
    const publicKey = createPublicKey({
      key: Buffer.from(sealing.spki),
      format: "der",
      type: "spki",
    });
    expect(ours).toEqual(diffieHellman({ privateKey: other.privateKey, publicKey }));
    for (const type of ["Ed25519", "P-384", "ML-DSA-65"] as const) {
      expect(() => makeSealingKey(makeKeyPair(type))).toThrow(/KEY_UNUSABLE/);
    }
  });
});
