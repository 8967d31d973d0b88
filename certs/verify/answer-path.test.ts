import { beforeAll, describe, expect, it } from "vitest";

import { makePki, type Pki, pkiNow } from "../../test/kit/pki.ts";
import { renderInstant } from "../../schemas/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";
import { leafProfiles } from "../shape/index.ts";
import { verifyPath } from "../trust/index.ts";
import { answerRequest } from "./answer.ts";
import { answerPath } from "./answer-path.ts";

const text = ({ der }: { readonly der: Bytes }): string => Buffer.from(der).toString("base64");

let pki: Pki;
let good: Record<string, unknown>;

beforeAll(async () => {
  pki = await makePki();
  const { question } = pki;
  good = {
    anchors: question.roots.map(text),
    intermediates: question.intermediates.map(text),
    leaf: text(question.leaf),
    crls: question.crls.map(text),
    at: renderInstant(pkiNow),
    usage: "signing",
  };
});

function ask(change: Record<string, unknown> = {}): string {
  const request = utf8(JSON.stringify({ id: "one", ...good, ...change }));
  const { id, ok, code } = answerRequest(request, answerPath);
  expect(id).toBe("one");
  return ok ? "good" : (code ?? "no code");
}

describe("a path", () => {
  it("is judged as the gateway judges it, for our kinds of leaf and by RFC 5280 alone", () => {
    const { question } = pki;
    const encoded = {
      anchors: question.roots.map(({ der }) => der),
      intermediates: question.intermediates.map(({ der }) => der),
      leaf: question.leaf.der,
      crls: question.crls.map(({ der }) => der),
      at: pkiNow,
    };
    for (const [name, usage] of [["any", "any"], ["signing", "SIGNING"], ["link", "LINK"], ["SEALING", "SEALING"], ["server", "SERVER"]] as const) {
      const answer = verifyPath({ ...encoded, usage });
      expect(ask({ usage: name })).toBe(answer.ok ? "good" : answer.code);
    }
    expect(ask()).toBe("good");
    expect(ask({ usage: "link" })).toBe("CERT_USAGE_NOT_PERMITTED");
  }); // prettier-ignore

  it("has every kind of leaf as a usage", () => {
    for (const kind of Object.keys(leafProfiles)) {
      expect(ask({ usage: kind.toLowerCase() })).not.toBe("REQUEST_INVALID");
    }
    for (const usage of ["", "Signing", "all", "ANY", "constructor", "toString"]) {
      expect(ask({ usage })).toBe("REQUEST_INVALID");
    }
  });

  it("at another time, without a list or with nobody trusted is refused", () => {
    expect(ask({ at: "2020-01-01T00:00:00Z" })).toBe("CERT_NOT_YET_VALID");
    expect(ask({ at: "2036-01-01T00:00:00+03:00" })).toBe("CERT_EXPIRED");
    expect(ask({ crls: [] })).toBe("CERT_STATUS_UNKNOWN");
    expect(ask({ crls: undefined })).toBe("CERT_STATUS_UNKNOWN");
    expect(ask({ anchors: [] })).toBe("CERT_PATH_INVALID");
    expect(ask({ intermediates: undefined })).toBe("CERT_PATH_INVALID");
    expect(ask({ agency: "ng/moc" })).toBe("CERT_NAME_NOT_PERMITTED");
  });

  it("by RFC 5280 is asked about revocation only when there is a list", () => {
    expect(ask({ usage: "any" })).toBe("good");
    expect(ask({ usage: "any", crls: undefined })).toBe("good");
    expect(ask({ usage: "any", crls: [] })).toBe("good");
    expect(ask({ usage: "any", host: { dns: "hub.example" } })).not.toBe("good");
    expect(ask({ usage: "any", purpose: "1.3.6.1.5.5.7.3.1" })).not.toBe("good");
  });
});

describe("a request about a path", () => {
  it("that says more, less or other than is read is refused: nothing is passed over", () => {
    for (const change of [
      { crl: [] }, { leaf: undefined }, { anchors: undefined }, { anchors: "AAAA" }, { anchors: { length: 1 } },
      { leaf: [] }, { usage: undefined }, { usage: ["any"] }, { at: undefined }, { at: 1 }, { crls: null },
      { host: "hub.example" }, { host: { dns: "a", ip: "AAAAAA==" } }, { purpose: "serverAuth" }, { maxIntermediates: -1 },
    ]) {
      expect([change, ask(change)]).toEqual([change, "REQUEST_INVALID"]);
    }
  }); // prettier-ignore

  it("with base64 in another spelling is refused", () => {
    const leaf = String(good["leaf"]);
    const urlsafe = Buffer.from([0xfb, 0xff]).toString("base64url");
    for (const wrong of [`${leaf}\n`, ` ${leaf}`, `${leaf}=`, "AA", "AB==", urlsafe, "A=A=", "\u00e9"]) {
      expect([wrong, ask({ leaf: wrong })]).toEqual([wrong, "BYTES_NOT_CANONICAL"]);
      expect(ask({ crls: [wrong] })).toBe("BYTES_NOT_CANONICAL");
    }
    expect(ask({ leaf: "" })).toBe("CERT_MALFORMED");
  }); // prettier-ignore

  it("with a time that is not one of RFC 3339 is refused; finer fractions are cut off", () => {
    for (const at of ["2026-06-01", "2026-06-01T00:00:00", "2026-02-30T00:00:00Z", "2026-06-01T24:00:00Z", "2026-06-01T00:00:60Z", "2026-06-01 00:00:00Z", "now", "", "1".repeat(100)]) {
      expect([at, ask({ at })]).toEqual([at, "REQUEST_INVALID"]);
    }
    expect(ask({ at: "2026-06-01T00:00:00.123456Z" })).toBe("good");
    expect(ask({ at: "2026-06-01T02:00:00.123456789+02:00" })).toBe("good");
  }); // prettier-ignore
});
