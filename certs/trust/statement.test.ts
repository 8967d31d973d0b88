import { beforeAll, describe, expect, it } from "vitest";

import { pkiNow } from "../../test/kit/pki.ts";
import { makeSuites, signatureLine, type Suites } from "../../test/kit/suites.ts";
import { isFault } from "../../schemas/ground/index.ts";
import type { RegisteredAgency, RegisterView } from "./register.ts";
import { proveCertificate, provenCertificates } from "./statement.ts";

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
