import { beforeAll, describe, expect, it } from "vitest";

import { day, pkiNow } from "../../test/kit/pki.ts";
import { makeSuites, signatureLine, type Suites } from "../../test/kit/suites.ts";
import type { AlgorithmRule } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseBase64url,
  renderBase64url,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { makeKeyPair, makeSigner, makeSigningKey } from "../keys/index.ts";
import { checkEnvelopeSigned, type SignedEnvelope } from "./envelope-signatures.ts";
import type { RegisteredAgency } from "./register.ts";
import { parseSignature, renderSignature, type StatementType } from "./signature.ts";
import { isStatementProven } from "./statement.ts";

const now = pkiNow;
const bytes = utf8("an envelope");
const required = { isRequired: true };
const any = ["ES256", "EdDSA", "ML-DSA-65"].map((name) => signatureLine(name));
const hybrid = [signatureLine("ES256", required), signatureLine("ML-DSA-65", required), signatureLine("EdDSA")]; // prettier-ignore

let suites: Suites;
let es: string;
let ed: string;
let pq: string;

beforeAll(async () => {
  suites = await makeSuites();
  es = suites.es256.sign("atumpan-envelope", bytes);
  ed = suites.eddsa.sign("atumpan-envelope", bytes);
  pq = suites.mldsa.sign("atumpan-envelope", bytes);
});

function codeOf(act: () => unknown): string {
  try {
    return act() === false ? "NOT_PROVEN" : "ACCEPTED";
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

interface Asked extends Partial<SignedEnvelope> {
  readonly at?: number;
  readonly change?: (one: RegisteredAgency) => RegisteredAgency;
}

function judge(lines: readonly AlgorithmRule[], signatures: readonly string[], asked: Asked = {}): string {
  const { at = now, change, ...rest } = asked;
  const view = suites.view(lines, change);
  return codeOf(() => checkEnvelopeSigned(view, { bytes, signatures, signer: "ng/tcu", ...rest }, at));
} // prettier-ignore

function prove(lines: readonly AlgorithmRule[], signature: string, typ: StatementType): string {
  const statement = { typ, bytes, signature, signer: "ng/tcu" } as const;
  return codeOf(() => isStatementProven(suites.view(lines), statement, now));
} // prettier-ignore

/** The signature under a header with one word changed. */
function reheaded(signature: string, from: string, to: string): string {
  const { encodedHeader, value } = parseSignature(signature);
  const json = Buffer.from(parseBase64url(encodedHeader)).toString("utf8");
  return renderSignature(renderBase64url(utf8(json.replace(from, to))), value);
}

function bent(signature: string): string {
  const { encodedHeader, value } = parseSignature(signature);
  const copy: Bytes = Buffer.from(value);
  copy[20] = (copy[20] ?? 0) ^ 1;
  return renderSignature(encodedHeader, copy);
}

describe("an envelope's signatures", () => {
  it("one of any allowed algorithm is enough where none is required", () => {
    for (const one of [es, ed, pq]) expect(judge(any, [one])).toBe("ACCEPTED");
    expect(judge(any, [pq, es, ed])).toBe("ACCEPTED");
  });

  it("every required algorithm is there, in any order, and others that are allowed may be", () => {
    expect(judge(hybrid, [es, pq])).toBe("ACCEPTED");
    expect(judge(hybrid, [pq, es])).toBe("ACCEPTED");
    expect(judge(hybrid, [pq, es, ed])).toBe("ACCEPTED");
  });

  it("none at all is refused", () => {
    expect(judge(any, [])).toBe("ENVELOPE_SIGNATURE_MISSING");
  });

  it("T-15: one that is required and was stripped is missed", () => {
    for (const some of [[es], [pq], [ed], [es, ed], [pq, ed]]) {
      expect(judge(hybrid, some)).toBe("ENVELOPE_SIGNATURE_REQUIRED");
    }
  });

  it("T-15: one of an algorithm that no line allows is refused, even beside good ones", () => {
    const two = [signatureLine("ES256"), signatureLine("ML-DSA-65")];
    expect(judge(two, [ed])).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
    expect(judge(two, [es, ed])).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
    expect(judge([], [es])).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
    expect(judge([{ ...signatureLine("ES256"), use: "CONTENT" }], [es])).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED"); // prettier-ignore
  });

  it("two of one algorithm are refused, equal or not", () => {
    const again = suites.es256.sign("atumpan-envelope", bytes);
    expect(again).not.toBe(es);
    expect(judge(any, [es, es])).toBe("SIGNATURE_MALFORMED");
    expect(judge(any, [es, again])).toBe("SIGNATURE_MALFORMED");
  });

  it("one bad one among good ones is refused, wherever it stands", () => {
    for (const set of [[bent(es)], [bent(es), pq], [es, bent(pq)], [bent(ed), es, pq]]) {
      expect(judge(any, set)).toBe("ENVELOPE_SIGNATURE_INVALID");
    }
    expect(judge(any, [es], { bytes: utf8("another") })).toBe("ENVELOPE_SIGNATURE_INVALID");
    expect(judge(any, [es, `${pq}=`])).toMatch(/MALFORMED|CANONICAL/);
  });

  it("T-15: one made for another kind of statement, or in another's name, is refused", () => {
    const slip = suites.es256.sign("atumpan-slip", bytes);
    expect(judge(any, [slip])).toBe("SIGNATURE_MALFORMED");
    expect(judge(any, [es], { signer: "ng/moc" })).toBe("ORIGIN_MISMATCH");
    const renamed = reheaded(es, "ng/tcu", "ng/moc");
    expect(judge(any, [renamed], { signer: "ng/moc" })).toBe("CERT_UNKNOWN");
    expect(judge(any, [reheaded(pq, "ng/tcu", "ng/moc")], { signer: "ng/moc" })).toBe("CERT_UNKNOWN");
    expect(judge(any, [reheaded(pq, "ng/tcu", "ng/nobody")], { signer: "ng/nobody" })).toBe("AGENCY_UNKNOWN");
    expect(judge(any, [reheaded(es, "ng/tcu", "ng/nobody")], { signer: "ng/nobody" })).toBe("AGENCY_UNKNOWN");
  }); // prettier-ignore

  it("T-15: one by a key that is not for its algorithm is refused, whatever the header says", () => {
    expect(judge(any, [reheaded(es, "ES256", "EdDSA")])).toBe("SIGNATURE_KEY_NOT_PERMITTED");
    expect(judge(any, [reheaded(ed, "EdDSA", "ES256")])).toBe("SIGNATURE_KEY_NOT_PERMITTED");
    expect(judge(any, [reheaded(es, "ES256", "none")])).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
    expect(judge(any, [reheaded(es, "ES256", "HS256")])).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
    const named = (signature: string, of: { thumbprint: Bytes }): string => {
      const own = renderBase64url(parseSignature(signature).thumbprint);
      return reheaded(signature, own, renderBase64url(of.thumbprint));
    };
    // the name of another of the same agency's keys
    expect(judge(any, [named(es, suites.eddsa)])).toBe("SIGNATURE_KEY_NOT_PERMITTED");
    expect(judge(any, [named(es, suites.mldsa)])).toBe("CERT_UNKNOWN");
    expect(judge(any, [named(pq, suites.es256)])).toBe("CERT_UNKNOWN");
    expect(judge(any, [suites.stranger.sign("atumpan-envelope", bytes)])).toBe("CERT_UNKNOWN");
    expect(judge(any, [named(suites.stranger.sign("atumpan-envelope", bytes), suites.es256)])).toBe("ENVELOPE_SIGNATURE_INVALID"); // prettier-ignore
  });
});

describe("a key that no certificate holds", () => {
  const keys = (change: object) => (one: RegisteredAgency): RegisteredAgency => ({
    ...one,
    keys: one.keys.map((line) => ({ ...line, ...change })),
  }); // prettier-ignore

  it("counts from its first millisecond until just before its last", () => {
    expect(judge(any, [pq], { at: now - day })).toBe("ACCEPTED");
    expect(judge(any, [pq], { at: now + day - 1 })).toBe("ACCEPTED");
    expect(judge(any, [pq], { at: now - day - 1 })).toBe("CERT_NOT_YET_VALID");
    expect(judge(any, [pq], { at: now + day })).toBe("CERT_EXPIRED");
  });

  it("that is named twice counts in either time", () => {
    const twice = (one: RegisteredAgency): RegisteredAgency => ({
      ...one,
      keys: one.keys.flatMap((line) => [line, { ...line, from: now + 2 * day, until: undefined }]),
    });
    expect(judge(any, [pq], { at: now, change: twice })).toBe("ACCEPTED");
    expect(judge(any, [pq], { at: now + 3 * day, change: twice })).toBe("ACCEPTED");
    expect(judge(any, [pq], { at: now + day, change: twice })).toBe("CERT_NOT_YET_VALID");
  });

  it("is of the algorithm that its line says, in its named form and no other", () => {
    expect(judge(any, [pq], { change: keys({ algorithm: "ES256" }) })).toBe("CERT_UNKNOWN");
    expect(judge(any, [pq], { change: keys({ algorithm: "ML-DSA-87" }) })).toBe("CERT_UNKNOWN");
    expect(judge(any, [pq], { change: (one) => ({ ...one, keys: [] }) })).toBe("CERT_UNKNOWN");
    expect(judge(any, [es], { change: keys({ algorithm: "ES256" }) })).toBe("ACCEPTED");
  });

  it("of another form is refused, even by the thumbprint it has", () => {
    const key = makeSigningKey(makeKeyPair("ML-DSA-65"));
    const short = makeSigningKey(makeKeyPair("Ed25519")).spki;
    const other = Buffer.from(key.spki);
    other[16] = 0x11; // the arc of ML-DSA-44
    for (const spki of [short, other]) {
      const liar = makeSigner({ signer: "ng/tcu", key, thumbprint: sha256(spki) });
      const signature = liar.sign("atumpan-envelope", bytes);
      expect(judge(any, [signature], { change: keys({ spki }) })).toBe(
        "SIGNATURE_KEY_NOT_PERMITTED",
      );
    }
  });
});

describe("the times of algorithms", () => {
  const end = now - 1000;
  const ended = [signatureLine("ES256", { until: end }), signatureLine("EdDSA", { from: end })];

  it("T-15: an algorithm is judged at each moment that is given, and keys at their own", () => {
    expect(judge(ended, [es])).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
    expect(judge(ended, [es], { algorithmsAt: [end - 1] })).toBe("ACCEPTED");
    expect(judge(ended, [es], { algorithmsAt: [end] })).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
    expect(judge(ended, [ed], { algorithmsAt: [end] })).toBe("ACCEPTED");
    expect(judge(ended, [ed], { algorithmsAt: [end - 1] })).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
  }); // prettier-ignore

  it("T-15: an old date opens nothing where the hub's own time is asked as well", () => {
    expect(judge(ended, [es], { algorithmsAt: [now, end - 1] })).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED"); // prettier-ignore
    const began = [signatureLine("ES256"), signatureLine("ML-DSA-65", { from: end, isRequired: true })]; // prettier-ignore
    expect(judge(began, [es], { algorithmsAt: [now, end - 1] })).toBe("ENVELOPE_SIGNATURE_REQUIRED"); // prettier-ignore
    expect(judge(began, [es], { algorithmsAt: [end - 1] })).toBe("ACCEPTED");
    expect(judge(began, [es], { algorithmsAt: [] })).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
  });
});

describe("a statement with room for one signature", () => {
  const sign = (typ: StatementType) => ({
    es: suites.es256.sign(typ, bytes),
    ed: suites.eddsa.sign(typ, bytes),
    pq: suites.mldsa.sign(typ, bytes),
  }); // prettier-ignore

  it("is of an allowed algorithm, or where any is required, of one of those", () => {
    for (const typ of ["atumpan-slip", "atumpan-receipt"] as const) {
      const by = sign(typ);
      expect([by.es, by.ed, by.pq].map((one) => prove(any, one, typ))).toEqual(["ACCEPTED", "ACCEPTED", "ACCEPTED"]); // prettier-ignore
      expect(prove(hybrid, by.es, typ)).toBe("ACCEPTED");
      expect(prove(hybrid, by.pq, typ)).toBe("ACCEPTED");
      expect(prove(hybrid, by.ed, typ)).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
      expect(prove([], by.es, typ)).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED");
      expect(prove(any, bent(by.es), typ)).toBe("NOT_PROVEN");
    }
  });

  it("one signature of an envelope by itself may be of any that is allowed", () => {
    expect(prove(hybrid, ed, "atumpan-envelope")).toBe("ACCEPTED");
    expect(prove(hybrid, es, "atumpan-slip")).toBe("SIGNATURE_MALFORMED");
  });
});
