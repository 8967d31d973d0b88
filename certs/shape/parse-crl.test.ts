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

function rewriteEntry(edit: (fields: readonly Uint8Array[]) => readonly Uint8Array[]): Uint8Array {
  const fields = parseDer(entry(5, reason(1))).children.map(({ bytes }) => bytes);
  return renderDer(0x30, ...edit(fields));
}

function retag(value: Uint8Array): Uint8Array {
  return renderDer(0xa0, parseDer(value).content);
}

function withExtensions(edit: (lists: readonly Uint8Array[]) => readonly Uint8Array[]): () => Crl {
  return withFields((fields) => {
    const lists = parseDer(fields[6]!).children.map(({ bytes }) => bytes);
    return fields.with(6, renderDer(0xa0, ...edit(lists)));
  });
}

function withNumber(value: Uint8Array): () => Crl {
  return withExtensions(([list]) => {
    const [keyId] = parseDer(list!).children.map(({ bytes }) => bytes);
    const number = renderDer(0x30, renderOid(oids.crlNumber), renderDer(0x04, value));
    return [renderDer(0x30, keyId!, number)];
  });
}

/** The least of several measures of this thread's own work, in microseconds: what else the machine does, and garbage of before, is not in it. */
function workOf(act: () => unknown): number {
  const measures = Array.from({ length: 9 }, () => {
    const from = process.threadCpuUsage().user;
    act();
    return process.threadCpuUsage().user - from;
  });
  return Math.min(...measures);
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

  it("a reason is read alone and beside others", () => {
    const date = renderDer(0x04, renderDer(0x18, Buffer.from("20500101000000Z")));
    const invalidity = renderDer(0x30, renderOid("2.5.29.24"), date);
    expect(withEntries(entry(5, reason(4)))().revoked.get("05")?.reason).toBe(4);
    expect(withEntries(entry(5, reason(4), invalidity))().revoked.get("05")?.reason).toBe(4);
  });

  it("a list as large as allowed costs what its entries cost, not more for each the more there are", () => {
    const serials = Array.from({ length: 20_000 }, (_, n) => Buffer.from([1, n >> 8, n & 0xff]));
    const time = renderDer(0x17, Buffer.from("260530000000Z"));
    const many = serials.map((serial) =>
      renderDer(0x30, renderDer(0x02, serial), time, renderDer(0x30, reason(1))),
    );
    const whole = withEntries(...many);
    const tenth = withEntries(...many.slice(0, 2_000));
    expect(whole().revoked.size).toBe(20_000);
    // ten times as many; with work that grew by the square it would be a hundred
    expect(workOf(whole) / workOf(tenth)).toBeLessThan(20);
  });

  it("a number in its own place is read", () => {
    expect(withNumber(renderDer(0x02, Buffer.of(7)))().crlNumber).toBe("07");
    expect(withEntries(rewriteEntry((one) => one))().revoked.get("05")?.reason).toBe(1);
  });

  it("a revocation without a reason has none", () => {
    expect(withEntries(entry(5))().revoked.get("05")).not.toHaveProperty("reason");
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
    ["an entry with a fourth field", withEntries(rewriteEntry((one) => [...one, renderDer(0x05)]))],
    [
      "an entry whose extensions are no sequence",
      withEntries(rewriteEntry(([serial, time, list]) => [serial!, time!, retag(list!)])),
    ],
    ["two lists of extensions", withExtensions((lists) => [...lists, ...lists])],
    ["a number of another type", withNumber(renderDer(0x04, Buffer.of(1)))],
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
