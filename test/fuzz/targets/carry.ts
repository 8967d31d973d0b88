import { readContent, type ReadItem } from "../../../gateways/carry/content.ts";
import { renderLength } from "../../../gateways/carry/byte-reader.ts";
import { filledLength } from "../../../gateways/carry/pieces.ts";
import { checkSigned, readThrough } from "../../../gateways/carry/prove-file.ts";
import {
  type CarryRecord,
  encodeCarryEnd,
  encodeCarryHead,
  encodeCarryRecord,
  parseCarryEnd,
  parseCarryHead,
  parseCarryRecord,
} from "../../../schemas/index.ts";
import { type Bytes, concatBytes, renderHex, sameBytes } from "../../../schemas/ground/index.ts";
import { forge, inPieces } from "../../kit/carry-world.ts";
import { signReceipt } from "../../kit/gateway-office.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { keysOf } from "../insider.ts";
import { certain, hold } from "../promises.ts";
import type { Target } from "../target.ts";

const codes = ["CODEC_", "SCHEMA_", "BYTES_NOT_TEXT"];
const pair = { writer: "ng/tcu", to: "gh/tcu" } as const;
const name = {
  fileId: Buffer.alloc(16, 3),
  writer: pair.writer,
  reader: pair.to,
  writtenAt: fuzzNow,
};
const head = encodeCarryHead({
  version: 1,
  writer: pair.writer,
  reader: pair.to,
  writtenAt: fuzzNow,
  key: Buffer.alloc(32, 1),
});
const counts = { registerFiles: 1, receipts: 2, publications: 3, pieces: 4 };
const end = encodeCarryEnd({ version: 1, ...name, ...counts, digest: Buffer.alloc(32, 2) }); // prettier-ignore

/** What was taken has one spelling: written again it is the same. */
function oneSpelling(kind: string, seeds: readonly Bytes[], again: (input: Bytes) => Bytes): Target {
  return {
    name: `schemas/${kind}`,
    shape: "proto",
    codes,
    seeds,
    run: (input) => {
      const written = again(input);
      hold(sameBytes(written, input), "two spellings are taken for one");
    },
  };
} // prettier-ignore

function recordOf({ kind, value }: ReadItem): CarryRecord {
  return { [kind]: value };
}

function frame(record: CarryRecord): Bytes {
  const bytes = encodeCarryRecord(record);
  return concatBytes(renderLength(bytes.length), bytes);
}

/** Records as they stand in a file that opened: the piece in which a writer of ill will is free. */
function contentTarget(records: readonly CarryRecord[]): Target {
  const whole = concatBytes(...records.map(frame), frame({ end: { end, signature: "YWJj..YWJj" } }));
  return {
    name: "gateways/readContent",
    shape: "proto",
    codes: ["CARRY_INVALID"],
    seeds: [Buffer.from(whole)],
    run: async (input) => {
      const filled = concatBytes(input, new Uint8Array(filledLength(input.length) - input.length));
      const items: ReadItem[] = [];
      for await (const item of readContent(inPieces(filled, 4_001))) items.push(item);
      const again = concatBytes(...items.map((item) => frame(recordOf(item))));
      hold(sameBytes(again, filled.subarray(0, again.length)), "records are read for others");
      hold(items.at(-1)?.kind === "end", "a file without an end is taken");
    },
  };
} // prettier-ignore

/** The file with what an input says changed in it: a place and a byte each, or an earlier end. A whole file is too large to draw. */
function edit(file: Bytes, input: Bytes): Bytes {
  let edited = Buffer.from(file);
  for (const at of Array.from({ length: Math.floor(input.length / 5) }, (_, one) => one * 5)) {
    const step = Buffer.from(input.subarray(at, at + 5));
    const place = step.readUInt32BE() % (2 * edited.length || 1);
    if (place < edited.length) edited[place] = step.readUInt8(4);
    else if (step.readUInt8(4) > 0xf0) edited = edited.subarray(0, place - edited.length);
  }
  return edited;
}

/** A whole file, changed by whoever carried it. */
async function fileTarget(ground: FuzzGround, records: readonly CarryRecord[]): Promise<Target> {
  const file = await forge({ ...ground.world, view: ground.view }, pair, { records });
  const keys = keysOf(ground, pair.to);
  const place = { agency: pair.to, keys, register: ground.view, now: fuzzNow };
  const good = renderHex((await readThrough(place, inPieces(file))).counted.digest);
  return {
    name: "gateways/readThrough",
    shape: "bytes",
    codes: ["CARRY_", "SEAL_ALGORITHM_NOT_PERMITTED"],
    seeds: [Buffer.alloc(0), Buffer.from([0, 0, 0, 0, file[0] ?? 0])],
    run: async (input) => {
      const read = await readThrough(place, inPieces(edit(file, input)));
      hold(renderHex(read.counted.digest) === good, "a changed file is taken");
      certain("its signature", () => checkSigned(read, ground.view, fuzzNow));
    },
  };
}

/** Readers of what comes by stick. */
export async function makeCarryTargets(ground: FuzzGround): Promise<readonly Target[]> {
  const publications = ground.publications
    .filter(({ sender }) => sender === pair.writer)
    .slice(0, 2)
    .map(({ bytes: publication }): CarryRecord => ({ publication }));
  const receipt = signReceipt(ground.world, pair.writer, { recipient: pair.to });
  const registerFile = { path: "1.root.json", content: Buffer.from("{}") };
  const records: readonly CarryRecord[] = [{ registerFile }, { receipt }, ...publications];
  return [
    oneSpelling("parseCarryHead", [head], (input) => encodeCarryHead(parseCarryHead(input))),
    oneSpelling("parseCarryEnd", [end], (input) => encodeCarryEnd(parseCarryEnd(input))),
    oneSpelling("parseCarryRecord", records.map(encodeCarryRecord), (input) => {
      const { kind, value } = parseCarryRecord(input);
      return encodeCarryRecord({ [kind]: value });
    }),
    contentTarget(records),
    await fileTarget(ground, records),
  ];
}
