import { CompactEncrypt } from "jose";

import { limits } from "../../schemas/index.ts";
import { type Bytes, Fault, renderUuid, utf8 } from "../../schemas/ground/index.ts";
import { type AudienceKey, deriveContentKey, type FeedMessage } from "./audience-key.ts";
import { type ContentEncryption, expandContentKey } from "./encryption.ts";
import { padParts } from "./pad.ts";

/** What is sealed for a feed, and with which audience's key. */
export interface FeedSealing extends FeedMessage {
  /** The encoded parts. */
  readonly parts: Bytes;
  readonly audienceKey: AudienceKey;
  /** A256GCM unless said; which one is the register's word. */
  readonly enc?: ContentEncryption | undefined;
}

/** The content key is derived, not carried; no other algorithm is written or read in a feed. */
export const feedAlgorithms = { alg: "dir" } as const;

/**
 * The protected header but for the key's name: it binds the ciphertext to one message of one originator, and so does
 * the content key.
 */
export function feedBinding({
  originator,
  id,
  type,
  enc = "A256GCM",
}: Pick<FeedSealing, "originator" | "id" | "type" | "enc">): Record<
  "alg" | "enc" | "afr" | "aid" | "aty",
  string
> {
  return { ...feedAlgorithms, enc, afr: originator, aid: renderUuid(id), aty: type };
}

/**
 * Seals a feed message's body with its own key, padded: JWE in compact form with `alg` `dir`. Its size does not depend
 * on how many may read it, and nothing in it says who they are.
 *
 * @throws {Fault} CODEC_TOO_LARGE
 * @see RFC 7516 §7.1, RFC 7518 §4.5
 */
export async function sealFeedBody(sealing: FeedSealing): Promise<Bytes> {
  const { parts, audienceKey, enc = "A256GCM" } = sealing;
  const sealed = await new CompactEncrypt(padParts(parts))
    .setProtectedHeader({ ...feedBinding(sealing), kid: audienceKey.name })
    .encrypt(expandContentKey(deriveContentKey(audienceKey.key, sealing), enc));
  if (sealed.length > limits.maxBodyBytes) {
    throw new Fault("CODEC_TOO_LARGE", `a sealed body has at most ${limits.maxBodyBytes} bytes`);
  }
  return utf8(sealed);
}
