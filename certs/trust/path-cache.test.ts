import { describe, expect, it } from "vitest";

import { makePki, type Pki, pkiNow } from "../../test/kit/pki.ts";
import { type EncodedPathQuestion, makePathCache } from "./path-cache.ts";

function encode({ question }: Pki): EncodedPathQuestion {
  return {
    ...question,
    leaf: question.leaf.der,
    intermediates: question.intermediates.map(({ der }) => der),
    roots: question.roots.map(({ der }) => der),
    crls: question.crls.map(({ der }) => der),
  };
}

const pki = await makePki({ issuingCrl: { nextUpdate: pkiNow + 60_000 } });
const question = encode(pki);
const refused = (code: string): unknown => expect.objectContaining({ code });

describe("makePathCache", () => {
  it("the same question in the same epoch gives the same proof", () => {
    const cache = makePathCache();
    const proof = cache.prove(question, "1");
    expect(cache.prove({ ...question, at: pkiNow + 60_000 }, "1")).toBe(proof);
    expect(cache.size).toBe(1);
  });

  it("a proof is not used outside the period it holds for", () => {
    const cache = makePathCache();
    const proof = cache.prove(question, "1");
    const late = { ...question, at: pkiNow + 60_001 };
    expect(() => cache.prove(late, "1")).toThrow(refused("CERT_STATUS_UNKNOWN"));
    const early = { ...question, at: pkiNow - 400 * 86_400_000 };
    expect(() => cache.prove(early, "1")).toThrow(refused("CERT_NOT_YET_VALID"));
    // nor does who asks about another time take it from who asks about this one
    expect(cache.prove(question, "1")).toBe(proof);
  });

  it("a proof is not used for another kind, agency or epoch", async () => {
    const cache = makePathCache();
    cache.prove(question, "1");
    expect(() => cache.prove({ ...question, kind: "LINK" }, "1")).toThrow(
      refused("CERT_USAGE_NOT_PERMITTED"),
    );
    expect(() => cache.prove({ ...question, agency: "ng/fiu" }, "1")).toThrow(
      refused("CERT_NAME_NOT_PERMITTED"),
    );
    expect(() => cache.prove({ ...question, crls: [] }, "2")).toThrow(
      refused("CERT_STATUS_UNKNOWN"),
    );
  });

  it("a refusal is not kept: the question is judged again", () => {
    const cache = makePathCache();
    expect(() => cache.prove({ ...question, crls: [] }, "1")).toThrow();
    expect(cache.prove(question, "1").agency).toBe("ng/tcu");
  });

  it("a leaf that is not a certificate is refused", () => {
    expect(() => makePathCache().prove({ ...question, leaf: Buffer.alloc(9) }, "1")).toThrow(
      refused("CERT_MALFORMED"),
    );
  });

  it("no more proofs are held than allowed; the longest unused goes first", async () => {
    const cache = makePathCache(2);
    const others = await Promise.all([makePki(), makePki()]);
    const first = cache.prove(question, "1");
    const second = cache.prove(encode(others[0]), "1");
    expect(cache.prove(question, "1")).toBe(first);
    cache.prove(encode(others[1]), "1");
    expect(cache.size).toBe(2);
    expect(cache.prove(question, "1")).toBe(first);
    expect(cache.prove(encode(others[0]), "1")).not.toBe(second);
  });
});
