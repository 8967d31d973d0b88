import { type Bytes, concatBytes, sha256, utf8 } from "./ground/index.ts";
import { limits } from "./limits.ts";

const saltKey = utf8("atumpan-log-salt");
/** A block of SHA-256. */
const blockBytes = 64;

function padOf(byte: number): Bytes {
  const pad = Buffer.alloc(blockBytes, byte);
  for (const [at, one] of saltKey.entries()) pad[at] = one ^ byte;
  return pad;
}

/** HMAC's two pads of a key that is always the same; made once, since it is wanted for every message. */
const [inner, outer] = [padOf(0x36), padOf(0x5c)];

const tag = utf8("atumpan-log-leaf-v1\n");
const actTag = utf8("atumpan-log-act-v1\n");

/** What a leaf of a hub's log binds: one message in one channel. */
export interface CommittedMessage {
  readonly id: Bytes;
  /** SHA-256 of the envelope's bytes. */
  readonly envelopeDigest: Bytes;
  readonly channel: string;
}

/**
 * The salt of a message's leaves: known to whoever holds its envelope, and to nobody else. Sixteen bytes that are kept when
 * the content is erased, so that the proof stays: HMAC-SHA-256 of the envelope, under a key that anybody knows.
 */
export function makeLogSalt(envelope: Bytes): Bytes {
  return sha256(concatBytes(outer, sha256(concatBytes(inner, envelope)))).subarray(
    0,
    limits.saltBytes,
  );
}

/**
 * What stands in the log for a message in a channel. Who has no salt learns nothing by it: not whether a message he
 * guesses is meant, nor that two leaves are copies of one message to two mailboxes.
 */
export function commitToMessage(salt: Bytes, message: CommittedMessage): Bytes {
  const { id, envelopeDigest, channel } = message;
  // every piece has a length of its own: none can pass for part of another
  return sha256(concatBytes(tag, salt, id, envelopeDigest, sha256(utf8(channel))));
}

/** What stands in the log for a line of the hub's journal; the salt is kept in the line. */
export function commitToAct(salt: Bytes, line: Bytes): Bytes {
  return sha256(concatBytes(actTag, salt, sha256(line)));
}
