import { checkMessage } from "./check/index.ts";
import {
  type BlobAnswer,
  type BlobList,
  type BlobRange,
  checkBlobAnswer,
  checkBlobList,
  checkBlobRange,
  decodeBlobAnswer,
  decodeBlobList,
  decodeBlobRange,
} from "./gen/index.ts";
import { type Bytes, Fault, renderBase64url, sha256 } from "./ground/index.ts";
import { limits } from "./limits.ts";

/** The header that who puts a chunk leaves a mark in; the hub keeps it beside the chunk. */
export const chunkMarkHeader = "Atumpan-Mark";
const chunkMark = /^[A-Za-z0-9_-]{43}$/;

/**
 * The mark of a token: its digest. Whoever shows the token later put the chunk, and may have it taken out; the chunk's name
 * alone, which every reader of the file knows, opens nothing, and the mark does not say whose it is.
 */
export function renderChunkMark(token: Bytes): string {
  return renderBase64url(sha256(token));
}

/** Whether a text has the form of a mark. */
export function isChunkMark(text: string): boolean {
  return chunkMark.test(text);
}

/** Why a hub does nothing about a chunk, and the way out. Any other code a hub tells is not believed. */
export const blobRefusals = {
  BLOB_MISSING: "the hub does not hold this chunk now; it may come, or its sender puts it again",
  BLOB_ALLOWANCE_SPENT: "the agency's allowance of bytes is spent; it fills again through the day",
  BLOB_STORE_FULL: "the hub takes no more chunks until old ones are past their time",
  QUOTA_EXCEEDED: `too many questions at once; keep at most ${limits.maxBlobsUnderWay} under way`,
  CODEC_TOO_LARGE: `a chunk has at most ${limits.maxBlobBytes} bytes`,
  REQUEST_INVALID: "the hub does not understand the question",
  AGENCY_UNKNOWN: "the hub's register does not know this agency",
  MANDATE_SUSPENDED: "the agency is suspended",
  HUB_STREAM_WRITE_FAILED: "the hub could not store the chunk; put it again",
  HUB_UNREACHABLE: "the hub cannot reach its store; ask again",
} as const;

/** Bytes of the longest question: a list of digests with their tags. */
const maxQuestionBytes = limits.maxBlobsAsked * 34;
/** Bytes of the longest answer: a whole chunk and the fields around it. */
const maxAnswerBytes = limits.maxBlobBytes + 256;

function expectSize({ length }: Bytes, most: number): void {
  if (length > most) throw new Fault("CODEC_TOO_LARGE", `it has more than ${most} bytes`);
}

/**
 * Reads a question for many chunks.
 *
 * @throws {Fault} CODEC_TOO_LARGE, CODEC_MALFORMED, SCHEMA_*
 */
export function parseBlobList(bytes: Bytes): BlobList {
  expectSize(bytes, maxQuestionBytes);
  const list = decodeBlobList(bytes);
  checkMessage(checkBlobList, list);
  return list;
}

/**
 * Reads a question for a run of one chunk.
 *
 * @throws {Fault} CODEC_TOO_LARGE, CODEC_MALFORMED, SCHEMA_*
 */
export function parseBlobRange(bytes: Bytes): BlobRange {
  expectSize(bytes, maxQuestionBytes);
  const range = decodeBlobRange(bytes);
  checkMessage(checkBlobRange, range);
  return range;
}

function isRefusal(code: string): code is keyof typeof blobRefusals {
  return Object.hasOwn(blobRefusals, code);
}

/**
 * Reads what a hub answered about chunks: well formed, and no refusal. That it answers the question is still to be seen.
 *
 * @throws {Fault} the hub's refusal, with the code and words of `blobRefusals`; HUB_UNREACHABLE for whatever is no
 * answer of ours, so that it is asked again
 */
export function parseBlobAnswer(bytes: Bytes): BlobAnswer {
  let answer: BlobAnswer;
  try {
    expectSize(bytes, maxAnswerBytes);
    answer = decodeBlobAnswer(bytes);
    checkMessage(checkBlobAnswer, answer);
  } catch (cause) {
    throw new Fault("HUB_UNREACHABLE", "the hub's answer about a chunk is not well formed", {
      cause,
    });
  }
  const { refused } = answer;
  if (refused === undefined) return answer;
  if (isRefusal(refused)) throw new Fault(refused, blobRefusals[refused]);
  throw new Fault("HUB_UNREACHABLE", "the hub refused for a reason that is not one of these");
}
