import { truncate } from "node:fs/promises";

import {
  type Bytes,
  Fault,
  type FaultCode,
  isFault,
  sameBytes,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import type { FileRow } from "../store/index.ts";
import { checkFile, digestOf } from "./check-file.ts";
import type { Manifest } from "./manifest.ts";
import type { AttachmentParts } from "./parts.ts";
import { openFile } from "./places.ts";
import { readRun, removeFile, sealedPlace, syncName, withFile } from "./sealed-file.ts";

const second = 1_000;
/** A chunk that is not there may be on its way still; after a while one asks more seldom. */
const mostRetryMs = 600 * second;
const hourMs = 3_600 * second;

/**
 * Proves a file of which all is here: every chunk once more from the disk, the whole, and that it is what it should be. Its sender
 * is not believed. What the disk spoilt is cut away, so that it is fetched again.
 *
 * @throws {Fault} ATTACHMENT_*, BLOB_MISSING, STORE_WRITE_FAILED
 */
export async function proveFile(
  { places }: AttachmentParts,
  row: FileRow,
  { chunks, digest }: Manifest,
): Promise<void> {
  const path = places.file(row.ref);
  for (const [index, wanted] of chunks.entries()) {
    const { at, length } = sealedPlace(row.size, index);
    if (sameBytes(sha256(await readRun(path, at, length)), wanted)) continue;
    await truncate(path, at);
    throw new Fault("BLOB_MISSING", "a piece was damaged on this disk, and is fetched again");
  }
  await withFile(path, "r+", (handle) => handle.sync());
  await syncName(path);
  const file = openFile(places, row);
  if (!sameBytes(digest, row.digest) || !sameBytes(await digestOf(file), row.digest)) {
    throw new Fault("ATTACHMENT_DIGEST_DIFFERS", "the file is not the one that the message names");
  }
  await checkFile(file, row.mediaType);
}

/** Whether nobody will bring the hub what it misses: the file is our own, or all messages that name it have ended. */
function isGivenUp({ office: { store, clock } }: AttachmentParts, { ref }: FileRow): boolean {
  return store.attachments.uses(ref).every(({ box, message }) => {
    const { expiresAt = 0 } = store.messages.find(message) ?? {};
    return box === "out" || expiresAt <= clock.now();
  });
}

/** Whether this is the state or code of a file that no second try mends. */
export function isRefusal(code: string): boolean {
  return code.startsWith("ATTACHMENT_") && code !== "ATTACHMENT_NOT_HERE";
}

function waitMs(code: FaultCode, tries: number): number {
  // a link that is down is not asked; one that is up again is
  if (code === "HUB_UNREACHABLE") return 0;
  if (code === "QUOTA_EXCEEDED") return 2 * second;
  if (code === "MANDATE_SUSPENDED") return hourMs;
  return Math.min(mostRetryMs, 5 * second * 2 ** Math.min(tries, 10));
}

/** What becomes of a file that could not be had, or did not hold; nothing is left of one that is not tried again. */
export function endOf(parts: AttachmentParts, row: FileRow, error: unknown): Partial<FileRow> {
  const { office, places } = parts;
  const { code } = toFault(error, "INTERNAL");
  if (!isFault(error)) office.log.error("a file is not fetched", { code });
  if (isRefusal(code) || (code === "BLOB_MISSING" && isGivenUp(parts, row))) {
    removeFile(places.file(row.ref));
    return { state: code };
  }
  return { state: "WANTED", nextAt: office.clock.now() + waitMs(code, row.tries) };
}

/** Notes how a file stands. Whoever said meanwhile that he does not want it is heard, unless it is here now or refused. */
export async function noteFile(
  { office: { store } }: AttachmentParts,
  ref: Bytes,
  next: Partial<FileRow>,
): Promise<void> {
  await store.write(() => {
    const now = store.attachments.file(ref);
    if (now === undefined) return;
    const state = next.state === "WANTED" ? now.state : (next.state ?? now.state);
    store.attachments.putFile({ ...now, ...next, state });
  });
}
