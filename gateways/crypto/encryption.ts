import { hkdfSync } from "node:crypto";

import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import {
  type AlgorithmPolicy,
  algorithmsFor,
  readingTime,
  type SealSuite,
} from "../../certs/trust/index.ts";

/** How content is encrypted, as JOSE writes it. */
export type ContentEncryption = SealSuite["enc"];

/** Every content encryption that we read, where the register lets it be used. */
export const contentEncryptions = ["A256GCM", "A256CBC-HS512"] as const;

/**
 * What a message may have been encrypted with: what the register let be used when the message says it was made, with
 * the same bound on an old date as signatures have.
 */
export function readableEncryptions(
  register: AlgorithmPolicy,
  { createdAt, now }: { createdAt: EpochMs; now: EpochMs },
): readonly ContentEncryption[] {
  const names = algorithmsFor(register, "CONTENT", readingTime(createdAt, now));
  return contentEncryptions.filter((one) => names.includes(one));
}

/**
 * The key that a feed message's content key is used as. A256CBC-HS512 takes two keys of 32 octets; they are derived, so
 * that a content key which is given alone is as long under every algorithm, and is no key of another.
 *
 * @see RFC 7518 §5.2.5, RFC 5869
 */
export function expandContentKey(contentKey: Bytes, enc: ContentEncryption): Bytes {
  if (enc === "A256GCM") return contentKey;
  return new Uint8Array(hkdfSync("sha256", contentKey, Buffer.alloc(0), enc, 64));
}
