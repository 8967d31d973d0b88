import { compactDecrypt } from "jose";
import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { type Bytes, isFault, parseUtf8 } from "../../schemas/ground/index.ts";
import type { FeedMessage } from "./audience-key.ts";
import { spendFeed } from "./decoy.ts";
import { type ContentEncryption, contentEncryptions, expandContentKey } from "./encryption.ts";
import { unpadParts } from "./pad.ts";
import { cannotOpen, refuseEncryption } from "./open.ts";
import { feedAlgorithms, feedBinding } from "./seal-feed.ts";

/** A sealed feed body, and the message its envelope says it belongs to. */
export interface SealedFeed extends FeedMessage {
  readonly sealed: Bytes;
  /** What it may have been encrypted with; A256GCM unless said. */
  readonly encryptions?: readonly ContentEncryption[] | undefined;
}

/** Five pieces, the second empty: an IV of 12 or 16 bytes and a tag of 16 or 32; which, the library asks by the algorithm. */
const compact =
  /^([A-Za-z0-9_-]{1,2048})\.\.[A-Za-z0-9_-]{16,22}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{22,43}$/;
const text = z.string().min(1);
const header = z.strictObject({
  alg: z.literal(feedAlgorithms.alg),
  enc: z.enum(contentEncryptions),
  kid: z.string().regex(/^[0-9a-f]{32}$/),
  afr: text,
  aid: text,
  aty: text,
});

function readHeader({
  sealed,
  encryptions = ["A256GCM"],
  ...message
}: SealedFeed): z.infer<typeof header> {
  if (sealed.length > limits.maxBodyBytes) return cannotOpen("larger than a body");
  const [, encoded] = compact.exec(parseUtf8(sealed)) ?? [];
  if (encoded === undefined) return cannotOpen("not a compact JWE with a key that both sides know");
  const said = Buffer.from(encoded, "base64url").toString("utf8");
  const found = header.parse(parseJsonText(said, limits.maxEnvelopeBytes));
  const { afr, aid, aty } = feedBinding(message);
  const isBound = found.afr === afr && found.aid === aid && found.aty === aty;
  if (!isBound) return cannotOpen("the seal is for another message");
  if (encryptions.includes(found.enc)) return found;
  return refuseEncryption(found.enc);
}

/**
 * The name of the audience key that a feed body says it was sealed with; read without any key, and only from a body
 * that is well formed and bound to this very message.
 *
 * @throws {Fault} BODY_CANNOT_BE_OPENED
 */
export function readKeyName(feed: SealedFeed): string {
  try {
    return readHeader({ ...feed, encryptions: contentEncryptions }).kid;
  } catch (cause) {
    return cannotOpen(cause);
  }
}

/**
 * Opens a feed body with the message's own key.
 *
 * @returns the encoded parts; their root is still to be compared with the envelope's
 * @throws {Fault} BODY_CANNOT_BE_OPENED, whatever the reason; before any key is used SEAL_ALGORITHM_NOT_PERMITTED
 */
export async function openFeedBody(feed: SealedFeed, contentKey: Bytes): Promise<Bytes> {
  let padded: Bytes;
  try {
    const { enc } = readHeader(feed);
    const key = expandContentKey(contentKey, enc);
    const { plaintext } = await compactDecrypt(parseUtf8(feed.sealed), key, {
      keyManagementAlgorithms: [feedAlgorithms.alg],
      contentEncryptionAlgorithms: [enc],
    });
    padded = plaintext;
  } catch (cause) {
    if (isFault(cause, "SEAL_ALGORITHM_NOT_PERMITTED")) throw cause;
    await spendFeed(cause);
    return cannotOpen(cause);
  }
  return unpadParts(padded) ?? cannotOpen("the padding is not ours");
}
