import { describe, expect, it } from "vitest";

import {
  caExtensions,
  certify,
  having,
  madeNames,
  makeHolder,
} from "../../test/vectors/made-chain.ts";
import { caWith, extension, leafWith } from "../../test/kit/general-documents.ts";
import { ascii, hex } from "../../test/kit/octets.ts";
import { renderDer, renderOid } from "./der.ts";
import { readGeneralCertificate } from "./general-certificate.ts";
import { oids } from "./oids.ts";

const root = makeHolder("a root");
const leaf = makeHolder("a leaf");

const malformed = "CERT_MALFORMED";

describe("constraints on names", () => {
  const constrained = (...bases: readonly Uint8Array[]): string =>
    caWith(
      having(
        extension(
          oids.nameConstraints,
          renderDer(0x30, renderDer(0xa0, ...bases.map((base) => renderDer(0x30, base)))),
          true,
        ),
      ),
    );
  const mask = (text: string): Uint8Array => renderDer(0x87, hex(text));

  it("are in the syntax of their form", () => {
    const good = [
      ascii(0x82, "a.example"),
      ascii(0x82, ""),
      ascii(0x86, ".a.example"),
      ascii(0x81, "a@b.example"),
      ascii(0x81, ".b.example"),
      mask("0a000000ff000000"),
      mask("0a000000fffe0000"),
      renderDer(0x87, Buffer.alloc(32)),
      renderDer(0xa4, madeNames()),
      renderDer(0xa3, Buffer.from([])),
    ];
    for (const base of good) expect(constrained(base)).toBe("accepted");
    const bad = [
      ascii(0x82, ".a.example"),
      ascii(0x82, "*.a.example"),
      ascii(0x86, "https://a.example"),
      ascii(0x86, "..a"),
      ascii(0x81, "a@b@c"),
      ascii(0x81, "a b"),
      mask("0a000000ff00ff00"),
      mask("0a00"),
    ];
    for (const base of bad) expect(constrained(base)).toBe(malformed);
  });

  it("are one name each, without a minimum", () => {
    const list = (...subtrees: readonly Uint8Array[]): string =>
      caWith(
        having(
          extension(oids.nameConstraints, renderDer(0x30, renderDer(0xa0, ...subtrees)), true),
        ),
      );
    const base = ascii(0x82, "a.example");
    expect(list(renderDer(0x30, base))).toBe("accepted");
    expect(list(renderDer(0x30, base, renderDer(0x80, Buffer.of(1))))).toBe(malformed);
    expect(list(renderDer(0x30))).toBe(malformed);
    expect(list(renderDer(0x31, base))).toBe(malformed);
  });

  it("more than a thousand in one list are not read", () => {
    const many = Array.from({ length: 1025 }, () => ascii(0x82, ""));
    expect(constrained(...many)).toBe("CERT_TOO_COMPLEX");
  });
});

describe("policies", () => {
  const P1 = renderOid("1.2.3.4.1");
  const bad = (oid: string, value: Uint8Array): void => {
    expect(caWith(having(extension(oid, value, true)))).toBe(malformed);
  };

  it("are identifiers with qualifiers, each once", () => {
    const qualified = renderDer(0x30, renderDer(0x30, P1, renderDer(0x30, P1)));
    expect(leafWith(having(extension(oids.certificatePolicies, qualified)))).toBe("accepted");
    const one = renderDer(0x30, P1);
    bad(oids.certificatePolicies, renderDer(0x30, one, one));
    bad(oids.certificatePolicies, renderDer(0x30));
    bad(oids.certificatePolicies, renderDer(0x30, P1));
    bad(oids.certificatePolicies, renderDer(0x30, renderDer(0x30, P1, P1)));
    bad(
      oids.certificatePolicies,
      renderDer(0x30, renderDer(0x30, P1, renderDer(0x30), renderDer(0x30))),
    );
    bad(oids.certificatePolicies, renderDer(0x30, renderDer(0x30)));
    bad(oids.certificatePolicies, P1);
  });

  it("mappings are pairs, constraints are counts", () => {
    bad(oids.policyMappings, renderDer(0x30));
    bad(oids.policyMappings, renderDer(0x30, renderDer(0x30, P1)));
    bad(oids.policyMappings, renderDer(0x30, renderDer(0x30, P1, P1, P1)));
    bad(oids.policyMappings, renderDer(0x30, renderDer(0x31, P1)));
    bad(oids.policyConstraints, renderDer(0x30));
    bad(oids.policyConstraints, renderDer(0x30, renderDer(0x82, Buffer.of(1))));
    bad(
      oids.policyConstraints,
      renderDer(0x30, renderDer(0x81, Buffer.of(1)), renderDer(0x80, Buffer.of(1))),
    );
    bad(oids.policyConstraints, renderDer(0x30, renderDer(0x80, Buffer.of(0xff))));
    bad(oids.policyConstraints, renderDer(0x30, renderDer(0x80)));
    bad(oids.inhibitAnyPolicy, renderDer(0x30));
    bad(oids.inhibitAnyPolicy, renderDer(0x02, Buffer.of(0xff)));
  });

  it("a count beyond any path is read for what it says", () => {
    const value = renderDer(0x02, hex("7fffffff"));
    const ca = certify(leaf, root, {
      extensions: caExtensions(),
      change: having(extension(oids.inhibitAnyPolicy, value, true)),
    });
    expect(readGeneralCertificate(ca).inhibitAnyPolicy).toBe(65_536);
  });
});

describe("places of lists and information", () => {
  const point = (...fields: readonly Uint8Array[]): string =>
    leafWith(
      having(extension(oids.crlDistributionPoints, renderDer(0x30, renderDer(0x30, ...fields)))),
    );
  const name = renderDer(0xa0, renderDer(0xa0, ascii(0x86, "a://b")));

  it("a distribution point names something, in order and once", () => {
    expect(point(name)).toBe("accepted");
    expect(point(name, renderDer(0x81, hex("0560")))).toBe("accepted");
    expect(point(renderDer(0xa2, renderDer(0xa4, root.name)))).toBe("accepted");
    expect(point()).toBe(malformed);
    expect(point(renderDer(0x81, hex("0560")))).toBe(malformed);
    expect(point(renderDer(0x81, hex("0560")), name)).toBe(malformed);
    expect(point(name, name)).toBe(malformed);
    expect(point(renderDer(0x83, Buffer.of(1)))).toBe(malformed);
    expect(point(renderOid("1.2.3"))).toBe(malformed);
    for (const bits of ["08ff", "05", "00ffffff"]) {
      expect(point(name, renderDer(0x81, hex(bits)))).toBe(malformed);
    }
    expect(point(renderDer(0xa0))).toBe(malformed);
    expect(point(renderDer(0xa0, renderDer(0xa2, ascii(0x86, "a://b"))))).toBe(malformed);
    const both = renderDer(0xa0, ascii(0x86, "a://b"));
    expect(point(renderDer(0xa0, both, both))).toBe(malformed);
  });

  it("there is at least one of them, and at most a thousand", () => {
    const list = (count: number): string => {
      const points = Array.from({ length: count }, () =>
        renderDer(0x30, renderDer(0xa0, renderDer(0xa0, ascii(0x86, "")))),
      );
      return leafWith(having(extension(oids.crlDistributionPoints, renderDer(0x30, ...points))));
    };
    expect(list(0)).toBe(malformed);
    expect(list(1025)).toBe("CERT_TOO_COMPLEX");
    expect(leafWith(having(extension(oids.crlDistributionPoints, name)))).toBe(malformed);
  });

  it("access to information is a list of methods and places", () => {
    const access = (...fields: readonly Uint8Array[]): string =>
      leafWith(
        having(extension(oids.authorityInfoAccess, renderDer(0x30, renderDer(0x30, ...fields)))),
      );
    const method = renderOid("1.3.6.1.5.5.7.48.1");
    const place = ascii(0x86, "a://b");
    expect(access(method, place)).toBe("accepted");
    expect(access(method)).toBe(malformed);
    expect(access(place, method)).toBe(malformed);
    expect(access(method, place, place)).toBe(malformed);
    expect(access(method, renderDer(0x05))).toBe(malformed);
    expect(leafWith(having(extension(oids.authorityInfoAccess, renderDer(0x30))))).toBe(malformed);
    expect(leafWith(having(extension(oids.authorityInfoAccess, method)))).toBe(malformed);
    const asSet = renderDer(0x31, renderDer(0x30, method, place));
    expect(leafWith(having(extension(oids.authorityInfoAccess, asSet)))).toBe(malformed);
  });
});
