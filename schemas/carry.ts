import { checkMessage } from "./check/index.ts";
import {
  type CarryEnd,
  type CarryHead,
  type CarryRecord,
  checkCarryEnd,
  checkCarryHead,
  checkCarryRecord,
  decodeCarryEnd,
  decodeCarryHead,
  decodeCarryRecord,
  encodeCarryEnd,
  encodeCarryHead,
  encodeCarryRecord,
} from "./gen/index.ts";
import { type Bytes, Fault, sameBytes } from "./ground/index.ts";

/** What a record of a carry file is. */
export type CarryItem =
  | { readonly kind: "registerFile"; readonly value: NonNullable<CarryRecord["registerFile"]> }
  | { readonly kind: "receipt"; readonly value: Bytes }
  | { readonly kind: "publication"; readonly value: Bytes }
  | { readonly kind: "piece"; readonly value: NonNullable<CarryRecord["piece"]> }
  | { readonly kind: "end"; readonly value: NonNullable<CarryRecord["end"]> };

/** Nothing stands in a carry file that its writer did not sign for: each of its pieces has one spelling. */
function checkSpelling(bytes: Bytes, spelt: Bytes): void {
  if (sameBytes(bytes, spelt)) return;
  throw new Fault("CODEC_MALFORMED", "something stands beside what the format has");
}

/**
 * Reads the head of a carry file. Who wrote it is still to be proved.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*, BYTES_NOT_TEXT
 */
export function parseCarryHead(bytes: Bytes): CarryHead {
  const head = decodeCarryHead(bytes);
  checkMessage(checkCarryHead, head);
  checkSpelling(bytes, encodeCarryHead(head));
  return head;
}

/**
 * Reads the end of a carry file: what its writer signed.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*, BYTES_NOT_TEXT
 */
export function parseCarryEnd(bytes: Bytes): CarryEnd {
  const end = decodeCarryEnd(bytes);
  checkMessage(checkCarryEnd, end);
  checkSpelling(bytes, encodeCarryEnd(end));
  return end;
}

function itemsOf({
  registerFile,
  receipt,
  publication,
  piece,
  end,
}: CarryRecord): readonly CarryItem[] {
  return [
    ...(registerFile === undefined ? [] : [{ kind: "registerFile", value: registerFile } as const]),
    ...(receipt === undefined ? [] : [{ kind: "receipt", value: receipt } as const]),
    ...(publication === undefined ? [] : [{ kind: "publication", value: publication } as const]),
    ...(piece === undefined ? [] : [{ kind: "piece", value: piece } as const]),
    ...(end === undefined ? [] : [{ kind: "end", value: end } as const]),
  ];
}

/**
 * Reads one record of a carry file: exactly one thing. What is in it is not read further.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*, BYTES_NOT_TEXT
 */
export function parseCarryRecord(bytes: Bytes): CarryItem {
  const record = decodeCarryRecord(bytes);
  checkMessage(checkCarryRecord, record);
  checkSpelling(bytes, encodeCarryRecord(record));
  const [item, ...more] = itemsOf(record);
  if (item !== undefined && more.length === 0) return item;
  throw new Fault("CODEC_MALFORMED", "a record of a carry file holds exactly one thing");
}
