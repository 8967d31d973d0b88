import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { codeOf, codeOfPath } from "../../test/kit/code-of.ts";
import { day, makeCrl, makePki, type Pki, type PkiChange, pkiNow } from "../../test/kit/pki.ts";
import { inZone } from "../../test/kit/time-zone.ts";
import { certify, leafExtensions, makeHolder } from "../../test/vectors/made-chain.ts";
import {
  parseCertificate,
  parseCrl,
  readGeneralCertificate,
  readGeneralCrl,
  renderDer,
} from "../shape/index.ts";
import { makePathCache } from "./path-cache.ts";
import { proveLeaf } from "./path.ts";
import type { PathUsage } from "./verify-path.ts";

/** Moments at which a clock, a calendar or a spelling turns over; certificates tell whole seconds. */
const edges: readonly number[] = [
  Date.UTC(1999, 11, 31, 23, 59, 59),
  Date.UTC(2000, 1, 29),
  // a leap second followed
  Date.UTC(2016, 11, 31, 23, 59, 59),
  Date.UTC(2017, 0, 1),
  pkiNow,
  // clocks of 31 bits end, and the second after
  Date.UTC(2038, 0, 19, 3, 14, 7),
  Date.UTC(2038, 0, 19, 3, 14, 8),
  // UTCTime ends, GeneralizedTime begins: RFC 5280 §4.1.2.5
  Date.UTC(2049, 11, 31, 23, 59, 59),
  Date.UTC(2050, 0, 1),
  // clocks of 32 bits end
  Date.UTC(2106, 1, 7, 6, 28, 15),
];
const moment = fc.constantFrom(...edges);

/** Every document good for ten days round `about`. */
function timesAround(about: number): PkiChange {
  const period = { notBefore: about - 10 * day, notAfter: about + 10 * day };
  const list = { thisUpdate: about - day, nextUpdate: about + day };
  return { root: period, issuing: period, leaf: period, rootCrl: list, issuingCrl: list };
}

/** A good PKI round `about` in which one time of one document is `about` itself. */
async function makeEdge(
  about: number,
  document: keyof PkiChange,
  field: string,
): Promise<Pki["question"]> {
  const around = timesAround(about);
  const usual = around[document];
  const change = { ...around, [document]: { ...Object(usual), [field]: about } };
  const { question } = await makePki(change);
  return { ...question, at: about };
}

function ownCode(question: Pki["question"], at: number): string {
  return codeOf(() => proveLeaf({ ...question, at }));
}

function codeFor(question: Pki["question"], at: number, usage: PathUsage): string {
  const { leaf, intermediates, roots, crls } = question;
  return codeOfPath({
    leaf: leaf.der,
    intermediates: intermediates.map(({ der }) => der),
    anchors: roots.map(({ der }) => der),
    crls: crls.map(({ der }) => der),
    at,
    usage,
  });
}

const certificates = fc.constantFrom("root", "issuing", "leaf");
const lists = fc.constantFrom("rootCrl", "issuingCrl");
const few = { numRuns: 25 };

describe("T-16: what is decided turns exactly at the boundary", () => {
  it("a certificate holds from its first millisecond", async () => {
    await fc.assert(
      fc.asyncProperty(moment, certificates, async (at, which) => {
        const question = await makeEdge(at, which, "notBefore");
        for (const usage of ["SIGNING", "any"] as const) {
          expect(codeFor(question, at - 1, usage)).toBe("CERT_NOT_YET_VALID");
          expect(codeFor(question, at, usage)).toBe("accepted");
          expect(codeFor(question, at + 1, usage)).toBe("accepted");
        }
      }),
      few,
    );
  });

  it("a certificate holds until its last moment: ours to the millisecond, RFC 5280 to the second", async () => {
    await fc.assert(
      fc.asyncProperty(moment, certificates, async (at, which) => {
        const question = await makeEdge(at, which, "notAfter");
        expect(ownCode(question, at - 1)).toBe("accepted");
        expect(ownCode(question, at)).toBe("accepted");
        expect(ownCode(question, at + 1)).toBe("CERT_EXPIRED");
        expect(codeFor(question, at + 999, "any")).toBe("accepted");
        expect(codeFor(question, at + 1000, "any")).toBe("CERT_EXPIRED");
      }),
      few,
    );
  });

  it("a list speaks from the moment it was made", async () => {
    await fc.assert(
      fc.asyncProperty(moment, lists, async (at, which) => {
        const question = await makeEdge(at, which, "thisUpdate");
        for (const usage of ["SIGNING", "any"] as const) {
          expect(codeFor(question, at - 1, usage)).toBe("CERT_STATUS_UNKNOWN");
          expect(codeFor(question, at, usage)).toBe("accepted");
        }
      }),
      few,
    );
  });

  it("a silent list is believed until the next is due", async () => {
    await fc.assert(
      fc.asyncProperty(moment, lists, async (at, which) => {
        const question = await makeEdge(at, which, "nextUpdate");
        expect(ownCode(question, at)).toBe("accepted");
        expect(ownCode(question, at + 1)).toBe("CERT_STATUS_UNKNOWN");
        expect(codeFor(question, at + 999, "any")).toBe("accepted");
        expect(codeFor(question, at + 1000, "any")).toBe("CERT_STATUS_UNKNOWN");
      }),
      few,
    );
  });

  it("a revocation counts from the moment its list was made, and for ever after", async () => {
    await fc.assert(
      fc.asyncProperty(moment, async (at) => {
        const { question, issuing, leaf } = await makePki(timesAround(at));
        const listing = { thisUpdate: at, nextUpdate: at + 1000, lists: true };
        const crls = [...question.crls, await makeCrl(issuing, leaf.certificate, listing)];
        const asked = { ...question, crls };
        expect(ownCode(asked, at - 1)).toBe("accepted");
        expect(ownCode(asked, at)).toBe("CERT_REVOKED");
        expect(ownCode(asked, at + 1001)).toBe("CERT_REVOKED");
      }),
      few,
    );
  });

  it("a kept proof is used up to its last moment, and the first after it is judged anew", async () => {
    await fc.assert(
      fc.asyncProperty(moment, async (at) => {
        const question = await makeEdge(at, "leaf", "notAfter");
        const { roots, intermediates, crls } = question;
        const asked = {
          ...question,
          leaf: question.leaf.der,
          roots: roots.map(({ der }) => der),
          intermediates: intermediates.map(({ der }) => der),
          crls: crls.map(({ der }) => der),
        };
        const cache = makePathCache();
        const proof = cache.prove({ ...asked, at: at - 1 }, "1");
        expect(proof.holds.until).toBe(at);
        expect(cache.prove(asked, "1")).toBe(proof);
        expect(codeOf(() => cache.prove({ ...asked, at: at + 1 }, "1"))).toBe("CERT_EXPIRED");
      }),
      few,
    );
  });
});

describe("T-16: a clock that lies", () => {
  it("ten years back and four hundred days ahead refuse, and nothing is locked out once it is right", async () => {
    const { question } = await makePki();
    const { roots, intermediates, crls } = question;
    const asked = {
      ...question,
      leaf: question.leaf.der,
      roots: roots.map(({ der }) => der),
      intermediates: intermediates.map(({ der }) => der),
      crls: crls.map(({ der }) => der),
    };
    const cache = makePathCache();
    const ask = (at: number): string => codeOf(() => cache.prove({ ...asked, at }, "1"));
    for (const [lie, code] of [
      [-3653 * day, "CERT_NOT_YET_VALID"],
      [400 * day, "CERT_EXPIRED"],
      [-Number.MAX_SAFE_INTEGER, "CERT_NOT_YET_VALID"],
      [Number.MAX_SAFE_INTEGER, "CERT_EXPIRED"],
    ] as const) {
      expect(ask(pkiNow + lie)).toBe(code);
      expect(ask(pkiNow)).toBe("accepted");
      expect(ask(pkiNow + lie)).toBe(code);
    }
  });

  it("no moment at all refuses", async () => {
    const { question } = await makePki();
    for (const at of [Number.NaN, Infinity, -Infinity]) {
      expect(codeFor(question, at, "any")).toBe("CERT_NOT_YET_VALID");
      expect(codeFor(question, at, "SIGNING")).toBe("CERT_NOT_YET_VALID");
    }
  });

  it("the hour that a summer time takes or gives changes nothing", async () => {
    // clocks of Cairo go forward on 2026-04-24 and back on 2026-10-30
    const question = await makeEdge(Date.UTC(2026, 9, 29, 21), "leaf", "notAfter");
    const decide = (): readonly string[] =>
      [-1, 0, 1, 3_599_999].map((by) => codeFor(question, question.at + by, "SIGNING"));
    expect(inZone("America/New_York", () => new Date(0).getHours())).toBe(19);
    for (const zone of ["UTC", "Africa/Cairo", "Africa/Casablanca", "America/New_York"]) {
      expect(inZone(zone, decide)).toEqual([
        "accepted",
        "accepted",
        "CERT_EXPIRED",
        "CERT_EXPIRED",
      ]);
    }
  });
});

describe("T-16: how a time is spelt", () => {
  const utc = (text: string): Uint8Array => renderDer(0x17, Buffer.from(text));
  const general = (text: string): Uint8Array => renderDer(0x18, Buffer.from(text));
  const root = makeHolder("a root");
  const certificate = (from: Uint8Array, until: Uint8Array): Uint8Array =>
    certify(makeHolder("a leaf"), root, {
      extensions: leafExtensions,
      change: { fields: (fields) => fields.with(4, renderDer(0x30, from, until)) },
    });
  const start = utc("260101000000Z");

  it("UTCTime ends with 2049: 49 is 2049 and 50 is 1950", () => {
    for (const read of [parseCertificate, readGeneralCertificate]) {
      expect(read(certificate(start, utc("491231235959Z"))).notAfter).toBe(
        Date.UTC(2049, 11, 31, 23, 59, 59),
      );
      expect(read(certificate(start, utc("500101000000Z"))).notAfter).toBe(Date.UTC(1950, 0));
      expect(read(certificate(start, general("20500101000000Z"))).notAfter).toBe(Date.UTC(2050, 0));
      expect(read(certificate(start, general("99991231235959Z"))).notAfter).toBe(
        Date.UTC(9999, 11, 31, 23, 59, 59),
      );
    }
  });

  it("GeneralizedTime before 2050 is not ours; who reads RFC 5280 takes it as it stands", () => {
    const der = certificate(start, general("20491231235959Z"));
    expect(codeOf(() => parseCertificate(der))).toBe("CERT_MALFORMED");
    expect(readGeneralCertificate(der).notAfter).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
  });

  it("a leap second, an hour of 24, a day or month that is not, and parts of a second are refused", () => {
    const bad = [
      utc("161231235960Z"),
      utc("160630235960Z"),
      utc("260101240000Z"),
      utc("260229000000Z"),
      utc("261301000000Z"),
      utc("260100000000Z"),
      utc("2601010000Z"),
      utc("260101000000+0000"),
      general("20500101000060Z"),
      general("20500101000000.5Z"),
      general("21000229000000Z"),
      general("205001010000Z"),
      renderDer(0x0c, Buffer.from("260101000000Z")),
    ];
    for (const time of bad) {
      for (const read of [parseCertificate, readGeneralCertificate]) {
        expect(codeOf(() => read(certificate(time, time)))).toBe("CERT_MALFORMED");
      }
    }
  });

  it("a list's times are read by the same rules", async () => {
    for (const about of edges) {
      const { question } = await makePki(timesAround(about));
      for (const { der, thisUpdate, nextUpdate } of question.crls) {
        expect([thisUpdate, nextUpdate]).toEqual([about - day, about + day]);
        expect(parseCrl(der)).toMatchObject({ thisUpdate, nextUpdate });
        expect(readGeneralCrl(der)).toMatchObject({ thisUpdate, nextUpdate });
      }
    }
  });
});
