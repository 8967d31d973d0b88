import { describe, expect, it } from "vitest";

import { makeCrl, makePki, pkiNow, replacing, without } from "../../test/kit/pki.ts";
import type { Crl } from "./certificate.ts";
import { parseDer, renderDer, renderOid } from "./der.ts";
import { oids } from "./oids.ts";
import { parseCrl } from "./parse-crl.ts";

const pki = await makePki();
const good = await makeCrl(pki.issuing, pki.leaf.certificate, { lists: true });
const malformed: unknown = expect.objectContaining({ code: "CERT_MALFORMED" });

function withFields(edit: (fields: readonly Uint8Array[]) => readonly Uint8Array[]): () => Crl {
  const outer = parseDer(good.der);
  const [body, ...rest] = outer.children;
  const fields = body?.children.map(({ bytes }) => bytes) ?? [];
  const der = renderDer(0x30, renderDer(0x30, ...edit(fields)), ...rest.map(({ bytes }) => bytes));
  return () => parseCrl(der);
}

function withEntries(...entries: readonly Uint8Array[]): () => Crl {
  return withFields((fields) =>
    fields.map((one, at) => (at === 5 ? renderDer(0x30, ...entries) : one)),
  );
}

function entry(serial: number, ...extensions: readonly Uint8Array[]): Uint8Array {
  const time = renderDer(0x17, Buffer.from("260530000000Z"));
  const list = extensions.length === 0 ? [] : [renderDer(0x30, ...extensions)];
  return renderDer(0x30, renderDer(0x02, Buffer.of(serial)), time, ...list);
}

function reason(code: number, tag = 0x0a): Uint8Array {
  const value = renderDer(0x04, renderDer(tag, Buffer.of(code)));
  return renderDer(0x30, renderOid(oids.reasonCode), value);
}

describe("parseCrl", () => {
  it("reads every field", () => {
    expect(good).toMatchObject({
      thisUpdate: pkiNow - 86_400_000,
      nextUpdate: pkiNow + 86_400_000,
      crlNumber: "01",
      authorityKeyId: pki.issuing.certificate.subjectKeyId,
      criticalUnknown: [],
    });
    const at = pkiNow - 2 * 86_400_000;
    expect([...good.revoked]).toEqual([[pki.leaf.certificate.serial, { at, reason: 1 }]]);
  });

  it("reads a list of nothing", async () => {
    const empty = await makeCrl(pki.issuing, pki.leaf.certificate, {});
    expect(empty.revoked.size).toBe(0);
  });

  it("tells critical extensions, of the list and of an entry", async () => {
    const part = replacing({ oid: "2.5.29.28", critical: true, value: renderDer(0x30) });
    const partial = await makeCrl(pki.issuing, pki.leaf.certificate, { extensions: part });
    expect(partial.criticalUnknown).toEqual(["2.5.29.28"]);
    const issuer = renderDer(
      0x30,
      renderOid("2.5.29.29"),
      renderDer(0x01, Buffer.of(0xff)),
      renderDer(0x04, renderDer(0x30)),
    );
    expect(withEntries(entry(5, issuer))().criticalUnknown).toEqual(["2.5.29.29"]);
  });

  it("a revocation without a reason has none", () => {
    expect(withEntries(entry(5))().revoked.get("05")).toMatchObject({ reason: undefined });
  });

  it.each<[string, () => Crl]>([
    ["another version", withFields((fields) => fields.with(0, renderDer(0x02, Buffer.of(0))))],
    ["no version", withFields((fields) => fields.slice(1))],
    ["no next update", withFields((fields) => fields.toSpliced(4, 1))],
    ["no extensions", withFields((fields) => fields.slice(0, 6))],
    ["an added field", withFields((fields) => [...fields, renderDer(0x05)])],
    ["an empty list of entries", withEntries()],
    ["a serial twice", withEntries(entry(5), entry(5))],
    ["an entry that lifts another", withEntries(entry(5, reason(8)))],
    ["a reason of another type", withEntries(entry(5, reason(1, 0x02)))],
    ["an entry without a time", withEntries(renderDer(0x30, renderDer(0x02, Buffer.of(5))))],
  ])("refuses %s", (_, parse) => {
    expect(parse).toThrow(malformed);
  });

  it("refuses a list without number or without its issuer's key", async () => {
    for (const oid of [oids.crlNumber, oids.authorityKeyId]) {
      const change = { extensions: without(oid) };
      await expect(makeCrl(pki.issuing, pki.leaf.certificate, change)).rejects.toThrow(malformed);
    }
  });

  it("refuses every cut, a certificate, and more than a mebibyte", () => {
    for (let length = 0; length < good.der.length; length += 1) {
      expect(() => parseCrl(good.der.subarray(0, length))).toThrow(malformed);
    }
    expect(() => parseCrl(pki.leaf.certificate.der)).toThrow(malformed);
    expect(() => parseCrl(Buffer.alloc(1024 * 1024 + 1))).toThrow(/more than 1048576 bytes/);
  });
});
