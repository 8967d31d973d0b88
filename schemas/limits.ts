/**
 * Every size, count and time limit that two parties must agree on, with its unit and its reason.
 * A limit that stands in a `.proto` (lengths of single fields) is not repeated here.
 */
export const limits = {
  /** Bytes of one encoded Publication; leaves room under the server's max_payload for headers. */
  maxPublicationBytes: 256 * 1024,
  /** Bytes of one encoded Envelope: all of the outer header at its longest is about 3 kB. */
  maxEnvelopeBytes: 16 * 1024,
  /** Bytes of a body, open or sealed, inside a publication. */
  maxBodyBytes: 240 * 1024,
  /** Parts of one body: more than any type's first-level fields. */
  maxParts: 256,
  /** Bytes of a part's salt: as strong as the hash's collision resistance needs (128 bit). */
  saltBytes: 16,
  /** How far ahead of our clock a message may be created (threats.md T-16). */
  maxAheadMs: 120_000,
  /** A message may not live longer than this; types set less (domain.md §2.12). */
  maxLifetimeMs: 5 * 366 * 86_400_000,
  /** Named readers of one sealed message; a feed is sealed with an audience key (design §6). */
  maxSealedRecipients: 8,
  /** Recipients of one direct message. */
  maxDirectRecipients: 8,
  /** An audience key seals no longer than this (design §6). */
  maxAudienceKeyMs: 86_400_000,
  /** Messages whose keys one request asks for; bounds the answer. */
  maxKeysAsked: 64,
  /** Lines of each kind in one receipt: bounds what one signature and one durable write cover. */
  maxReceiptLines: 256,
  /** Publications a gateway has under way to a hub without a receipt: bounds the hub's memory intake. */
  maxUnderWay: 256,
  /** Bytes of one piece of a register's file: four seconds over 64 kbit/s. */
  registerPieceBytes: 32 * 1024,
  /** Bytes of one file that travels beside a message: photographs and scans of a case, six hours over 20 kbit/s. */
  maxAttachmentBytes: 50 * 1024 * 1024,
  /** Bytes of a file's chunk as senders cut it: eight seconds over 32 kbit/s, which is what a cut line loses. */
  blobChunkBytes: 32 * 1024,
  /** Bytes of a chunk as hubs take it: room for the tag of its seal, and for other cuts on better lines. */
  maxBlobBytes: 64 * 1024,
  /** Chunks asked about in one question: two seconds over 32 kbit/s. */
  maxBlobsAsked: 256,
  /** Questions about chunks that a hub answers one agency at a time; bounds the hub's memory. */
  maxBlobsUnderWay: 8,
  /** How long a hub keeps a chunk from when it first came: a reader may be away for a month. */
  blobRetentionMs: 30 * 86_400_000,
  /** Publications per second and in one burst that a hub takes from one agency before it slows it. */
  quotaPerSecond: 10_000,
  quotaBurst: 20_000,
  /** Bytes of one leaf of a hub's log: twice what the longest names make. */
  maxLogLeafBytes: 1024,
  /** Leaves that one signed checkpoint adds at most, and their bytes: one write of some milliseconds. */
  maxLogBatchLeaves: 4096,
  maxLogBatchBytes: 1024 * 1024 + 8 * 1024,
  /** What a hub took stands in its log, and is proved to whoever asks, within this time (threats.md T-19). */
  maxMergeDelayMs: 60_000,
  /** Bytes of a JSON request body: a body of the largest size in base64, and its header. */
  maxRequestBytes: 512 * 1024,
} as const;
