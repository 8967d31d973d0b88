import {
  encodeBlobAnswer,
  encodeBlobList,
  encodeBlobRange,
  limits,
  parseBlobList,
  parseBlobRange,
} from "../../../schemas/index.ts";
import { makeLinkBlobs } from "../../../gateways/link/blobs.ts";
import { makeSeededChance, sameBytes, sha256 } from "../../../schemas/ground/index.ts";
import { hold, holdSame } from "../promises.ts";
import type { Target } from "../target.ts";

const chance = makeSeededChance("fuzz blobs");
const chunk = chance.bytes(2_000);
const digest = sha256(chunk);
const questionCodes = ["CODEC_", "SCHEMA_"];
/** What a hub may refuse with; a gateway never does more for its word than try again or tell somebody. */
const answerCodes = ["HUB_", "BLOB_", "QUOTA_EXCEEDED", "CODEC_TOO_LARGE", "REQUEST_INVALID", "AGENCY_UNKNOWN", "MANDATE_SUSPENDED"]; // prettier-ignore

const listTarget: Target = {
  name: "broker/parseBlobList",
  shape: "proto",
  codes: questionCodes,
  seeds: [1, 3, 256].map((count) =>
    Buffer.from(encodeBlobList({ digests: Array.from({ length: count }, () => chance.bytes(32)) })),
  ),
  run: (input) => {
    const { digests } = parseBlobList(input);
    hold(digests.length > 0 && digests.length <= limits.maxBlobsAsked, "a list has no bound");
    hold(digests.every(({ length }) => length === 32), "what is no digest is looked up");
    holdSame(parseBlobList(encodeBlobList({ digests })), { digests }, "a list reads otherwise again");
  },
}; // prettier-ignore

const rangeTarget: Target = {
  name: "broker/parseBlobRange",
  shape: "proto",
  codes: questionCodes,
  seeds: [[0, 1], [1_999, 32_768], [65_536, 65_536]].map(([offset = 0, maxBytes = 0]) =>
    Buffer.from(encodeBlobRange({ digest, offset, maxBytes })),
  ),
  run: (input) => {
    const { digest: named, offset, maxBytes } = parseBlobRange(input);
    hold(named.length === 32, "what is no digest is looked up");
    const { length } = chunk.subarray(offset, offset + maxBytes);
    hold(length <= maxBytes && maxBytes <= limits.maxBlobBytes, "more is handed out than was asked for");
  },
}; // prettier-ignore

/** One call of a gateway whose hub answers with the input. */
function answerTarget(
  call: string,
  seeds: Target["seeds"],
  act: (blobs: ReturnType<typeof makeLinkBlobs>) => Promise<void>,
): Target {
  return {
    name: `gateways/${call} answered by a hub`,
    shape: "proto",
    codes: answerCodes,
    seeds,
    run: async (input) => await act(makeLinkBlobs({ request: () => Promise.resolve(input) })),
  };
}

const asked = Array.from({ length: 20 }, () => chance.bytes(32));

/** Questions about chunks of files as a hub reads them, and answers as a gateway does. */
export const blobTargets: readonly Target[] = [
  listTarget,
  rangeTarget,
  answerTarget("putBlob", [Buffer.from(encodeBlobAnswer({ stored: digest }))], async (blobs) => {
    hold(sameBytes(await blobs.putBlob(chunk), digest), "a chunk is stored under another digest");
  }),
  answerTarget("missingBlobs", [Buffer.from(encodeBlobAnswer({ held: new Uint8Array(3) }))], async (blobs) => {
    const missing = await blobs.missingBlobs(asked);
    hold(missing.every((one) => asked.includes(one)), "what was not asked about is missing");
  }),
  answerTarget("getBlob", [Buffer.from(encodeBlobAnswer({ size: 2_000, piece: chunk.subarray(500, 800) }))], async (blobs) => {
    const { size, bytes } = await blobs.getBlob({ digest, offset: 500, maxBytes: 300 });
    hold(size > 0 && size <= limits.maxBlobBytes, "a chunk has no bound");
    hold(bytes.length === Math.min(300, Math.max(0, size - 500)), "a run is not what was asked for");
  }),
]; // prettier-ignore
