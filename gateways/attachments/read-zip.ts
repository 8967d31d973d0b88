import { crc32 } from "node:zlib";
import { Readable } from "node:stream";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";

import { type Bytes, concatBytes, isFault } from "../../schemas/ground/index.ts";
import { type ClearFile, piecesOf } from "./clear-file.ts";
import { attachmentLimits } from "./limits.ts";
import { refuseShape, refuseUnsafe } from "./refuse.ts";

/** One file inside, once its bytes were seen to be what its head says. */
export interface ZipMember {
  readonly name: string;
  /** The bytes, of those that were asked for. */
  readonly bytes?: Bytes;
}

/** What is wanted of a zip. */
export interface ZipWish {
  /** The media type it was said to be of, for the refusal. */
  readonly type: string;
  /** Of which files the bytes are wanted, and how many at most. */
  readonly wants: (name: string) => boolean;
  readonly maxWantedBytes: number;
}

class FileReader extends RandomAccessReader {
  readonly #file: ClearFile;
  constructor(file: ClearFile) {
    super();
    this.#file = file;
  }
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(piecesOf(this.#file, start, end));
  }
}

const endBytes = 22;
const headBytes = 30;

/** The end record stands at the very end and nothing is said behind it, and the first file begins with the first byte. */
async function checkEnds(file: ClearFile, type: string): Promise<void> {
  const head = Buffer.from(await file.read(0, 4)).toString("hex");
  if (head !== "504b0304" || file.size < endBytes) refuseShape(type);
  const end = Buffer.from(await file.read(file.size - endBytes, endBytes));
  if (end.readUInt32LE(0) !== 0x06054b50 || end.readUInt16LE(20) !== 0) {
    refuseUnsafe("something follows the end of the document; save it again");
  }
}

/** Symbolic links and all else that is neither file nor folder, as Unix writes it. */
function isSpecial({ externalFileAttributes }: Entry): boolean {
  const kind = (externalFileAttributes >>> 16) & 0o170000;
  return kind !== 0 && kind !== 0o100000 && kind !== 0o040000;
}

function checkEntry(entry: Entry): void {
  const { fileName, compressionMethod, uncompressedSize, compressedSize } = entry;
  if (entry.isEncrypted()) refuseUnsafe("the document is locked by a password; send it without");
  if (isSpecial(entry)) refuseUnsafe("the document holds links to other files");
  if (compressionMethod !== 0 && compressionMethod !== 8)
    refuseUnsafe("the document is packed in a way that is not read here");
  if (!/^[^/\\\0:]+(?:\/[^/\\\0:]+)*\/?$/.test(fileName) || fileName.split("/").includes(".."))
    refuseUnsafe("a file in the document has a name that leads elsewhere");
  // a little file may pack well by chance; what counts is what it costs
  const isBomb = uncompressedSize > 1_048_576 && uncompressedSize > compressedSize * 1_000;
  if (isBomb) refuseUnsafe("a file in the document unpacks to far too much");
}

/** Heads may not say the same bytes twice: that is how a small zip unpacks to a large one. */
function checkApart(entries: readonly Entry[]): void {
  const sorted = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let free = 0;
  for (const { relativeOffsetOfLocalHeader: at, compressedSize, fileNameLength } of sorted) {
    if (at < free) refuseUnsafe("files in the document lie over each other");
    free = at + headBytes + fileNameLength + compressedSize;
  }
} // prettier-ignore

function checkAll(entries: readonly Entry[], file: ClearFile): void {
  const { maxUnpackedBytes, maxRatio } = attachmentLimits;
  for (const entry of entries) checkEntry(entry);
  checkApart(entries);
  if (new Set(entries.map(({ fileName }) => fileName.toLowerCase())).size !== entries.length)
    refuseUnsafe("two files in the document have one name");
  const unpacked = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (unpacked > maxUnpackedBytes || unpacked > Math.max(file.size, 10_000) * maxRatio)
    refuseUnsafe("the document unpacks to far too much");
}

const packed = new Set(["504b0304", "52617221", "377abcaf", "1f8b0800", "d0cf11e0", "4d5a9000"]);

/** Unpacks one file to nowhere, or to memory where it is wanted; what its head says must be true. */
async function readEntry(zip: ZipFile, entry: Entry, wish: ZipWish): Promise<ZipMember> {
  const { fileName: name, uncompressedSize, crc32: told } = entry;
  const isWanted = wish.wants(name);
  if (isWanted && uncompressedSize > wish.maxWantedBytes)
    refuseUnsafe("a list in the document is longer than any real one");
  const kept: Bytes[] = [];
  let [length, sum, first] = [0, 0, ""];
  const stream: AsyncIterable<Bytes> = await zip.openReadStreamPromise(entry);
  for await (const piece of stream) {
    if (length === 0) first = Buffer.from(piece.subarray(0, 4)).toString("hex");
    length += piece.length;
    sum = crc32(piece, sum);
    if (length > uncompressedSize) refuseUnsafe("a file in the document is larger than it says");
    if (isWanted) kept.push(Uint8Array.from(piece));
  }
  if (length !== uncompressedSize || sum !== told) refuseShape(wish.type);
  if (packed.has(first)) refuseUnsafe("the document holds another document, archive or program; send it apart");
  return isWanted ? { name, bytes: concatBytes(...kept) } : { name };
} // prettier-ignore

async function listEntries(zip: ZipFile): Promise<readonly Entry[]> {
  if (zip.entryCount > attachmentLimits.maxEntries)
    refuseUnsafe(`a document has at most ${attachmentLimits.maxEntries} files inside`);
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push(entry);
    if (entries.length > attachmentLimits.maxEntries) refuseUnsafe("the document has too many files inside");
  }
  return entries;
} // prettier-ignore

async function readAll(file: ClearFile, wish: ZipWish): Promise<readonly ZipMember[]> {
  const zip = await fromRandomAccessReaderPromise(new FileReader(file), file.size, {
    autoClose: false,
    lazyEntries: true,
    decodeStrings: true,
    validateEntrySizes: true,
    strictFileNames: true,
  });
  try {
    const entries = await listEntries(zip);
    checkAll(entries, file);
    const members: ZipMember[] = [];
    for (const entry of entries) {
      if (!entry.fileName.endsWith("/")) members.push(await readEntry(zip, entry, wish));
    }
    return members;
  } finally {
    zip.close();
  }
}

/**
 * Reads a zip through, writing nothing anywhere: its number of files, sizes, ratio and names are looked at in its list, and
 * then once more against the bytes themselves.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function readZip(file: ClearFile, wish: ZipWish): Promise<readonly ZipMember[]> {
  await checkEnds(file, wish.type);
  try {
    return await readAll(file, wish);
  } catch (error) {
    if (isFault(error)) throw error;
    // the reader's own words quote names from inside
    return refuseUnsafe("the document's list of files is not one that a good program writes");
  }
}
