import { createECDH } from "node:crypto";

import { Fault, renderHex } from "../../schemas/ground/index.ts";
import type { KeyType, PublicKey } from "../shape/index.ts";

/** Private keys up to this number are what broken generators make, and what people try first. */
const smallNumbers = 256;

const curves: Readonly<Record<KeyType, { name: string; octets: number } | undefined>> = {
  "P-256": { name: "prime256v1", octets: 32 },
  "P-384": { name: "secp384r1", octets: 48 },
  Ed25519: undefined,
};

/** y of each point of small order, little-endian, without the sign of x: they sign anything (RFC 8032 §5.1.7). */
const smallOrder: ReadonlySet<string> = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);
/** A y from here on is another spelling of a lower one. */
const prime = Buffer.from(`7f${"ff".repeat(30)}ed`, "hex");

/**
 * Keys whose private half is printed in a standard, by their x-coordinate: RFC 6979 A.2.5 and A.2.6, RFC 7515
 * A.3, RFC 7517 A.2, RFC 8032 §7.1 tests 1 to 3.
 */
const published: ReadonlySet<string> = new Set([
  "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
  "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13",
  "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445",
  "30a0424cd21c2944838a2d75c92b37e76ea20d9f00893a3b4eee8a3c0aafec3e",
  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
]);

const small = new Map<string, ReadonlySet<string>>();

function smallPoints({ name, octets }: { name: string; octets: number }): ReadonlySet<string> {
  const held = small.get(name);
  if (held !== undefined) return held;
  const curve = createECDH(name);
  const points = Array.from({ length: smallNumbers }, (_, at) => {
    curve.setPrivateKey((at + 1).toString(16).padStart(2 * octets, "0"), "hex");
    return curve.getPublicKey("hex").slice(2, 2 + 2 * octets);
  });
  const made = new Set(points);
  small.set(name, made);
  return made;
}

function isWeak({ keyType, spki }: PublicKey): boolean {
  const curve = curves[keyType];
  if (curve !== undefined) {
    // x alone, so that the negative of a number is no way around
    const x = renderHex(spki.subarray(spki.length - 2 * curve.octets, spki.length - curve.octets));
    return published.has(x) || smallPoints(curve).has(x);
  }
  const point = Buffer.from(spki.subarray(spki.length - 32));
  if (published.has(renderHex(point))) return true;
  point[31] = (point[31] ?? 0) & 0x7f;
  const isCanonical = Buffer.compare(point.toReversed(), prime) < 0;
  return !isCanonical || smallOrder.has(renderHex(point));
}

/**
 * Refuses a key whose private half anyone can know or do without: points of small order or in a second
 * spelling, private halves that are small numbers, and keys printed in standards.
 *
 * @throws {Fault} CSR_KEY_NOT_PERMITTED
 */
export function checkKeyStrength(key: PublicKey): void {
  if (isWeak(key)) throw new Fault("CSR_KEY_NOT_PERMITTED", "the key is one that others know");
}
