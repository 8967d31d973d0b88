import { createPublicKey, sign } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { makePki, makeStrangerKey, pkiNow, replacing } from "../../test/kit/pki.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import type { Certificate } from "./certificate.ts";
import { type Der, parseDer, renderDer, renderOid } from "./der.ts";
import { renderExtension } from "./extensions.ts";
import { oids } from "./oids.ts";
import { parseCertificate } from "./parse-certificate.ts";
import { isSignedBy } from "./signed.ts";

const pki = await makePki({ kind: "LINK" });
const good = pki.leaf.certificate;
const malformed: unknown = expect.objectContaining({ code: "CERT_MALFORMED" });

type Edit = (children: readonly Uint8Array[]) => readonly Uint8Array[];

/** Rewrites what stands at `path` (indexes from the outermost value) by `edit`. */
function rewrite(value: Der, [index, ...rest]: readonly number[], edit: Edit): Uint8Array {
  const children = value.children.map(({ bytes }) => bytes);
  if (index === undefined) return renderDer(value.tag, ...edit(children));
  const child = value.children[index];
  if (child === undefined) throw new Error("no such value");
  return renderDer(
    value.tag,
    ...children.map((bytes, at) => (at === index ? rewrite(child, rest, edit) : bytes)),
  );
}

function edited(path: readonly number[], edit: Edit): () => Certificate {
  return () => parseCertificate(rewrite(parseDer(good.der), path, edit));
}

function replacingAt(index: number, value: Uint8Array): Edit {
  return (children) => children.map((child, at) => (at === index ? value : child));
}

const extensionsAt = [0, 7, 0];
const extension = (oid: string, value: Uint8Array, ...flag: Uint8Array[]): Uint8Array =>
  renderDer(0x30, renderOid(oid), ...flag, renderDer(0x04, value));

function withExtension(oid: string, value: Uint8Array): () => Certificate {
  return edited(extensionsAt, (children) => [
    ...children.filter((child) => !Buffer.from(child).includes(Buffer.from(renderOid(oid)))),
    extension(oid, value),
  ]);
}

function withKey(text: string): () => Certificate {
  return edited([0], replacingAt(6, Buffer.from(text.replaceAll(" ", ""), "hex")));
}

describe("parseCertificate", () => {
  it("reads every field", () => {
    expect(good).toMatchObject({
      thumbprint: sha256(good.der),
      subject: "CN=ng/tcu",
      issuer: "CN=ng issuing",
      notBefore: pkiNow - 864_000_000,
      notAfter: pkiNow + 864_000_000,
      keyType: "P-256",
      isCa: false,
      keyUsage: new Set(["digitalSignature"]),
      extendedKeyUsage: [oids.clientAuth],
      uris: ["spiffe://ng.atumpan/tcu"],
      otherNames: 0,
      authorityKeyId: pki.issuing.certificate.subjectKeyId,
      criticalUnknown: [],
    });
    expect(good.serial).toMatch(/^01[0-9a-f]{32}$/);
    expect(pki.root.certificate).toMatchObject({
      isCa: true,
      pathLength: 1,
      keyUsage: new Set(["keyCertSign", "cRLSign"]),
      nameConstraints: {
        permittedUris: ["ng.atumpan"],
        excludedForms: ["dns", "ip", "ip", "email"],
        hasDirectoryNames: false,
      },
    });
  });

  it("does not change when its reader writes over the bytes it came from", () => {
    const bytes = Buffer.from(good.der);
    const read = parseCertificate(bytes);
    bytes.fill(0);
    expect(Buffer.from(read.der)).toEqual(Buffer.from(good.der));
    expect(Object.isFrozen(read)).toBe(true);
  });

  it("refuses every cut, and anything after the end", () => {
    for (let length = 0; length < good.der.length; length += 1) {
      expect(() => parseCertificate(good.der.subarray(0, length))).toThrow(malformed);
    }
    expect(() => parseCertificate(Buffer.concat([good.der, Buffer.of(0)]))).toThrow(malformed);
  });

  it("refuses more than 8 KiB before it reads any of it", () => {
    expect(() => parseCertificate(Buffer.alloc(8193))).toThrow(/more than 8192 bytes/);
  });

  it("throws nothing but its one code over a certificate with octets changed", () => {
    const change = fc.tuple(fc.nat(good.der.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = Buffer.from(good.der);
        for (const [at, octet] of changes) bytes[at] = octet;
        try {
          parseCertificate(bytes);
        } catch (error) {
          expect(error).toEqual(malformed);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it.each<[string, () => Certificate]>([
    ["another version", edited([0], replacingAt(0, renderDer(0xa0, renderDer(2, Buffer.of(1)))))],
    ["a serial of zero", edited([0], replacingAt(1, renderDer(0x02, Buffer.of(0))))],
    ["a negative serial", edited([0], replacingAt(1, renderDer(0x02, Buffer.of(0x81))))],
    ["a serial of 21 octets", edited([0], replacingAt(1, renderDer(0x02, Buffer.alloc(21, 1))))],
    [
      "two names of the signature algorithm",
      edited([0], replacingAt(2, renderDer(0x30, renderOid("1.2.840.10045.4.3.3")))),
    ],
    [
      "an unknown signature algorithm",
      edited([], replacingAt(1, renderDer(0x30, renderOid("1.2.840.10045.4.3.1")))),
    ],
    [
      "parameters of the signature algorithm",
      edited([], replacingAt(1, renderDer(0x30, renderOid("1.2.840.10045.4.3.2"), renderDer(5)))),
    ],
    [
      "a signature with unused bits",
      edited([], replacingAt(2, renderDer(0x03, Buffer.from("0180", "hex")))),
    ],
    [
      "an attribute of its name with a third value",
      edited([0, 5, 0, 0], (c) => [...c, ...c.slice(1)]),
    ],
    [
      "an attribute of its name whose value is no text",
      edited([0, 3, 0, 0], replacingAt(1, renderDer(0x80, Buffer.from("ng")))),
    ],
    ["an attribute of its name without a value", edited([0, 5, 0, 0], (c) => c.slice(0, 1))],
    ["a part of its name without an attribute", edited([0, 5, 0], () => [])],
    ["a part of its issuer's name that is no set", edited([0, 3], replacingAt(0, renderDer(0x30)))],
    [
      "an extension under another tag",
      edited(extensionsAt, (c) =>
        c.map((one) => Buffer.concat([Buffer.of(0xb0), one.subarray(1)])),
      ),
    ],
    [
      "a name constraint of no form there is",
      withExtension(oids.nameConstraints, Buffer.from("3008a106300485026162", "hex")),
    ],
    ["a fourth field beside its signature", edited([], (c) => [...c, renderDer(5)])],
    [
      "an outermost value that is no sequence",
      () => parseCertificate(renderDer(0xa0, parseDer(good.der).content)),
    ],
    ["a field after the extensions", edited([0], (c) => [...c, renderDer(5)])],
    ["a validity of three times", edited([0, 4], (c) => [...c, ...c.slice(0, 1)])],
    ["two lists of extensions", edited([0, 7], (c) => [...c, ...c])],
    [
      "a CA flag in another spelling",
      withExtension(oids.basicConstraints, Buffer.from("3003010101", "hex")),
    ],
    [
      "name constraints with a third list",
      withExtension(oids.nameConstraints, Buffer.from("300ca00430028600a20430028600", "hex")),
    ],
    [
      "alternative names with something after them",
      withExtension(oids.subjectAltName, Buffer.from("30038601610500", "hex")),
    ],
    ["a validity of one time", edited([0, 4], (children) => children.slice(1))],
    [
      "a unique identifier",
      edited([0], (c) => [...c.slice(0, 7), renderDer(0x81, Buffer.of(0)), ...c.slice(7)]),
    ],
    ["no extensions", edited([0], (children) => children.slice(0, 7))],
    ["an empty list of extensions", edited(extensionsAt, () => [])],
    [
      "an extension twice",
      edited(extensionsAt, (children) => [...children, ...children.slice(0, 1)]),
    ],
    [
      "a spelt-out default",
      edited(extensionsAt, (children) => [
        ...children,
        extension("1.3.6.1.4.1.55555.2", renderDer(5), renderDer(1, Buffer.of(0))),
      ]),
    ],
    ["key usage without a usage", withExtension(oids.keyUsage, Buffer.from("030100", "hex"))],
    ["key usage with padding zeros", withExtension(oids.keyUsage, Buffer.from("03020080", "hex"))],
    [
      "an extension with something after it",
      withExtension(oids.keyUsage, Buffer.from("030207800500", "hex")),
    ],
    [
      "a path length of no CA",
      withExtension(oids.basicConstraints, Buffer.from("3003020100", "hex")),
    ],
    ["a spelt-out no CA", withExtension(oids.basicConstraints, Buffer.from("3003010100", "hex"))],
    [
      "a negative path length",
      withExtension(oids.basicConstraints, Buffer.from("30060101ff0201ff", "hex")),
    ],
    [
      "no alternative name in the list of them",
      withExtension(oids.subjectAltName, Buffer.from("3000", "hex")),
    ],
    [
      "no purpose in the list of them",
      withExtension(oids.extendedKeyUsage, Buffer.from("3000", "hex")),
    ],
    ["empty name constraints", withExtension(oids.nameConstraints, Buffer.from("3000", "hex"))],
    [
      "an empty list of subtrees",
      withExtension(oids.nameConstraints, Buffer.from("3002a000", "hex")),
    ],
    [
      "a subtree with a minimum",
      withExtension(oids.nameConstraints, Buffer.from("3009a00730058200800101", "hex")),
    ],
    [
      "excluded subtrees before permitted ones",
      withExtension(oids.nameConstraints, Buffer.from("300ca10430028200a00430028200", "hex")),
    ],
    [
      "an extension that is not of its type",
      withExtension(oids.keyUsage, Buffer.from("0500", "hex")),
    ],
  ])("refuses %s", (_, parse) => {
    expect(parse).toThrow(malformed);
  });

  it("refuses keys of other kinds, and other spellings of ours", () => {
    const compressed = `3039 301306072a8648ce3d020106082a8648ce3d030107 032200 02${"11".repeat(32)}`;
    const offCurve = `3059 301306072a8648ce3d020106082a8648ce3d030107 034200 04${"11".repeat(64)}`;
    const rsa = "301a 300d06092a864886f70d0101010500 0309 00 3006020101020103";
    const x448 = `3042 300506032b656f 033900 ${"11".repeat(56)}`;
    const long = `302b 300506032b656e 032200 ${"11".repeat(33)}`;
    for (const text of [compressed, offCurve, rsa, x448, long])
      expect(withKey(text)).toThrow(malformed);
  });

  it("counts every alternative name that is not a URI", async () => {
    const names = Buffer.from(
      "3012 8201 61 8704 7f000001 8101 61 8604 61 3a 2f 2f".replaceAll(" ", ""),
      "hex",
    );
    const value = { oid: oids.subjectAltName, critical: false, value: names };
    const { leaf } = await makePki({ leaf: { extensions: replacing(value) } });
    expect(leaf.certificate).toMatchObject({ uris: ["a://"], otherNames: 3 });
  });

  it("tells critical extensions that it does not act on", async () => {
    const value = { ...renderExtension.crlNumber(1), critical: true };
    const { leaf } = await makePki({ leaf: { extensions: replacing(value) } });
    expect(leaf.certificate.criticalUnknown).toEqual([oids.crlNumber]);
  });
});

describe("isSignedBy", () => {
  it("a key signs in the algorithm of its own kind and in no other, whatever the name says", () => {
    const other = renderDer(0x30, renderOid("1.2.840.10045.4.3.3"));
    const outer = parseDer(good.der);
    const tbs = rewrite(outer.children[0]!, [], replacingAt(2, other));
    const signature = sign("sha256", tbs, pki.issuing.key);
    const bits = renderDer(0x03, Buffer.of(0), signature);
    const renamed = parseCertificate(renderDer(0x30, tbs, other, bits));
    expect(isSignedBy(renamed, pki.issuing.certificate)).toBe(false);
    expect(isSignedBy(good, pki.issuing.certificate)).toBe(true);
  });

  it("remembers a yes for the signer that it was found for only", () => {
    expect(isSignedBy(good, pki.issuing.certificate)).toBe(true);
    expect(isSignedBy(good, pki.root.certificate)).toBe(false);
    expect(isSignedBy(good, pki.issuing.certificate)).toBe(true);
  });

  it("remembers it for exactly what was signed, by exactly the key that verified", () => {
    const issuer = pki.issuing.certificate;
    expect(isSignedBy(good, issuer)).toBe(true);
    const tbs = Buffer.from(good.tbs);
    tbs[tbs.length - 1]! ^= 1;
    expect(isSignedBy({ ...good, tbs }, issuer)).toBe(false);
    expect(isSignedBy({ ...good, signature: good.signature.subarray(1) }, issuer)).toBe(false);
    expect(isSignedBy({ ...good, tbs: good.tbs.subarray(1) }, issuer)).toBe(false);
    // what stands beside a key is not the key
    const { spki, publicKey } = pki.root.certificate;
    expect(isSignedBy(good, { ...issuer, publicKey })).toBe(false);
    expect(isSignedBy(good, { ...issuer, spki })).toBe(true);
  });

  it("knows the document again when it is read anew, and a key that came another way", () => {
    expect(isSignedBy(parseCertificate(good.der), pki.issuing.certificate)).toBe(true);
    const key = Buffer.from(pki.issuing.certificate.spki);
    const publicKey = createPublicKey({ key, format: "der", type: "spki" });
    expect(isSignedBy(good, { ...pki.issuing.certificate, publicKey })).toBe(true);
    const stranger = createPublicKey(makeStrangerKey());
    expect(isSignedBy(good, { ...pki.issuing.certificate, publicKey: stranger })).toBe(false);
  });
});
