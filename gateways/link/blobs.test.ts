import { describe, expect, it } from "vitest";

import {
  decodeBlobList,
  decodeBlobRange,
  encodeBlobAnswer,
  limits,
  outBlobSubject,
} from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  isFault,
  makeSeededChance,
  renderHex,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { type LinkBlobs, makeLinkBlobs } from "./blobs.ts";

const chance = makeSeededChance("link blobs");
const chunk = chance.bytes(1_000);
const digest = sha256(chunk);
const nothing = new Uint8Array();

interface Asked {
  readonly subject: string;
  readonly question: Bytes;
  readonly timeoutMs: number;
}

/** A hub that answers every question the same way. */
function makeHub(answer: (asked: Asked) => Bytes | Promise<Bytes>): {
  blobs: LinkBlobs;
  asked: Asked[];
} {
  const asked: Asked[] = [];
  const request = async (subject: string, question: Bytes, timeoutMs: number): Promise<Bytes> => {
    asked.push({ subject, question, timeoutMs });
    return await answer({ subject, question, timeoutMs });
  };
  return { blobs: makeLinkBlobs({ request }), asked };
}

type Answer = Parameters<typeof encodeBlobAnswer>[0];

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return "no fault";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** What each call makes of an answer. */
async function codesOf(answer: Bytes): Promise<readonly string[]> {
  const { blobs } = makeHub(() => answer);
  const run = { digest, offset: 0, maxBytes: 100 };
  return [
    await codeOf(blobs.putBlob(chunk)),
    await codeOf(blobs.missingBlobs([digest])),
    await codeOf(blobs.getBlob(run)),
  ];
}

const thrice = (code: string): readonly string[] => [code, code, code];
const lost = "HUB_UNREACHABLE";

describe("makeLinkBlobs", () => {
  it("a chunk is handed over as it is, and counts as stored only under its own digest", async () => {
    const { blobs, asked } = makeHub(() => encodeBlobAnswer({ stored: digest }));
    expect(renderHex(await blobs.putBlob(chunk))).toBe(renderHex(digest));
    expect(asked.map(({ subject }) => subject)).toEqual([outBlobSubject("put")]);
    expect(Buffer.from(asked[0]!.question).equals(chunk)).toBe(true);
    const other = makeHub(() => encodeBlobAnswer({ stored: sha256(utf8("another")) }));
    expect(await codeOf(other.blobs.putBlob(chunk))).toBe(lost);
  });

  it("what no hub would take is not sent", async () => {
    const { blobs, asked } = makeHub(() => encodeBlobAnswer({}));
    expect(await codeOf(blobs.putBlob(nothing))).toBe("CODEC_TOO_LARGE");
    expect(await codeOf(blobs.putBlob(chance.bytes(limits.maxBlobBytes + 1)))).toBe("CODEC_TOO_LARGE"); // prettier-ignore
    expect(asked).toEqual([]);
  });

  it("an answer that is none, or is to something else, is believed by no call", async () => {
    const others: readonly Answer[] = [
      {},
      { size: 1_000 },
      { held: new Uint8Array(2) },
      { held: new Uint8Array(33) },
      { size: 0, piece: nothing },
      { size: 1_000, piece: chunk.subarray(0, 99) },
      { size: 1_000, piece: chunk.subarray(0, 101) },
      { size: 50, piece: chunk.subarray(0, 100) },
      { size: 70_000, piece: chunk.subarray(0, 100) },
      { piece: chunk.subarray(0, 100) },
      { stored: utf8("short") },
    ];
    for (const answer of others) expect(await codesOf(encodeBlobAnswer(answer))).toEqual(thrice(lost)); // prettier-ignore
    for (const bytes of [nothing, utf8("not an answer"), chance.bytes(70_000)]) {
      expect(await codesOf(bytes)).toEqual(thrice(lost));
    }
  });

  it("a refusal has the hub's code, but only one of those that a hub may give", async () => {
    for (const code of ["BLOB_MISSING", "BLOB_STORE_FULL", "BLOB_ALLOWANCE_SPENT", "QUOTA_EXCEEDED", "MANDATE_SUSPENDED"]) {
      expect(await codesOf(encodeBlobAnswer({ refused: code, stored: digest, size: 1, piece: utf8("x") }))).toEqual(thrice(code));
    }
    // the gateway ends at the first of these, and would mend its own message at the second
    for (const code of ["INTEGRITY_STORE", "ENVELOPE_EXPIRED", "toString", "__proto__", "", "x".repeat(61)]) {
      expect(await codesOf(encodeBlobAnswer({ refused: code }))).toEqual(thrice(lost));
    }
  }); // prettier-ignore

  it("what is missing is asked 256 at a time, and told in the order asked", async () => {
    const digests = Array.from({ length: 600 }, (_, at) => sha256(utf8(`${at}`)));
    const { blobs, asked } = makeHub(({ question }) => {
      const held = new Uint8Array(Math.ceil(decodeBlobList(question).digests.length / 8));
      // every tenth of each question, beginning with its fourth
      for (let at = 3; at < held.length * 8; at += 10) held[at >> 3]! |= 1 << (at & 7);
      return encodeBlobAnswer({ held });
    });
    const missing = await blobs.missingBlobs(digests);
    const expected = digests.filter((_, at) => ((at % 256) - 3) % 10 !== 0);
    expect(missing.map(renderHex)).toEqual(expected.map(renderHex));
    expect(asked.map(({ question }) => decodeBlobList(question).digests.length)).toEqual([256, 256, 88]); // prettier-ignore
    expect(await blobs.missingBlobs([])).toEqual([]);
    expect(asked).toHaveLength(3);
  });

  it("a run is what was asked for, shorter only at the end and empty beyond it", async () => {
    const { blobs } = makeHub(({ question }) => {
      const { offset, maxBytes } = decodeBlobRange(question);
      return encodeBlobAnswer({ size: 1_000, piece: chunk.subarray(offset, offset + maxBytes) });
    });
    for (const [offset, length] of [[0, 300], [300, 300], [900, 100], [1_000, 0], [5_000, 0]] as const) {
      const piece = await blobs.getBlob({ digest, offset, maxBytes: 300 });
      expect(piece.size).toBe(1_000);
      expect(Buffer.from(piece.bytes).equals(chunk.subarray(offset, offset + length))).toBe(true);
    }
  }); // prettier-ignore

  it("waits long enough for a whole chunk on the poorest line, both ways, and for a question less long", async () => {
    const { blobs, asked } = makeHub(() => encodeBlobAnswer({}));
    await codeOf(blobs.putBlob(chance.bytes(limits.blobChunkBytes)));
    await codeOf(blobs.getBlob({ digest, offset: 0, maxBytes: limits.blobChunkBytes }));
    await codeOf(blobs.missingBlobs([digest]));
    const [put = 0, get = 0, held = 0] = asked.map(({ timeoutMs }) => timeoutMs);
    // 32 kbit/s, of which half is others'; several seconds of queue, and the round trip
    const onTheWire = (limits.blobChunkBytes * 8 * 1000) / 16_000;
    expect(put).toBeGreaterThan(onTheWire + 10_000);
    expect(get).toBeGreaterThan(onTheWire + 10_000);
    expect(held).toBeLessThan(put);
    expect(put).toBeLessThan(60_000);
  });

  it("what is under way when the connection is lost ends at once, and the next is asked over the new one", async () => {
    let isLost = true;
    const { promise: never } = Promise.withResolvers<Bytes>();
    const { blobs, asked } = makeHub(() => (isLost ? never : encodeBlobAnswer({ stored: digest })));
    const calls = [blobs.putBlob(chunk), blobs.missingBlobs([digest, digest])];
    const codes = Promise.all(calls.map(codeOf));
    blobs.reset();
    expect(await codes).toEqual([lost, lost]);
    isLost = false;
    await blobs.putBlob(chunk);
    expect(asked).toHaveLength(3);
  });

  it("a fault of the connection is told as it is", async () => {
    const { blobs } = makeHub(() => Promise.reject(new Fault("HUB_UNREACHABLE", "down")));
    await expect(blobs.putBlob(chunk)).rejects.toMatchObject({ code: lost, detail: "down" });
  });
});
