import { createHash } from "node:crypto";

import {
  type CarryEnd,
  type CarryItem,
  type CarryRecord,
  encodeCarryEnd,
  encodeCarryRecord,
  encodePublication,
  parseCarryRecord,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, concatBytes } from "../../schemas/ground/index.ts";
import type { Office } from "../exchange/index.ts";
import { type ByteReader, makeByteReader, lengthIn, renderLength } from "./byte-reader.ts";
import { carryLimits } from "./limits.ts";
import type { CarriedFiles } from "./files.ts";
import type { Load } from "./load.ts";
import { filledLength, isZero } from "./pieces.ts";
import { readOrRefuse, refuseFile } from "./refusals.ts";

/** Which file it is: what the head says, and the end signs. */
export interface FileName {
  readonly fileId: Bytes;
  readonly writer: string;
  readonly reader: string;
  readonly writtenAt: EpochMs;
}

const lengthBytes = 4;

function frame(record: CarryRecord): Bytes {
  const bytes = encodeCarryRecord(record);
  return concatBytes(renderLength(bytes.length), bytes);
}

function publicationRecord({ store }: Office, seq: number): Bytes | undefined {
  const found = store.outbox.get(seq);
  const message = store.outbox.raw(seq);
  if (found === undefined || message === undefined) return undefined;
  // it may have been refused or have ended since it was chosen
  if (found.state !== "WAITING" && found.state !== "ACCEPTED") return undefined;
  const { slip, slipSignature } = found;
  return frame({ publication: encodePublication({ slip, slipSignature, message }) });
}

/** What goes into a file, and where the pieces of files beside messages come from. */
export interface Carriage extends Load {
  readonly carried?: Pick<CarriedFiles, "pieces"> | undefined;
}

/** The records of a file, framed, and its signed end. Counts what it wrote, so that the end is true of it. */
export async function* renderContent(
  office: Office,
  name: FileName,
  { registerFiles, receipts, publications, files, carried }: Carriage,
): AsyncGenerator<Bytes> {
  const hash = createHash("sha256");
  const add = (framed: Bytes): Bytes => {
    hash.update(framed);
    return framed;
  };
  for (const [path, content] of registerFiles) yield add(frame({ registerFile: { path, content } }));
  for (const receipt of receipts) yield add(frame({ receipt }));
  let written = 0;
  for (const { seq } of publications) {
    const framed = publicationRecord(office, seq);
    if (framed === undefined) continue;
    written += 1;
    yield add(framed);
  }
  let pieces = 0;
  for (const { message, manifest } of files) {
    for await (const { index, bytes } of carried?.pieces(message, manifest) ?? []) {
      pieces += 1;
      yield add(frame({ piece: { message, manifest, index, content: bytes } }));
    }
  }
  const counts = { registerFiles: registerFiles.size, receipts: receipts.length, publications: written, pieces };
  const end = encodeCarryEnd({ version: 1, ...name, ...counts, digest: hash.digest() });
  yield frame({ end: { end, signature: office.signer.sign("atumpan-carry", end) } });
} // prettier-ignore

/** What was read of a file so far: how many of each kind, and the digest over it. */
export type Counted = Pick<CarryEnd, "registerFiles" | "receipts" | "publications" | "digest"> & {
  readonly pieces: number;
};

/** A record as it was read; the end comes with what stood before it. */
export type ReadItem =
  | Exclude<CarryItem, { kind: "end" }>
  | (Extract<CarryItem, { kind: "end" }> & { readonly counted: Counted });

/** Records come in this order; one out of it is refused. */
const order = ["registerFile", "receipt", "publication", "piece", "end"] as const;
const most: Readonly<Record<CarryItem["kind"], number>> = {
  registerFile: carryLimits.registerFiles,
  receipt: carryLimits.receipts,
  publication: carryLimits.publications,
  piece: carryLimits.pieces,
  end: 1,
};

/** What has been read, held against the limits. */
class Tally {
  readonly #hash = createHash("sha256");
  readonly #counts = { registerFile: 0, receipt: 0, publication: 0, piece: 0, end: 0 };
  #phase = 0;
  bytes = 0;

  add({ kind }: CarryItem, framed: readonly Bytes[]): void {
    const phase = order.indexOf(kind);
    if (phase < this.#phase) refuseFile("its records stand in another order than we write");
    this.#phase = phase;
    this.#counts[kind] += 1;
    for (const bytes of framed) {
      this.bytes += bytes.length;
      if (kind !== "end") this.#hash.update(bytes);
    }
    if (this.#counts[kind] > most[kind] || this.bytes > carryLimits.contentBytes) {
      refuseFile(`it holds more than ${carryLimits.contentBytes} bytes, or more records than we write`);
    }
  }

  counted(): Counted {
    const { registerFile: registerFiles, receipt: receipts, publication: publications, piece: pieces } = this.#counts;
    return { registerFiles, receipts, publications, pieces, digest: this.#hash.digest() };
  }
} // prettier-ignore

/** Behind the end stand exactly the zeros that fill the last pieces. */
async function readFilling(reader: ByteReader, length: number): Promise<void> {
  let left = length;
  while (left > 0) {
    const some = await reader.take(Math.min(left, carryLimits.pieceBytes));
    if (some.length === 0 || !isZero(some)) refuseFile("something stands behind its end");
    left -= some.length;
  }
  if (!(await reader.isEnd())) refuseFile("something stands behind its end");
}

/**
 * Reads the records of a file in order; the end is the last. Behind it stand the zeros that fill the file and nothing
 * else.
 *
 * @throws {Fault} CARRY_INVALID, and what `content` throws
 */
export async function* readContent(content: AsyncIterable<Bytes>): AsyncGenerator<ReadItem> {
  const reader = makeByteReader(content);
  const tally = new Tally();
  for (let isEnd = false; !isEnd;) {
    const lead = await reader.take(lengthBytes);
    const length = lead.length < lengthBytes ? 0 : lengthIn(lead);
    if (length === 0 || length > carryLimits.recordBytes) refuseFile("it has no end, or a record of a size we do not write");
    const bytes = await reader.take(length);
    if (bytes.length < length) refuseFile("a record of it is cut short");
    const item = readOrRefuse("a record", () => parseCarryRecord(bytes));
    tally.add(item, [lead, bytes]);
    isEnd = item.kind === "end";
    yield item.kind === "end" ? { ...item, counted: tally.counted() } : item;
  }
  await readFilling(reader, filledLength(tally.bytes) - tally.bytes);
} // prettier-ignore
