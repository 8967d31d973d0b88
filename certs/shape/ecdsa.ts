import { type Bytes, Fault } from "../../schemas/ground/index.ts";

/** Order of P-256 and its half, SEC 2 §2.4.2. */
const order = Buffer.from(
  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  "hex",
);
const half = Buffer.from("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8", "hex");
const size = 32;
const zero = Buffer.alloc(size);

function malformed(detail: string): Fault {
  return new Fault("SIGNATURE_MALFORMED", detail);
}

function isScalar(value: Bytes): boolean {
  return Buffer.compare(value, zero) > 0 && Buffer.compare(value, order) < 0;
}

/** `order - value`, for 0 < value < order. */
function negate(value: Bytes): Bytes {
  const result = Buffer.allocUnsafe(size);
  let borrow = 0;
  for (let i = size - 1; i >= 0; i -= 1) {
    const difference = (order[i] ?? 0) - (value[i] ?? 0) - borrow;
    borrow = difference < 0 ? 1 : 0;
    result[i] = difference & 0xff;
  }
  return result;
}

/** Writes an INTEGER of at most 32 significant octets at `at`; returns where it ends. */
function writeInteger(target: Buffer, at: number, value: Bytes): number {
  let skip = 0;
  while (value[skip] === 0) skip += 1;
  const pad = (value[skip] ?? 0) >= 0x80 ? 1 : 0;
  const length = size - skip + pad;
  target[at] = 0x02;
  target[at + 1] = length;
  target[at + 2] = 0;
  target.set(value.subarray(skip), at + 2 + pad);
  return at + 2 + length;
}

/**
 * Rewrites an ES256 signature from the 64 bytes of JWS (RFC 7518 §3.4) into DER. Of the two signatures
 * that ECDSA accepts for one message only the one with the lower s is taken.
 *
 * @throws {Fault} SIGNATURE_MALFORMED
 */
export function rawToDer(raw: Bytes): Bytes {
  if (raw.length !== 2 * size) throw malformed("an ES256 signature has 64 bytes");
  const r = raw.subarray(0, size);
  const s = raw.subarray(size);
  if (!isScalar(r) || !isScalar(s)) throw malformed("r or s is out of range");
  if (Buffer.compare(s, half) > 0) throw malformed("s is not the lower of the two");
  const der = Buffer.allocUnsafe(72);
  const end = writeInteger(der, writeInteger(der, 2, r), s);
  der[0] = 0x30;
  der[1] = end - 2;
  return der.subarray(0, end);
}

/** Reads an INTEGER of at most 32 significant octets that ends at or before `end`. */
function readInteger(der: Bytes, at: number, target: Buffer): number {
  const length = der[at + 1] ?? 0;
  const start = at + 2;
  const first = der[start] ?? 0x80;
  const padded = first === 0 && length > 1;
  const significant = padded ? length - 1 : length;
  const minimal = first < 0x80 && (!padded || (der[start + 1] ?? 0) >= 0x80);
  if (der[at] !== 0x02 || length < 1 || significant > size || !minimal) {
    throw malformed("not an ECDSA signature in DER");
  }
  target.fill(0);
  target.set(der.subarray(start + length - significant, start + length), size - significant);
  return start + length;
}

/**
 * Rewrites a P-256 signature from DER into the 64 bytes of JWS, with the lower of the two s.
 *
 * @throws {Fault} SIGNATURE_MALFORMED
 */
export function derToRaw(der: Bytes): Bytes {
  const raw = Buffer.alloc(2 * size);
  const r = raw.subarray(0, size);
  const s = raw.subarray(size);
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) {
    throw malformed("not an ECDSA signature in DER");
  }
  const end = readInteger(der, readInteger(der, 2, r), s);
  if (end !== der.length || !isScalar(r) || !isScalar(s)) {
    throw malformed("not an ECDSA signature in DER");
  }
  if (Buffer.compare(s, half) > 0) s.set(negate(s));
  return raw;
}
