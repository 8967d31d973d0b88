import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";

import {
  type Bytes,
  type Chance,
  Fault,
  isFault,
  renderHex,
  toFault,
} from "../../schemas/ground/index.ts";

const ending = ".part";
const readBytes = 256 * 1024;

/** Takes away what an earlier end left in the folder. What lies there is sealed, and of no more use. */
export function clearSpool(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const file of readdirSync(dir).filter((one) => one.endsWith(ending)))
    removeSpooled(join(dir, file));
}

/** Takes one file away. */
export function removeSpooled(path: string): void {
  rmSync(path, { force: true });
}

async function fill(
  handle: FileHandle,
  source: AsyncIterable<Bytes>,
  maxBytes: number,
): Promise<void> {
  let length = 0;
  for await (const bytes of source) {
    length += bytes.length;
    if (length > maxBytes)
      throw new Fault("REQUEST_TOO_LARGE", `a carry file has at most ${maxBytes} bytes`);
    for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
  }
}

/**
 * Keeps what comes in a file of its own that only its owner may read, so that it can be read twice and nobody changes it
 * in between; says where. Nothing of it is kept when it breaks off.
 *
 * @throws {Fault} REQUEST_TOO_LARGE, STORE_WRITE_FAILED
 */
export async function spool(
  source: AsyncIterable<Bytes>,
  {
    dir,
    chance,
    maxBytes,
  }: { readonly dir: string; readonly chance: Chance; readonly maxBytes: number },
): Promise<string> {
  const path = join(dir, `${renderHex(chance.bytes(8))}${ending}`);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "wx", 0o600);
    await fill(handle, source, maxBytes);
    return path;
  } catch (error) {
    removeSpooled(path);
    if (isFault(error)) throw error;
    throw toFault(error, "STORE_WRITE_FAILED", "the file could not be kept while it came in");
  } finally {
    await handle?.close();
  }
}

/** The bytes of a file, some at a time. */
export async function* readSpooled(path: string): AsyncGenerator<Bytes> {
  const handle = await open(path, "r");
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(readBytes), 0, readBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
