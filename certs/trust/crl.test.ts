import { describe, expect, it } from "vitest";

import { day, makeCrl, makePki, makeStrangerKey, pkiNow } from "../../test/kit/pki.ts";
import type { Certificate } from "../shape/index.ts";
import { checkNotRevoked, type StatusQuestion } from "./crl.ts";

const pki = await makePki();
const good: StatusQuestion = {
  certificate: pki.leaf.certificate,
  issuer: pki.issuing.certificate,
  crls: pki.question.crls,
  at: pkiNow,
};

function ask(change: Partial<StatusQuestion>): () => unknown {
  return () => checkNotRevoked({ ...good, ...change });
}

const unknown: unknown = expect.objectContaining({ code: "CERT_STATUS_UNKNOWN" });

describe("checkNotRevoked", () => {
  it("says for how long its answer stands", () => {
    expect(ask({})()).toEqual({ from: pkiNow - day, until: pkiNow + day });
  });

  it("the newest list made so far begins the period, the latest fresh one ends it", async () => {
    const newer = await makeCrl(pki.issuing, pki.leaf.certificate, {
      thisUpdate: pkiNow - 5000,
      nextUpdate: pkiNow + 5000,
    });
    const window = ask({ crls: [...good.crls, newer] })();
    expect(window).toEqual({ from: pkiNow - 5000, until: pkiNow + day });
  });

  it("an older list that names the certificate outweighs a newer one that does not", async () => {
    const older = await makeCrl(pki.issuing, pki.leaf.certificate, {
      thisUpdate: pkiNow - 3 * day,
      nextUpdate: pkiNow - 2 * day,
      lists: true,
    });
    const revoked: unknown = expect.objectContaining({ code: "CERT_REVOKED" });
    expect(ask({ crls: [...good.crls, older] })).toThrow(revoked);
  });

  it("an issuer that may not sign lists has none", () => {
    const issuer: Certificate = { ...good.issuer, keyUsage: new Set(["keyCertSign"] as const) };
    expect(ask({ issuer })).toThrow(unknown);
  });

  it("a list that names another issuer, or another key of it, is not its list", async () => {
    const twin = { ...pki.issuing, certificate: pki.root.certificate };
    const foreignName = await makeCrl(
      {
        ...pki.issuing,
        certificate: { ...pki.issuing.certificate, subjectName: pki.root.certificate.subjectName },
      },
      pki.leaf.certificate,
      {},
    );
    expect(ask({ crls: [foreignName] })).toThrow(unknown);
    const foreignKey = await makeCrl(
      { ...twin, certificate: { ...pki.issuing.certificate, spki: pki.root.certificate.spki } },
      pki.leaf.certificate,
      {},
    );
    expect(ask({ crls: [foreignKey] })).toThrow(unknown);
  });

  it("a list signed by a stranger says nothing, for or against", async () => {
    const signer = makeStrangerKey();
    const forged = await makeCrl(pki.issuing, pki.leaf.certificate, { signer, lists: true });
    expect(ask({ crls: [forged] })).toThrow(unknown);
    expect(ask({ crls: [...good.crls, forged] })).not.toThrow();
  });
});
