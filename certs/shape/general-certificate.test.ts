import { generateKeyPairSync } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  caExtensions,
  certify,
  type Change,
  having,
  lacking,
  leafExtensions,
  madeName,
  madeNames,
  madeTime,
  makeHolder,
} from "../../test/vectors/made-chain.ts";
import {
  caWith,
  codeOfCertificate,
  extension,
  leafWith,
} from "../../test/kit/general-documents.ts";
import { ascii, hex } from "../../test/kit/octets.ts";
import { parseDer, renderDer, renderOid } from "./der.ts";
import { type ExtensionValue, renderExtension } from "./extensions.ts";
import { readGeneralCertificate } from "./general-certificate.ts";
import { oids } from "./oids.ts";

const root = makeHolder("a root");
const leaf = makeHolder("a leaf");

const malformed = "CERT_MALFORMED";
const outside = "CERT_OUTSIDE_PROFILE";

const altNames = (...names: readonly Uint8Array[]): ExtensionValue =>
  extension(oids.subjectAltName, renderDer(0x30, ...names));

describe("readGeneralCertificate", () => {
  const good = certify(leaf, root, {
    extensions: leafExtensions,
    change: having(altNames(ascii(0x82, "a.example"), ascii(0x86, "a://b"))),
  });

  it("reads every field", () => {
    expect(readGeneralCertificate(good)).toMatchObject({
      scheme: "ecdsa-sha256",
      keyType: "P-256",
      isCa: false,
      isSelfIssued: false,
      policies: undefined,
      policyMappings: [],
      keyUsage: new Set(["digitalSignature"]),
      names: [
        { form: "dns", text: "a.example" },
        { form: "uri", text: "a://b" },
      ],
      criticalUnknown: [],
    });
    const ca = readGeneralCertificate(certify(root, root, { extensions: caExtensions(3) }));
    expect(ca).toMatchObject({ isCa: true, isSelfIssued: true, pathLength: 3 });
  });

  it("throws nothing but its codes over octets changed", () => {
    const change = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = Buffer.from(good);
        for (const [at, octet] of changes) bytes[at] = octet;
        expect(codeOfCertificate(bytes)).toMatch(
          /^(?:accepted|CERT_MALFORMED|CERT_OUTSIDE_PROFILE|CERT_TOO_COMPLEX)$/,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses more than 16 KiB before it reads any of it", () => {
    expect(() => readGeneralCertificate(Buffer.alloc(16_385))).toThrow(/more than 16384 bytes/);
  });

  it("times may be of either type, whatever the year", () => {
    const early = renderDer(0x18, Buffer.from("20200101000000Z"));
    const period = (...times: readonly Uint8Array[]): Change => ({
      fields: (fields) => fields.with(4, renderDer(0x30, ...times)),
    });
    expect(leafWith(period(early, madeTime(Date.UTC(2060, 0, 1))))).toBe("accepted");
    expect(leafWith(period(early))).toBe(malformed);
    expect(leafWith(period(early, early, early))).toBe(malformed);
    expect(leafWith(period(early, renderDer(0x02, Buffer.of(1))))).toBe(malformed);
  });

  it("unique identifiers are passed over, in their order", () => {
    const id = (tag: number): Uint8Array => renderDer(tag, Buffer.of(0, 1));
    const withIds = (...ids: readonly Uint8Array[]): Change => ({
      fields: (fields) => [...fields.slice(0, 7), ...ids, ...fields.slice(7)],
    });
    expect(leafWith(withIds(id(0x81)))).toBe("accepted");
    expect(leafWith(withIds(id(0x82)))).toBe("accepted");
    expect(leafWith(withIds(id(0x81), id(0x82)))).toBe("accepted");
    expect(leafWith(withIds(id(0x82), id(0x81)))).toBe(malformed);
    expect(leafWith(withIds(id(0x84)))).toBe(malformed);
  });

  it("refuses another version, no extensions, and two lists of them", () => {
    const version = renderDer(0xa0, renderDer(0x02, Buffer.of(1)));
    expect(leafWith({ fields: (fields) => fields.with(0, version) })).toBe(malformed);
    expect(leafWith({ fields: (fields) => fields.slice(1) })).toBe(malformed);
    expect(leafWith({ fields: (fields) => fields.slice(0, 7) })).toBe(malformed);
    const list = renderDer(0x30, parseDer(hex("300c0603551d0f04050303078000")).bytes);
    expect(leafWith({ fields: (fields) => fields.with(7, renderDer(0xa3, list, list)) })).toBe(
      malformed,
    );
  });
});

describe("signature algorithms", () => {
  it("SHA-1, MD5, DSA and parameters of our own making are outside", () => {
    for (const [oid, ...parameters] of [
      ["1.2.840.10045.4.1"],
      ["1.2.840.10045.4.3.1"],
      ["1.2.840.113549.1.1.5", renderDer(5)],
      ["1.2.840.113549.1.1.4", renderDer(5)],
      ["1.2.840.113549.1.1.11"],
      ["1.2.840.10045.4.3.2", renderDer(5)],
      ["1.2.840.10040.4.3"],
      ["1.2.840.113549.1.1.10", renderDer(0x30)],
    ] as const) {
      expect(leafWith({ identifier: renderDer(0x30, renderOid(oid), ...parameters) })).toBe(
        outside,
      );
    }
  });

  it("one that is named in two ways is refused", () => {
    const other = renderDer(0x30, renderOid("1.2.840.10045.4.3.3"));
    expect(leafWith({ fields: (fields) => fields.with(2, other) })).toBe(malformed);
  });
});

describe("keys", () => {
  const withKey = (spki: Uint8Array): string =>
    leafWith({ fields: (fields) => fields.with(6, spki) });
  const rsa = (
    modulus: Uint8Array,
    exponent: Uint8Array,
    ...more: readonly Uint8Array[]
  ): Uint8Array => {
    const key = renderDer(0x30, renderDer(0x02, modulus), renderDer(0x02, exponent), ...more);
    return renderDer(
      0x30,
      hex("300d06092a864886f70d0101010500"),
      renderDer(0x03, Buffer.of(0), key),
    );
  };
  const modulus = (bits: number): Uint8Array =>
    Buffer.concat([Buffer.of(0), Buffer.alloc(bits / 8, 0xff)]);
  const f4 = hex("010001");

  it("RSA has 2,048 to 8,192 bits in whole octets, and an odd exponent from 65,537 of at most 32 bits", () => {
    expect(withKey(rsa(modulus(2048), f4))).toBe("accepted");
    expect(withKey(rsa(modulus(8192), hex("00ffffffff")))).toBe("accepted");
    expect(withKey(rsa(modulus(2040), f4))).toBe(outside);
    expect(withKey(rsa(modulus(8200), f4))).toBe(outside);
    expect(withKey(rsa(Buffer.alloc(257, 0x7f), f4))).toBe(outside);
    for (const exponent of ["03", "010000", "010002", "0100000001", "00ffffffffff"]) {
      expect(withKey(rsa(modulus(2048), hex(exponent)))).toBe(outside);
    }
    expect(withKey(rsa(modulus(2048), f4, renderDer(0x02, Buffer.of(1))))).toBe(malformed);
  });

  it("curves are named and points uncompressed, on their curve", () => {
    const point = (curve: string, octets: string): Uint8Array =>
      renderDer(0x30, hex(curve), renderDer(0x03, hex(`00${octets}`)));
    const p256 = "301306072a8648ce3d020106082a8648ce3d030107";
    expect(withKey(point(p256, `02${"11".repeat(32)}`))).toBe(outside);
    expect(withKey(point(p256, `04${"11".repeat(64)}`))).toBe(malformed);
    expect(withKey(point("301306072a8648ce3d020106082a8648ce3d030101", "04"))).toBe(outside);
    expect(withKey(renderDer(0x30, hex(p256)))).toBe(malformed);
  });

  it("of other kinds are outside", () => {
    for (const kind of ["x448", "ed448"] as const) {
      const { publicKey } =
        kind === "x448" ? generateKeyPairSync("x448") : generateKeyPairSync("ed448");
      expect(withKey(publicKey.export({ format: "der", type: "spki" }))).toBe(outside);
    }
  });
});

describe("names", () => {
  const named = (subject: Uint8Array): string =>
    codeOfCertificate(certify({ ...leaf, name: subject }, root, { extensions: leafExtensions }));

  it("are lists of sets of attributes, each of one text that we compare", () => {
    const attribute = (...fields: readonly Uint8Array[]): Uint8Array =>
      renderDer(0x30, renderDer(0x31, renderDer(0x30, ...fields)));
    const cn = renderOid("2.5.4.3");
    expect(named(madeNames(madeName("é")))).toBe("accepted");
    expect(named(attribute(cn, ascii(0x1a, "visible")))).toBe(outside);
    expect(named(attribute(cn, hex("1e020041")))).toBe(outside);
    expect(named(attribute(cn))).toBe(malformed);
    expect(named(attribute(cn, ascii(0x0c, "a"), ascii(0x0c, "b")))).toBe(malformed);
    expect(named(attribute(ascii(0x0c, "a"), ascii(0x0c, "b")))).toBe(malformed);
    expect(named(renderDer(0x30, renderDer(0x31)))).toBe(malformed);
    expect(named(renderDer(0x30, renderDer(0x30)))).toBe(malformed);
  });

  it("alternative names are in the syntax of their form", () => {
    const good = [
      ascii(0x82, "*.a-b.example"),
      ascii(0x81, "*@a.example"),
      ascii(0x86, "urn:a"),
      renderDer(0x87, Buffer.alloc(16)),
      renderDer(0xa4, madeNames(madeName("x"))),
      renderDer(0x88, Buffer.of(0x2a)),
    ];
    for (const name of good) expect(leafWith(having(altNames(name)))).toBe("accepted");
    const bad = [
      ...[
        "",
        ".a.example",
        "a..example",
        "a_b.example",
        "10.0.0.1",
        "a.*.example",
        "-a",
        "a-",
        "a.",
      ].map((text) => ascii(0x82, text)),
      ...["a", "a@", "@a", "a@b@c", "a b@c", '"a"@b.c', "a@b_c"].map((text) => ascii(0x81, text)),
      ...["", "a", ":a", "1:a", "a:"].map((text) => ascii(0x86, text)),
      renderDer(0x87, Buffer.alloc(5)),
      renderDer(0x82, Buffer.of(0xe9)),
      renderDer(0x82, Buffer.of(0x61, 0x00)),
      renderDer(0xa4, madeNames(madeName("x")), madeNames(madeName("y"))),
      renderDer(0x89, Buffer.of(1)),
    ];
    for (const name of bad) expect(leafWith(having(altNames(name)))).toBe(malformed);
  });

  it("more than a thousand in one list are not read", () => {
    const many = Array.from({ length: 1025 }, () => ascii(0x82, "a.example"));
    expect(leafWith(having(altNames(...many)))).toBe("CERT_TOO_COMPLEX");
  });

  it("a certificate without a subject bears critical alternative names, one with a subject does not", () => {
    const nameless = (change: Change): string =>
      codeOfCertificate(
        certify({ ...leaf, name: madeNames() }, root, { extensions: leafExtensions, change }),
      );
    const names = altNames(ascii(0x82, "a.example"));
    expect(nameless(having({ ...names, critical: true }))).toBe("accepted");
    expect(nameless(having(names))).toBe(malformed);
    expect(nameless({})).toBe(malformed);
    expect(leafWith(having({ ...names, critical: true }))).toBe(malformed);
  });

  it("an issuer has a name, and so has a CA", () => {
    expect(leafWith({ issuerName: madeNames() })).toBe(malformed);
    const ca = certify({ ...leaf, name: madeNames() }, root, {
      extensions: caExtensions(),
      change: having({ ...altNames(ascii(0x82, "a.example")), critical: true }),
    });
    expect(codeOfCertificate(ca)).toBe(malformed);
  });
});

describe("what RFC 5280 asks of extensions", () => {
  const none = renderDer(0x30);
  const count = renderDer(0x02, Buffer.of(0));
  const limits = extension(oids.nameConstraints, hex("3009 a007 3005 8203 612e62"), true);

  it("some are never critical", () => {
    const id = renderExtension.subjectKeyId(leaf.keyId);
    const access = renderDer(0x30, renderOid("1.3.6.1.5.5.7.48.1"), ascii(0x86, "a://b"));
    const places = renderDer(0x30, access);
    for (const one of [
      id,
      renderExtension.authorityKeyId(root.keyId),
      renderExtension.extendedKeyUsage([oids.serverAuth]),
      extension(oids.authorityInfoAccess, places),
      extension(oids.subjectInfoAccess, places),
    ]) {
      expect(leafWith(having(one))).toBe("accepted");
      expect(leafWith(having({ ...one, critical: true }))).toBe(malformed);
    }
  });

  it("some are always critical, and stand in CAs only", () => {
    for (const one of [limits, extension(oids.inhibitAnyPolicy, count, true)]) {
      expect(caWith(having(one))).toBe("accepted");
      expect(caWith(having({ ...one, critical: false }))).toBe(malformed);
      expect(leafWith(having(one))).toBe(malformed);
    }
  });

  it("key usage and basic constraints agree", () => {
    const signs = renderExtension.keyUsage(["keyCertSign"]);
    const lists = renderExtension.keyUsage(["cRLSign"]);
    const flagAlone = extension(oids.basicConstraints, renderDer(0x30, hex("0101ff")), true);
    expect(leafWith(having(signs))).toBe(malformed);
    expect(caWith(having(renderExtension.keyUsage(["digitalSignature"]), flagAlone))).toBe(
      malformed,
    );
    expect(caWith(having(lists, flagAlone))).toBe("accepted");
    expect(caWith(having(lists))).toBe(malformed);
    expect(caWith(lacking(oids.keyUsage))).toBe("accepted");
    expect(leafWith(having(extension(oids.basicConstraints, none)))).toBe("accepted");
  });

  it("a path length beyond any path is read for what it says", () => {
    const long = renderDer(0x30, hex("0101ff"), renderDer(0x02, hex("0100000000")));
    const ca = certify(leaf, root, {
      extensions: caExtensions(),
      change: having(extension(oids.basicConstraints, long, true)),
    });
    expect(readGeneralCertificate(ca).pathLength).toBe(65_536);
  });

  it("key identifiers are there, and by themselves", () => {
    expect(leafWith(lacking(oids.authorityKeyId))).toBe(outside);
    expect(caWith(lacking(oids.subjectKeyId))).toBe(outside);
    const serial = renderDer(0x82, Buffer.of(1));
    const issuer = renderDer(0xa1, renderDer(0xa4, root.name));
    const id = renderDer(0x80, root.keyId);
    const aki = (...fields: readonly Uint8Array[]) =>
      having(extension(oids.authorityKeyId, renderDer(0x30, ...fields)));
    expect(leafWith(aki(id))).toBe("accepted");
    expect(leafWith(aki(id, issuer, serial))).toBe(outside);
    expect(leafWith(aki(issuer, serial))).toBe(outside);
    expect(leafWith(aki())).toBe(outside);
    expect(leafWith(aki(serial, id))).toBe(malformed);
    expect(leafWith(aki(renderDer(0x83, Buffer.of(1))))).toBe(malformed);
    expect(leafWith(having(extension(oids.authorityKeyId, serial)))).toBe(malformed);
    expect(leafWith(having(extension(oids.subjectKeyId, count)))).toBe(malformed);
  });

  it("a serial number is positive and has at most 20 octets", () => {
    expect(leafWith({ serial: Buffer.alloc(20, 1) })).toBe("accepted");
    for (const serial of [Buffer.of(0), Buffer.of(0x80), Buffer.alloc(21, 1)]) {
      expect(leafWith({ serial })).toBe(malformed);
    }
  });
});
