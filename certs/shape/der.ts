import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { isDerValue } from "./der-values.ts";
import { certLimits } from "./limits.ts";

/** One value: its tag octet, its whole encoding, its content, and what stands in it when constructed. */
export interface Der {
  readonly tag: number;
  readonly bytes: Bytes;
  readonly content: Bytes;
  readonly children: readonly Der[];
}

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/** Length and where the content begins. Lengths come from the peer and are checked against what is there. */
function readLength(bytes: Bytes, at: number): { readonly length: number; readonly start: number } {
  const first = bytes[at];
  if (first === undefined) throw malformed("DER ends inside a length");
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 3) throw malformed("DER length is indefinite or too large");
  let length = 0;
  for (let i = 1; i <= count; i += 1) length = length * 256 + (bytes[at + i] ?? 0);
  if (length < 0x80 || length < 256 ** (count - 1)) throw malformed("DER length is not minimal");
  return { length, start: at + 1 + count };
}

function checkSetOrder(children: readonly Der[]): void {
  const ordered = children.every((child, i) => {
    const before = children[i - 1];
    return before === undefined || Buffer.compare(before.bytes, child.bytes) < 0;
  });
  if (!ordered) throw malformed("DER set is not in order");
}

function readAt(bytes: Bytes, at: number, depth: number): Der {
  const tag = bytes[at];
  if (tag === undefined || depth > certLimits.maxDerDepth)
    throw malformed("DER is cut or too deep");
  if ((tag & 0x1f) === 0x1f) throw malformed("DER tag is not one of a certificate's");
  const { length, start } = readLength(bytes, at + 1);
  const end = start + length;
  if (end > bytes.length) throw malformed("DER value ends beyond its container");
  const content = bytes.subarray(start, end);
  const whole = bytes.subarray(at, end);
  if ((tag & 0x20) === 0) {
    if (!isDerValue(tag, content)) throw malformed("DER value is not in its one spelling");
    return { tag, bytes: whole, content, children: [] };
  }
  if (tag !== 0x30 && tag !== 0x31 && (tag & 0xc0) !== 0x80) {
    throw malformed("DER constructs what is primitive");
  }
  const children: Der[] = [];
  for (let next = 0; next < content.length;) {
    const child = readAt(content, next, depth + 1);
    children.push(child);
    next += child.bytes.length;
  }
  if (tag === 0x31) checkSetOrder(children);
  return { tag, bytes: whole, content, children };
}

/**
 * Reads one value in DER, the whole of `bytes`, so that there is exactly one spelling of each value we
 * accept: definite minimal lengths, known types, sorted sets, nothing after the end.
 *
 * @throws {Fault} CERT_MALFORMED
 * @see X.690 §10, §11
 */
export function parseDer(bytes: Bytes): Der {
  const value = readAt(bytes, 0, 0);
  if (value.bytes.length !== bytes.length) throw malformed("DER goes on after its end");
  return value;
}

/** The DER encoding of a value from its tag octet and the pieces of its content. */
export function renderDer(tag: number, ...pieces: readonly Bytes[]): Bytes {
  const content = Buffer.concat(pieces);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const octets = Buffer.from(
    length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, "0"),
    "hex",
  );
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length]), octets, content]);
}

/** The child at `index`, refused when it is missing or bears another tag. */
export function childOf(parent: Der, index: number, tag: number): Der {
  const child = parent.children[index];
  if (child?.tag !== tag) throw malformed("DER does not have the shape of this document");
  return child;
}

/** The DER encoding of an object identifier given in dotted decimals. */
export function renderOid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return renderDer(0x06, Buffer.from(octets));
}
