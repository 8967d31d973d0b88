import { type Bytes, isFault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import type { FileRow } from "../store/index.ts";
import { type Manifest, openManifest } from "./manifest.ts";
import { alone, type AttachmentParts } from "./parts.ts";
import { manifestIndex } from "./seal-chunk.ts";
import { lengthOf, sealedBytes, sealedPlace, withFile, writeAll } from "./sealed-file.ts";
import { endOf, isRefusal, noteFile, proveFile } from "./settle.ts";

/** A piece of a file: the manifest, or a chunk by its number. */
export interface Piece {
  readonly index: number;
  readonly bytes: Bytes;
}

/** What became of a piece: with it the file CAME whole and is proved; the file is HERE already; it is a PART; or it was LEFT. */
export type PieceEnd = "CAME" | "HERE" | "PART" | "LEFT";

/** The list of pieces, when these bytes are it. */
function openKnown(row: FileRow, sealed: Bytes | undefined): Manifest | undefined {
  if (sealed === undefined || !sameBytes(sha256(sealed), row.manifest)) return undefined;
  try {
    return openManifest(row, sealed);
  } catch (error) {
    if (isFault(error, "ATTACHMENT_UNSAFE")) return undefined;
    throw error;
  }
}

/** Puts a chunk behind those that are there; says whether it is there now. */
async function addChunk(path: string, { size }: FileRow, chunk: Piece & { readonly digest: Bytes | undefined }): Promise<boolean> {
  const { index, bytes, digest } = chunk;
  if (digest === undefined) return false;
  const { at, length } = sealedPlace(size, index);
  const have = lengthOf(path);
  if (have >= at + length) return true;
  if (have < at || bytes.length !== length || !sameBytes(sha256(bytes), digest)) return false;
  await withFile(path, have === 0 ? "w" : "r+", (handle) => writeAll(handle, bytes, at));
  return true;
} // prettier-ignore

/** Proves a file of which all is here, and notes what it was found to be. */
async function settle(parts: AttachmentParts, row: FileRow, manifest: Manifest): Promise<PieceEnd> {
  let next: Partial<FileRow> = { state: "HERE" };
  try {
    await proveFile(parts, row, manifest);
  } catch (error) {
    next = endOf(parts, row, error);
  }
  await noteFile(parts, row.ref, next);
  return next.state === "HERE" ? "CAME" : "LEFT";
}

async function takeAlone(parts: AttachmentParts, row: FileRow, piece: Piece): Promise<PieceEnd> {
  if (row.state === "HERE") return "HERE";
  const { index, bytes } = piece;
  const isList = index === manifestIndex;
  // what was refused is refused by another way too
  const manifest = isRefusal(row.state) ? undefined : openKnown(row, isList ? bytes : row.sealed);
  if (manifest === undefined) return "LEFT";
  const path = parts.places.file(row.ref);
  if (isList) {
    parts.office.store.checkRoom();
    await noteFile(parts, row.ref, { sealed: bytes });
  } else if (!(await addChunk(path, row, { ...piece, digest: manifest.chunks[index] }))) {
    return "LEFT";
  }
  if (lengthOf(path) < sealedBytes(row.size)) return "PART";
  return await settle(parts, row, manifest);
}

/**
 * Takes a piece of a file that came by another way than the link. Believed only when it has its digest; a file that is whole
 * then is proved as one that was fetched. A piece that stands behind one that is missing is left, and so is one of a file that
 * is being fetched at this moment.
 *
 * @throws {Fault} STORE_FULL, STORE_WRITE_FAILED
 */
export async function takePiece(parts: AttachmentParts, ref: Bytes, piece: Piece): Promise<PieceEnd> {
  const end = await alone(parts, ref, async () => {
    const row = parts.office.store.attachments.file(ref);
    return row === undefined ? "LEFT" : await takeAlone(parts, row, piece);
  });
  return end ?? "LEFT";
} // prettier-ignore
