import { beforeAll, describe, expect, it } from "vitest";

import { day, pkiNow } from "../../test/kit/pki.ts";
import { makeSuites, signatureLine, type Suites } from "../../test/kit/suites.ts";
import { type Clock, isFault, systemClock, utf8 } from "../../schemas/ground/index.ts";
import { parseSignature, type RegisterView } from "../trust/index.ts";
import { makeSigningRing } from "./signing-ring.ts";
import type { KeySigner, Signer } from "./signer.ts";

const bytes = utf8("an envelope");
const required = { isRequired: true };

let suites: Suites;
let view: RegisterView;
let now = pkiNow;

const clock: Clock = { ...systemClock, now: () => now };

beforeAll(async () => {
  suites = await makeSuites();
});

function ringOf(...signers: readonly [KeySigner, ...KeySigner[]]): Signer {
  return makeSigningRing({ signers, register: () => view, clock });
}

function algorithmsOf(ring: Signer, at = now, register = view): readonly string[] {
  return ring
    .signAll("atumpan-envelope", bytes, { at, register })
    .map((one) => parseSignature(one).alg);
}

function isKeyMissing(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return isFault(error, "SIGNATURE_KEY_MISSING");
  }
}

describe("a signer with several keys", () => {
  it("signs an envelope with all that the register requires, and a slip with one of those", () => {
    const ring = ringOf(suites.eddsa, suites.es256, suites.mldsa);
    view = suites.view([signatureLine("ES256", required), signatureLine("ML-DSA-65", required)]);
    expect(algorithmsOf(ring)).toEqual(["ES256", "ML-DSA-65"]);
    expect(parseSignature(ring.sign("atumpan-slip", bytes)).alg).toBe("ES256");
  });

  it("follows the register from one signature to the next", () => {
    const ring = ringOf(suites.es256, suites.eddsa);
    view = suites.view([signatureLine("ES256")]);
    expect(algorithmsOf(ring)).toEqual(["ES256"]);
    view = suites.view([signatureLine("EdDSA"), signatureLine("ES256")]);
    expect(algorithmsOf(ring)).toEqual(["EdDSA"]);
    expect(parseSignature(ring.sign("atumpan-receipt", bytes)).alg).toBe("EdDSA");
  });

  it("signs an envelope by the register it is told, whatever is in force; a slip by what is in force", () => {
    const ring = ringOf(suites.es256, suites.eddsa);
    const before = suites.view([signatureLine("ES256")]);
    view = suites.view([signatureLine("EdDSA")]);
    expect(algorithmsOf(ring, now, before)).toEqual(["ES256"]);
    expect(algorithmsOf(ring)).toEqual(["EdDSA"]);
    expect(parseSignature(ring.sign("atumpan-slip", bytes)).alg).toBe("EdDSA");
    // a key that the register before does not prove is not used for it, though the one in force does
    const unproven = suites.view([signatureLine("ES256")], (one) => ({ ...one, certificates: [] }));
    view = suites.view([signatureLine("ES256")]);
    expect(isKeyMissing(() => algorithmsOf(ring, now, unproven))).toBe(true);
    expect(algorithmsOf(ring)).toEqual(["ES256"]);
  });

  it("goes by the time that what it signs will bear", () => {
    const ring = ringOf(suites.es256, suites.eddsa);
    const turn = pkiNow - 10;
    view = suites.view([signatureLine("ES256", { until: turn }), signatureLine("EdDSA", { from: turn })]); // prettier-ignore
    expect(algorithmsOf(ring)).toEqual(["EdDSA"]);
    expect(algorithmsOf(ring, turn - 1)).toEqual(["ES256"]);
    expect(parseSignature(ring.sign("atumpan-slip", bytes, turn - 1)).alg).toBe("ES256");
  });

  it("without a key for what is asked signs nothing", () => {
    view = suites.view([signatureLine("EdDSA")]);
    for (const ring of [ringOf(suites.es256), ringOf(suites.es256, suites.mldsa)]) {
      expect(isKeyMissing(() => algorithmsOf(ring))).toBe(true);
      expect(isKeyMissing(() => ring.sign("atumpan-slip", bytes))).toBe(true);
    }
  });

  it("uses no key that the register does not prove: not yet there, in no time, or of no agency", () => {
    view = suites.view([signatureLine("ES256"), signatureLine("ML-DSA-65")]);
    const renewed = ringOf(suites.stranger, suites.es256);
    const place = { at: now, register: view };
    const [signature = ""] = renewed.signAll("atumpan-envelope", bytes, place);
    expect(parseSignature(signature).thumbprint).toEqual(suites.es256.thumbprint);
    view = suites.view([signatureLine("ML-DSA-65"), signatureLine("ES256")]);
    now = pkiNow + day;
    expect(algorithmsOf(ringOf(suites.mldsa, suites.es256))).toEqual(["ES256"]);
    now = pkiNow;
    expect(algorithmsOf(ringOf(suites.mldsa, suites.es256))).toEqual(["ML-DSA-65"]);
    view = suites.view([signatureLine("ES256")], (one) => ({ ...one, agency: "ng/other" }));
    expect(isKeyMissing(() => ringOf(suites.mldsa, suites.es256).sign("atumpan-slip", bytes))).toBe(true); // prettier-ignore
  });

  it("gives on what a key's device says", () => {
    const away = new Error("the card was drawn");
    const drawn: KeySigner = { ...suites.es256, sign: () => { throw away; } }; // prettier-ignore
    view = suites.view([signatureLine("ES256")]);
    expect(() => ringOf(drawn).sign("atumpan-slip", bytes)).toThrow(away);
    const broken = { ...view, agency: () => { throw away; } }; // prettier-ignore
    view = broken;
    expect(() => ringOf(suites.es256, suites.eddsa).sign("atumpan-slip", bytes)).toThrow(away);
  });
});
