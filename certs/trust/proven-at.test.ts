import { describe, expect, it } from "vitest";

import { codeOf } from "../../test/kit/code-of.ts";
import { day, makePki, type PkiChange, pkiNow } from "../../test/kit/pki.ts";
import { revokedSince } from "./crl.ts";
import { makePathCache } from "./path-cache.ts";
import { proveLeaf } from "./path.ts";

/** The lists of these worlds say so. */
const revokedAt = pkiNow - 2 * day;
const leafRevoked: PkiChange = { issuingCrl: { lists: true } };

async function verdict(change: PkiChange, provenAt?: number): Promise<string> {
  const { question } = await makePki(change);
  return codeOf(() => proveLeaf({ ...question, provenAt }));
}

describe("what provably existed at a moment", () => {
  it("is vouched for by a certificate that was revoked after it, and not at it or before", async () => {
    expect(await verdict(leafRevoked)).toBe("CERT_REVOKED");
    expect(await verdict(leafRevoked, revokedAt - 1)).toBe("accepted");
    expect(await verdict(leafRevoked, revokedAt)).toBe("CERT_REVOKED");
    expect(await verdict(leafRevoked, revokedAt + 1)).toBe("CERT_REVOKED");
  });

  it("is not vouched for from when the key is feared to be in other hands, where that is earlier", async () => {
    const feared = { issuingCrl: { lists: true, since: revokedAt - day } };
    expect(await verdict(feared, revokedAt - 1)).toBe("CERT_REVOKED");
    expect(await verdict(feared, revokedAt - day)).toBe("CERT_REVOKED");
    expect(await verdict(feared, revokedAt - day - 1)).toBe("accepted");
  });

  it("is judged so by the CA above as well", async () => {
    const caRevoked = { rootCrl: { lists: true } };
    expect(await verdict(caRevoked)).toBe("CERT_REVOKED");
    expect(await verdict(caRevoked, revokedAt - 1)).toBe("accepted");
    expect(await verdict(caRevoked, revokedAt)).toBe("CERT_REVOKED");
  });

  it("is vouched for by a certificate that ended after it, and by none that ended or began otherwise", async () => {
    const ended = { leaf: { notAfter: pkiNow - day } };
    expect(await verdict(ended)).toBe("CERT_EXPIRED");
    expect(await verdict(ended, pkiNow - day)).toBe("accepted");
    expect(await verdict(ended, pkiNow - day + 1000)).toBe("CERT_EXPIRED");
    expect(await verdict({}, pkiNow - 11 * day)).toBe("CERT_NOT_YET_VALID");
  });

  it("needs lists that are fresh today all the same", async () => {
    const old = { issuingCrl: { nextUpdate: pkiNow - 1000 } };
    expect(await verdict(old, pkiNow - day)).toBe("CERT_STATUS_UNKNOWN");
  });

  it("is asked about anew each time: a proof for one moment is none for the next", async () => {
    const { question } = await makePki(leafRevoked);
    const { leaf, intermediates, roots, crls } = question;
    const der = ({ der: bytes }: { readonly der: Uint8Array }): Uint8Array => bytes;
    const encoded = {
      ...question,
      leaf: leaf.der,
      intermediates: intermediates.map(der),
      roots: roots.map(der),
      crls: crls.map(der),
    };
    const cache = makePathCache();
    const prove = (provenAt?: number): string =>
      codeOf(() => cache.prove({ ...encoded, provenAt }, "1"));
    expect([prove(revokedAt - 1), prove(revokedAt), prove()]).toEqual([
      "accepted",
      "CERT_REVOKED",
      "CERT_REVOKED",
    ]);
    expect(cache.size).toBe(0);
  });
});

describe("revokedSince", () => {
  it("is the earlier of the two times a list may tell", () => {
    expect(revokedSince({ at: 5 })).toBe(5);
    expect(revokedSince({ at: 5, invalidFrom: 3 })).toBe(3);
    expect(revokedSince({ at: 5, invalidFrom: 7 })).toBe(5);
  });
});
