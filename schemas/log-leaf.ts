import { checkMessage } from "./check/index.ts";
import {
  checkLogAnswer,
  checkLogBatch,
  checkLogLeaf,
  checkLogLeafQuestion,
  checkLogSizesQuestion,
  decodeLogAnswer,
  decodeLogBatch,
  decodeLogLeaf,
  decodeLogLeafQuestion,
  decodeLogSizesQuestion,
  encodeLogBatch,
  encodeLogLeaf,
  type LogAnswer,
  type LogBatch,
  type LogLeaf,
  type LogLeafQuestion,
  type LogSizesQuestion,
} from "./gen/index.ts";
import { type Bytes, Fault, sameBytes } from "./ground/index.ts";
import { limits } from "./limits.ts";
import { parseFeedChannel, renderFeedChannel } from "./subjects.ts";

/** The streams of leaves that stand for no message. */
export const logStreams = { register: "REGISTER", journal: "JOURNAL" } as const;

/** What a leaf of each kind says besides kind, time, stream and sequence: all of it, and nothing else. */
const saidBy: Readonly<Record<string, readonly (keyof LogLeaf)[]>> = {
  FEED: ["instance", "commitment", "rec", "crime", "handling", "family", "type", "origin"],
  DIRECT: ["instance", "commitment"],
  VOID: ["instance"],
  REGISTER: ["commitment"],
  ACT: ["instance", "commitment", "act"],
};
const sometimes = [
  "instance",
  "commitment",
  "rec",
  "crime",
  "handling",
  "family",
  "type",
  "origin",
  "act",
] as const;

/** An act of an agency bears its name twice, as its own and as that of its series; one of the hub bears none. */
function isActOfItsOrigin({ origin, instance = "" }: LogLeaf): boolean {
  return origin === undefined ? !instance.includes("/") : origin === instance;
}

function isStreamOf({ kind, stream }: LogLeaf): boolean {
  if (kind === "REGISTER") return stream === logStreams.register;
  if (kind === "ACT") return stream === logStreams.journal;
  if (kind === "DIRECT") return stream === "DIRECT";
  const isFeed = stream.startsWith("FEED_");
  return isFeed || (kind === "VOID" && stream === "DIRECT");
}

function checkLeafSays(leaf: LogLeaf): void {
  const said = saidBy[leaf.kind] ?? [];
  const isAct = leaf.kind === "ACT";
  const wrong = sometimes
    .filter((name) => !isAct || name !== "origin")
    .find((name) => (leaf[name] !== undefined) !== said.includes(name));
  if (wrong !== undefined) {
    throw new Fault("CODEC_MALFORMED", `a leaf of kind ${leaf.kind}: ${wrong} is out of place`);
  }
  if (isAct && !isActOfItsOrigin(leaf)) {
    throw new Fault("CODEC_MALFORMED", "an act of an agency stands in the series of that agency");
  }
  if (!isStreamOf(leaf)) {
    throw new Fault("CODEC_MALFORMED", `a leaf of kind ${leaf.kind} has no such stream`);
  }
  const { rec, crime, handling, family, type } = leaf;
  if (leaf.kind === "FEED") {
    renderFeedChannel({
      rec: rec ?? "",
      crime: crime ?? "",
      handling: handling ?? "",
      type: `${family ?? ""}.${type ?? ""}`,
    });
  }
}

/**
 * Reads a leaf of a hub's log. One leaf has one spelling; it says what its kind says and no more. An act says besides whose it is,
 * where it is an agency's.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*, SUBJECT_INVALID
 */
export function parseLogLeaf(bytes: Bytes): LogLeaf {
  if (bytes.length > limits.maxLogLeafBytes) {
    throw new Fault("CODEC_MALFORMED", `a leaf has at most ${limits.maxLogLeafBytes} bytes`);
  }
  const leaf = decodeLogLeaf(bytes);
  checkMessage(checkLogLeaf, leaf);
  checkLeafSays(leaf);
  if (!sameBytes(encodeLogLeaf(leaf), bytes)) {
    throw new Fault("CODEC_MALFORMED", "a leaf has one spelling, and this is another");
  }
  return leaf;
}

/**
 * Reads an entry of the stream that a hub keeps its log in. The leaves in it are read one by one.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*
 */
export function parseLogBatch(bytes: Bytes): LogBatch {
  if (bytes.length > limits.maxLogBatchBytes) {
    throw new Fault("CODEC_MALFORMED", `a batch has at most ${limits.maxLogBatchBytes} bytes`);
  }
  const batch = decodeLogBatch(bytes);
  checkMessage(checkLogBatch, batch);
  if (!sameBytes(encodeLogBatch(batch), bytes)) {
    throw new Fault("CODEC_MALFORMED", "something stands beside leaves and checkpoint");
  }
  return batch;
}

/** What the leaf of a feed says of its channel. */
export function leafChannel(
  channel: string,
): Required<Pick<LogLeaf, "rec" | "crime" | "handling" | "family" | "type">> {
  const { rec, crime, handling, type: whole } = parseFeedChannel(channel);
  const [family = "", type = ""] = whole.split(".");
  return { rec, crime, handling, family, type };
}

/**
 * Reads a question for the proof of a leaf: by its place or by its index.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*
 */
export function parseLogLeafQuestion(bytes: Bytes): LogLeafQuestion {
  const question = decodeLogLeafQuestion(bytes);
  checkMessage(checkLogLeafQuestion, question);
  const { stream, sequence, index } = question;
  const isPlace = stream !== undefined && sequence !== undefined;
  if (isPlace === (index !== undefined)) {
    throw new Fault("CODEC_MALFORMED", "a leaf is asked for by stream and sequence, or by index");
  }
  return question;
}

/**
 * Reads a question for the proof that one size of the log goes on from another.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*
 */
export function parseLogSizesQuestion(bytes: Bytes): LogSizesQuestion {
  const question = decodeLogSizesQuestion(bytes);
  checkMessage(checkLogSizesQuestion, question);
  return question;
}

/** The checkpoint, the leaf and the hashes at their longest fit twice. */
const maxAnswerBytes = 256 * 1024;

/**
 * Reads what a hub answered to a question about its log. Nothing of it is believed yet: proofs prove themselves.
 *
 * @throws {Fault} CODEC_TOO_LARGE, CODEC_MALFORMED, SCHEMA_*
 */
export function parseLogAnswer(bytes: Bytes): LogAnswer {
  if (bytes.length > maxAnswerBytes) {
    throw new Fault(
      "CODEC_TOO_LARGE",
      `an answer about the log has at most ${maxAnswerBytes} bytes`,
    );
  }
  const answer = decodeLogAnswer(bytes);
  checkMessage(checkLogAnswer, answer);
  return answer;
}
