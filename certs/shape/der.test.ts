import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseDerTime } from "./der-values.ts";
import { type Der, parseDer, renderDer, renderOid } from "./der.ts";

const malformed: unknown = expect.objectContaining({ code: "CERT_MALFORMED" });

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

function render({ tag, content, children }: Der): Uint8Array {
  return (tag & 0x20) === 0 ? renderDer(tag, content) : renderDer(tag, ...children.map(render));
}

const { value } = fc.letrec<{ value: Uint8Array; list: Uint8Array }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.uint8Array({ maxLength: 300 }).map((content) => renderDer(0x04, content)),
    fc
      .string({ unit: "grapheme", maxLength: 20 })
      .map((text) => renderDer(0x0c, Buffer.from(text))),
    fc.boolean().map((yes) => renderDer(0x01, Buffer.of(yes ? 0xff : 0))),
    fc.integer({ min: 0, max: 30 }).map((n) => renderDer(0x80 | n, Buffer.of(n))),
    tie("list"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }).map((items) => renderDer(0x30, ...items)),
}));

describe("parseDer", () => {
  it("reads back what was rendered, octet for octet", () => {
    fc.assert(
      fc.property(value, (bytes) => {
        expect(Buffer.from(render(parseDer(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it("accepts of any octets only those it would render itself", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(Buffer.from(render(parseDer(bytes)))).toEqual(Buffer.from(bytes));
        } catch (error) {
          expect(error).toEqual(malformed);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["nothing", ""],
    ["an octet after the end", "0500 00"],
    ["a value that ends beyond its container", "3003 0202 01"],
    ["a length in a longer form than it needs", "0481 01 00"],
    ["a length with a leading zero octet", "048200 81"],
    ["an indefinite length", "3080 0500 0000"],
    ["a length of more than three octets", "0484 00000001 00"],
    ["a tag number above 30", "1f1f 01 00"],
    ["an application tag", "4101 00"],
    ["a constructed string", "2403 0401 00"],
    ["a primitive sequence", "1000"],
    ["a true that is not ff", "0101 01"],
    ["a padded positive integer", "0202 0001"],
    ["a padded negative integer", "0202 ff80"],
    ["an empty integer", "0200"],
    ["a bit string with a bit set in its padding", "0302 0181"],
    ["a bit string without octets that claims unused bits", "0301 01"],
    ["a bit string with eight unused bits", "0302 0800"],
    ["a null with content", "0501 00"],
    ["an identifier with a padded arc", "0603 2a8001"],
    ["an identifier cut inside an arc", "0602 2a81"],
    ["UTF-8 that is not", "0c02 c328"],
    ["a printable string with an asterisk", "1301 2a"],
    ["an IA5 string above ASCII", "1601 80"],
    ["a UTC time with an offset", "1711 3236303630313030303030302b30303030"],
    ["a general time with a fraction", "1811 32303530303130313030303030302e315a"],
    ["a set out of order", "3106 020102 020101"],
    ["a set with an element twice", "3106 020101 020101"],
    ["a type certificates do not have", "0901 00"],
  ])("refuses %s", (_, text) => {
    expect(() => parseDer(hex(text))).toThrow(malformed);
  });

  it("refuses nesting beyond its limit without running out of stack", () => {
    const deep = (depth: number): Uint8Array =>
      depth === 0 ? renderDer(0x05) : renderDer(0x30, deep(depth - 1));
    expect(parseDer(deep(16)).tag).toBe(0x30);
    expect(() => parseDer(deep(17))).toThrow(malformed);
    expect(() => parseDer(Buffer.alloc(8000, 0x30))).toThrow(malformed);
  });
});

describe("renderOid", () => {
  it("renders arcs of any size", () => {
    expect(Buffer.from(renderOid("1.2.840.113549.1.9.14")).toString("hex")).toBe(
      "06092a864886f70d01090e",
    );
    expect(Buffer.from(renderOid("2.5.29.15")).toString("hex")).toBe("0603551d0f");
  });
});

function time(tag: number, text: string): number {
  return parseDerTime({ tag, content: Buffer.from(text, "latin1") });
}

describe("parseDerTime", () => {
  it("reads UTC time through 2049 and general time from 2050", () => {
    expect(time(0x17, "260601000000Z")).toBe(Date.UTC(2026, 5, 1));
    expect(time(0x17, "491231235959Z")).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(time(0x17, "500101000000Z")).toBe(Date.UTC(1950, 0, 1));
    expect(time(0x18, "20500101000000Z")).toBe(Date.UTC(2050, 0, 1));
  });

  it("refuses general time before 2050, and days there are none of", () => {
    for (const [tag, text] of [
      [0x18, "20491231235959Z"],
      [0x17, "260230000000Z"],
      [0x17, "261301000000Z"],
      [0x17, "260601240000Z"],
      [0x17, "260601000060Z"],
      [0x17, "2606010000Z"],
      [0x04, "260601000000Z"],
      [0x18, "99991331000000Z"],
    ] as const) {
      expect(() => time(tag, text)).toThrow(malformed);
    }
  });
});
