import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

import {
  type Bytes,
  type Chance,
  concatBytes,
  parseBase64url,
  renderBase64url,
  utf8,
} from "../../schemas/ground/index.ts";

/** A key in a box, as it stands in the file: base64url. */
export interface Box {
  readonly salt: string;
  readonly iv: string;
  readonly box: string;
}

const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** The key of the box; of a secret that is no password, 128 bits and more, one hash is enough. */
function boxKey(secret: Bytes, salt: Bytes): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, utf8("atumpan store protector"), keyBytes));
}

/**
 * Puts a key into a box that `secret` opens (HKDF-SHA-256, AES-256-GCM). `about` is bound to it: what the box is for
 * cannot be changed beside it.
 */
export function wrapKey(
  key: Bytes,
  { secret, about }: { readonly secret: Bytes; readonly about: string },
  chance: Chance,
): Box {
  const [salt, iv] = [chance.bytes(saltBytes), chance.bytes(ivBytes)];
  const own = boxKey(secret, salt);
  const cipher = createCipheriv("aes-256-gcm", own, iv);
  cipher.setAAD(utf8(about));
  const box = concatBytes(cipher.update(key), cipher.final(), cipher.getAuthTag());
  own.fill(0);
  return { salt: renderBase64url(salt), iv: renderBase64url(iv), box: renderBase64url(box) };
}

/** The key in a box; undefined when `secret` is not the one that opens it, or anything of it was changed. */
export function unwrapKey(
  { salt, iv, box }: Box,
  { secret, about }: { readonly secret: Bytes; readonly about: string },
): Buffer | undefined {
  const bytes = parseBase64url(box);
  if (bytes.length !== keyBytes + tagBytes) return undefined;
  const own = boxKey(secret, parseBase64url(salt));
  try {
    const cipher = createDecipheriv("aes-256-gcm", own, parseBase64url(iv));
    cipher.setAAD(utf8(about));
    cipher.setAuthTag(bytes.subarray(keyBytes));
    return Buffer.concat([cipher.update(bytes.subarray(0, keyBytes)), cipher.final()]);
  } catch {
    // the tag does not fit: another secret, or another box
    return undefined;
  } finally {
    own.fill(0);
  }
}
