import { createCipheriv, createDecipheriv } from "node:crypto";

import { type Bytes, concatBytes, Fault } from "../../schemas/ground/index.ts";

/** Plain bytes of one frame; the last one is shorter or marked. */
const frameBytes = 1024 * 1024;
const tagBytes = 16;
const lengthBytes = 4;

/** Eleven bytes count, the twelfth says whether it is the last: nothing can be cut, moved or appended. */
function nonceOf(count: number, isLast: boolean): Bytes {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(count, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** The key of one file, and what its frames are bound to. */
export interface FrameKey {
  /** 32 bytes, used for one file only. */
  readonly key: Bytes;
  /** The beginning of the file. */
  readonly bound: Bytes;
}

function sealFrame({ key, bound }: FrameKey, plain: Bytes, nonce: Bytes): Bytes {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(bound);
  const body = concatBytes(cipher.update(plain), cipher.final(), cipher.getAuthTag());
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(body.length);
  return concatBytes(length, body);
}

/** Encrypts a stream in frames (AES-256-GCM), each bound to its place and to the beginning of the file. */
export async function* sealFrames(
  frameKey: FrameKey,
  source: AsyncIterable<Bytes>,
): AsyncGenerator<Bytes> {
  let count = 0;
  let held: Bytes = new Uint8Array();
  for await (const piece of source) {
    held = concatBytes(held, piece);
    while (held.length > frameBytes) {
      yield sealFrame(frameKey, held.subarray(0, frameBytes), nonceOf(count, false));
      held = held.subarray(frameBytes);
      count += 1;
    }
  }
  yield sealFrame(frameKey, held, nonceOf(count, true));
}

function openFrame({ key, bound }: FrameKey, body: Bytes, nonce: Bytes): Bytes | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(bound);
  decipher.setAuthTag(body.subarray(-tagBytes));
  try {
    return concatBytes(decipher.update(body.subarray(0, -tagBytes)), decipher.final());
  } catch {
    // the tag does not fit
    return undefined;
  }
}

/** Reads exactly so many bytes; fewer at the end. */
export type ReadExactly = (bytes: number) => Promise<Bytes>;

function refuse(why: string): never {
  throw new Fault("BACKUP_INVALID", why);
}

async function readFrame(read: ReadExactly): Promise<Bytes | undefined> {
  const head = await read(lengthBytes);
  if (head.length === 0) return undefined;
  const length = head.length === lengthBytes ? Buffer.from(head).readUInt32BE() : 0;
  if (length < tagBytes || length > frameBytes + tagBytes)
    refuse("the backup is damaged or cut off");
  const body = await read(length);
  return body.length === length ? body : refuse("the backup is damaged or cut off");
}

/**
 * Decrypts the frames of a stream. What is yielded is whole and in its place; that the file did not end too soon is known
 * when the generator is done.
 *
 * @throws {Fault} BACKUP_INVALID
 */
export async function* openFrames(frameKey: FrameKey, read: ReadExactly): AsyncGenerator<Bytes> {
  for (let count = 0; ; count += 1) {
    const body = await readFrame(read);
    if (body === undefined) throw new Fault("BACKUP_INVALID", "the backup is cut off");
    const inner = openFrame(frameKey, body, nonceOf(count, false));
    if (inner !== undefined) {
      yield inner;
      continue;
    }
    const last = openFrame(frameKey, body, nonceOf(count, true)) ?? refuse("the backup was changed or damaged");
    yield last;
    if ((await read(1)).length > 0) refuse("something stands behind the backup's end");
    return;
  }
} // prettier-ignore
