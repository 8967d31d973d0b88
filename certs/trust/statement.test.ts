import { beforeAll, describe, expect, it } from "vitest";

import { pkiNow } from "../../test/kit/pki.ts";
import { makeSuites, signatureLine, type Suites } from "../../test/kit/suites.ts";
import { isFault, utf8 } from "../../schemas/ground/index.ts";
import type { RegisteredAgency, RegisterView } from "./register.ts";
import { parseSignature } from "./signature.ts";
import { isSignedByAgency, proveCertificate, provenCertificates } from "./statement.ts";

const day = 86_400_000;
const signing = { agency: "ng/tcu", kind: "SIGNING" } as const;

let suites: Suites;
let view: RegisterView;

beforeAll(async () => {
  suites = await makeSuites();
  view = suites.view([signatureLine("ES256")]);
});

function codeOf(act: () => unknown): string {
  try {
    act();
    return "ACCEPTED";
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

/** An answer that is given once. */
function once<T>(first: T): () => T | undefined {
  let next: T | undefined = first;
  return () => {
    const answer = next;
    next = undefined;
    return answer;
  };
}

describe("a certificate of an agency", () => {
  it("is proved by its thumbprint, for its own kind and agency alone", () => {
    const { thumbprint } = suites.es256;
    const prove = (change: object, register = view): string =>
      codeOf(() => proveCertificate(register, { ...signing, thumbprint, ...change }, pkiNow));
    expect(prove({})).toBe("ACCEPTED");
    expect(prove({ kind: "LINK" })).toBe("CERT_UNKNOWN");
    expect(prove({ agency: "ng/moc" })).toBe("CERT_UNKNOWN");
    expect(prove({ agency: "ng/nobody" })).toBe("AGENCY_UNKNOWN");
    const away = (one: RegisteredAgency): RegisteredAgency => ({ ...one, authority: "gh" });
    expect(prove({}, suites.view([], away))).toBe("CERT_UNKNOWN");
  });
});

describe("the certificates of one kind", () => {
  it("are those that hold, in the register's order", () => {
    const found = provenCertificates(view, signing, pkiNow).map(({ certificate }) => certificate);
    expect(found.map((one) => one.thumbprint)).toEqual([
      suites.es256.thumbprint,
      suites.eddsa.thumbprint,
    ]);
    expect(provenCertificates(view, signing, pkiNow + 100 * day)).toEqual([]);
    expect(provenCertificates(view, { ...signing, agency: "ng/nobody" }, pkiNow)).toEqual([]);
  });

  it("whatever is no fault of a certificate is not passed over", () => {
    const lost = new Error("the disk is gone");
    const broken = { ...view, authority: () => { throw lost; } }; // prettier-ignore
    expect(() => provenCertificates(broken, signing, pkiNow)).toThrow(lost);
    const forgetful = { ...view, agency: once(view.agency("ng/tcu")) };
    expect(codeOf(() => provenCertificates(forgetful, signing, pkiNow))).toBe("AGENCY_UNKNOWN");
  });
});

describe("a key that no certificate holds", () => {
  it("proves after its end what was admitted before it, and nothing that was not", () => {
    const bytes = utf8("words");
    const typ = "atumpan-envelope";
    const signature = parseSignature(suites.mldsa.sign(typ, bytes));
    const late = { typ, bytes, signer: "ng/tcu", at: pkiNow + 2 * day } as const;
    const judge = (provenAt?: number): string =>
      codeOf(() => isSignedByAgency(view, signature, { ...late, provenAt }));
    expect(judge(pkiNow)).toBe("ACCEPTED");
    expect(judge()).toMatch(/^CERT_/);
    expect(judge(pkiNow + 2 * day)).toMatch(/^CERT_/);
  });
});
