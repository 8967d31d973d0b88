import { splitFields } from "./codec/index.ts";
import { decodeParts, encodeParts, type Part } from "./gen/index.ts";
import { type Bytes, type Chance, concatBytes, Fault, sameBytes, sha256 } from "./ground/index.ts";
import { limits } from "./limits.ts";

/** The part that holds the inner header; the other parts bear their field's number. */
export const innerHeaderPart = 0;

const nodePrefix = Buffer.from([1]);
const leafHeadBytes = 5;
const hashBytes = 32;

/** SHA-256 of `salt ‖ value`: what stands for a part that is withheld. */
function contentHash({ hash, salt, value }: Part): Bytes {
  if (hash !== undefined) return hash;
  if (salt === undefined || value === undefined) {
    throw new Fault("BODY_PARTS_INVALID", "a part has neither value and salt nor hash");
  }
  return sha256(concatBytes(salt, value));
}

/**
 * RFC 6962 §2.1 leaf hash of `number (4 bytes, big-endian) ‖ SHA-256(salt ‖ value)`: the number of a part that is
 * withheld is signed as well, so nobody can say that something else was withheld.
 */
function hashPart(part: Part): Bytes {
  const leaf = Buffer.allocUnsafe(leafHeadBytes + hashBytes);
  leaf[0] = 0;
  leaf.writeUInt32BE(part.number, 1);
  leaf.set(contentHash(part), leafHeadBytes);
  return sha256(leaf);
}

/** RFC 6962 §2.1 tree head over leaf hashes; at least one. */
function hashTree(leaves: readonly Bytes[]): Bytes {
  const [first] = leaves;
  if (leaves.length === 1 && first !== undefined) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = hashTree(leaves.slice(0, split));
  return sha256(concatBytes(nodePrefix, left, hashTree(leaves.slice(split))));
}

/** The root that an envelope signs: RFC 6962 §2.1 over the parts in their order. */
export function partsRoot(parts: readonly Part[]): Bytes {
  if (parts.length === 0) throw new Fault("BODY_PARTS_INVALID", "a body has at least one part");
  return hashTree(parts.map(hashPart));
}

/**
 * Cuts an inner header and a body, each encoded, into salted parts in rising order.
 * Salts keep a withheld part from being guessed by hashing what it might say.
 */
export function makeParts(innerHeader: Bytes, body: Bytes, chance: Chance): readonly Part[] {
  const pieces = [{ number: innerHeaderPart, bytes: innerHeader }, ...splitFields(body)];
  const { saltBytes } = limits;
  // one draw for all: asking the system for each salt costs as much as hashing what it salts
  const salts = chance.bytes(pieces.length * saltBytes);
  return pieces.map(({ number, bytes }, i) => ({
    number,
    value: bytes,
    salt: salts.subarray(i * saltBytes, (i + 1) * saltBytes),
  }));
}

/** The bytes of a body as they are sealed or carried open. */
export function renderParts(parts: readonly Part[]): Bytes {
  return encodeParts({ parts });
}

function checkPart({ number, value, salt, hash }: Part, before: Part | undefined): void {
  const whole = value !== undefined && salt?.length === limits.saltBytes && hash === undefined;
  const withheld = value === undefined && salt === undefined && hash?.length === 32;
  if (!whole && !withheld) {
    const forms = "a value with a salt of 16 bytes, or a hash of 32 alone";
    throw new Fault("BODY_PARTS_INVALID", `a part is ${forms}`);
  }
  if (before !== undefined && number <= before.number) {
    throw new Fault("BODY_PARTS_INVALID", "parts are not in rising order");
  }
}

/**
 * Reads the parts of a body and checks them against the root an envelope signed.
 * A redacted copy passes too: a withheld part counts by its hash.
 *
 * @throws {Fault} CODEC_MALFORMED, BODY_PARTS_INVALID, BODY_ROOT_MISMATCH
 */
export function parseParts(bytes: Bytes, root: Bytes): readonly Part[] {
  const { parts } = decodeParts(bytes);
  if (parts.length === 0 || parts.length > limits.maxParts) {
    throw new Fault("BODY_PARTS_INVALID", `a body has 1 to ${limits.maxParts} parts`);
  }
  parts.forEach((part, i) => checkPart(part, parts[i - 1]));
  if (!sameBytes(partsRoot(parts), root)) {
    throw new Fault("BODY_ROOT_MISMATCH", "the parts do not hash to the root in the envelope");
  }
  return parts;
}

/** The inner header and the body of parsed parts, each encoded; withheld parts are left out. */
export function joinParts(parts: readonly Part[]): { innerHeader: Bytes; body: Bytes } {
  const [first] = parts;
  const header = first?.number === innerHeaderPart ? first.value : undefined;
  const rest = parts.filter(({ number }) => number !== innerHeaderPart);
  return {
    innerHeader: header ?? new Uint8Array(),
    body: concatBytes(...rest.flatMap(({ value }) => (value === undefined ? [] : [value]))),
  };
}

/** A copy of parts in which all but the numbers in `keep` are withheld; its root is the same. */
export function redactParts(parts: readonly Part[], keep: ReadonlySet<number>): readonly Part[] {
  return parts.map((part) =>
    keep.has(part.number) ? part : { number: part.number, hash: contentHash(part) },
  );
}
