import { generateKeyPairSync, sign, verify } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { derToRaw, rawToDer } from "./ecdsa.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}

function raw(r: bigint, s: bigint): Buffer {
  return Buffer.concat([bytesOf(r), bytesOf(s)]);
}

/** A DER integer made the slow way, since rawToDer refuses what these tests need. */
function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  const padded = (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets;
  return Buffer.concat([Buffer.of(0x02, padded.length), padded]);
}

const scalar = fc.oneof(
  fc.bigInt({ min: 1n, max: order - 1n }),
  fc.bigInt({ min: 1n, max: 0xffffn }),
  fc.bigInt({ min: order - 0xffffn, max: order - 1n }),
);
const low = fc.oneof(
  fc.bigInt({ min: 1n, max: order / 2n }),
  fc.bigInt({ min: 1n, max: 300n }),
  fc.constant(order / 2n),
);
const malformed: unknown = expect.objectContaining({ code: "SIGNATURE_MALFORMED" });

describe("rawToDer and derToRaw", () => {
  it("are inverse for every signature with the lower s", () => {
    fc.assert(
      fc.property(scalar, low, (r, s) => {
        expect(Buffer.from(derToRaw(rawToDer(raw(r, s))))).toEqual(raw(r, s));
      }),
    );
  });

  it("give what the platform verifies, whichever s it made", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (message) => {
        const der = rawToDer(derToRaw(sign("sha256", message, privateKey)));
        expect(verify("sha256", message, publicKey, der)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("a signature with the higher s and its twin become the same 64 bytes", () => {
    fc.assert(
      fc.property(scalar, low, (r, s) => {
        const content = Buffer.concat([integer(r), integer(order - s)]);
        const twin = Buffer.concat([Buffer.of(0x30, content.length), content]);
        expect(Buffer.from(derToRaw(twin))).toEqual(raw(r, s));
      }),
    );
  });
});

describe("rawToDer", () => {
  it("refuses the higher s", () => {
    expect(() => rawToDer(raw(1n, order / 2n + 1n))).toThrow(malformed);
    expect(() => rawToDer(raw(1n, order - 1n))).toThrow(malformed);
  });

  it("refuses r or s of zero, of the order and above", () => {
    for (const bad of [0n, order, order + 1n, 2n ** 256n - 1n]) {
      expect(() => rawToDer(raw(bad, 1n))).toThrow(malformed);
      expect(() => rawToDer(raw(1n, bad))).toThrow(malformed);
    }
  });

  it("refuses any length but 64", () => {
    for (const length of [0, 1, 63, 65, 96, 128]) {
      expect(() => rawToDer(Buffer.alloc(length, 1))).toThrow(malformed);
    }
  });
});

describe("derToRaw", () => {
  const der = rawToDer(raw(order - 2n, 5n));

  it("refuses every cut and every added octet", () => {
    for (let length = 0; length < der.length; length += 1) {
      expect(() => derToRaw(der.subarray(0, length))).toThrow(malformed);
    }
    expect(() => derToRaw(Buffer.concat([der, Buffer.of(0)]))).toThrow(malformed);
  });

  it("refuses integers that are negative, padded, empty or too long", () => {
    const cases = ["3006020180020101", "300702020001020101", "30050200020101", "3006020100020101"];
    const long = Buffer.concat([
      Buffer.from("302602210101", "hex"),
      Buffer.alloc(31),
      Buffer.from("020101", "hex"),
    ]);
    for (const bad of [...cases.map((hex) => Buffer.from(hex, "hex")), long]) {
      expect(() => derToRaw(bad)).toThrow(malformed);
    }
  });

  it("refuses other types, and what follows inside the sequence", () => {
    const cases = [
      "3106020101020101",
      "3006040101020101",
      "3006020101030101",
      "300702010102010100",
    ];
    for (const bad of cases) expect(() => derToRaw(Buffer.from(bad, "hex"))).toThrow(malformed);
    expect(derToRaw(Buffer.from("3006020101020101", "hex"))).toHaveLength(64);
  });

  it("never throws anything but its one code", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          derToRaw(bytes);
        } catch (error) {
          expect(error).toEqual(malformed);
        }
      }),
    );
  });
});
