import { repositoryLimits } from "../../certs/trust/index.ts";

const kibi = 1024;
const mebi = kibi * kibi;

/** How much a carry file holds. All of it is read piece by piece; only a register's files are held together. */
export const carryLimits = {
  /** Bytes of all records: sealed and framed they stay under the 4 GiB that FAT allows a file, and a cheap stick holds them. */
  contentBytes: 1024 * mebi,
  /** Bytes of a whole file: base64 takes a third more, each piece's header and length less than a hundredth. */
  fileBytes: 1440 * mebi,
  /** Content of one piece. With the mark where padding begins it is 64 KiB, which padding leaves as it is. */
  pieceBytes: 64 * kibi - 1,
  /** One piece as it is sealed. */
  sealedPieceBytes: 96 * kibi,
  /** The head as it is sealed. */
  sealedHeadBytes: 8 * kibi,
  /** One record: the largest file of a register, and its name. */
  recordBytes: repositoryLimits.regionBytes + kibi,
  registerBytes: repositoryLimits.registerBytes,
  /** Roots, metadata and parts of every authority; more than the register's own limits allow. */
  registerFiles: 4_096,
  /** Receipts: each tells where up to 256 channels stand. */
  receipts: 10_000,
  publications: 1_000_000,
  /** Pieces of files: as many as fill a file, and many small ones. */
  pieces: 100_000,
} as const;
