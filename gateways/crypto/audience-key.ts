import { hkdfSync } from "node:crypto";

import {
  type Bytes,
  type Chance,
  concatBytes,
  renderHex,
  utf8,
} from "../../schemas/ground/index.ts";

/** A key that its sender shares with one exact audience and seals feed messages with. */
export interface AudienceKey {
  /** Random: it says nothing of who has the key. */
  readonly name: string;
  /** 32 bytes. */
  readonly key: Bytes;
}

/** The message a content key is for. */
export interface FeedMessage {
  readonly originator: string;
  /** 16 bytes. */
  readonly id: Bytes;
  readonly type: string;
}

const keyBytes = 32;
const nameBytes = 16;
const label = utf8("atumpan feed body v1");
const separator = Buffer.of(0);

/** Makes a new audience key and its name. */
export function makeAudienceKey(chance: Chance): AudienceKey {
  return { name: renderHex(chance.bytes(nameBytes)), key: chance.bytes(keyBytes) };
}

/**
 * One message's own key: HKDF-SHA-256 of the audience key over a fixed label, originator, id and type. From it neither
 * the audience key nor another message's key can be had, so it can be given alone.
 *
 * @see RFC 5869
 */
export function deriveContentKey(audienceKey: Bytes, { originator, id, type }: FeedMessage): Bytes {
  // neither a label nor an agency's name holds a zero byte, and the id has 16 bytes: one spelling for one message
  const info = concatBytes(label, separator, utf8(originator), separator, id, utf8(type));
  return new Uint8Array(hkdfSync("sha256", audienceKey, Buffer.alloc(0), info, keyBytes));
}
