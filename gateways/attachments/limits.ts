/** What is taken of one file, and of all files together; each with the reason for its size. */
export const attachmentLimits = {
  /** Bytes of a chunk in the clear: with the tag of its seal it is `limits.blobChunkBytes`. */
  clearChunkBytes: 32 * 1024 - 16,
  /** Unfinished and unsent uploads of one caller: what an officer gathers for one case. */
  callerBytes: 200 * 1024 * 1024,
  /** The same of all callers of a gateway. */
  allBytes: 1024 * 1024 * 1024,
  /** Unfinished and unsent uploads of one caller; bounds the rows. */
  callerUploads: 64,
  /** An upload that nobody goes on with, or that no message names, is taken away after this. */
  uploadMs: 72 * 3_600_000,
  /** Bytes of an upload between two times that it is made sure on the disk. */
  syncBytes: 1024 * 1024,
  /** Width times height: a scan of A3 at 600 dpi has 70 million. Before anything decodes it, 100 million is 400 MB of memory. */
  maxPixels: 100_000_000,
  /** The longer side. */
  maxSide: 30_000,
  /** Pages of a TIFF: a fax of a whole file. */
  maxPages: 500,
  /** Files inside an office document: the largest real ones have a few hundred. */
  maxEntries: 2_000,
  /** Bytes of all files inside a document, and of one, once unpacked. */
  maxUnpackedBytes: 200 * 1024 * 1024,
  /** Unpacked to packed, of the whole: text packs 10 to 30 times. */
  maxRatio: 100,
  /** Of the first bytes in which readers of many types look for their mark. */
  headBytes: 1024,
  /** Of the last bytes: where a zip's end record may stand. */
  tailBytes: 65_557,
} as const;
