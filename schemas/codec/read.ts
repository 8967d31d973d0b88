import protobuf from "protobufjs/minimal.js";

import { type Bytes, type EpochMs, Fault, parseUtf8 } from "../ground/index.ts";

/** Reads Protocol Buffers wire format. The bytes come from outside and are believed in nothing. */
export type Reader = protobuf.Reader;

/** How deep messages may stand in each other; our deepest own type needs 6. */
export const maxDepth = 16;

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A wire type as the generated code names it. */
export type WireType = keyof typeof wireTypes;

/** What the library throws on truncated or overlong input becomes our fault. */
function guard<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault("CODEC_MALFORMED", "the bytes end early or are not Protocol Buffers", {
      cause,
    });
  }
}

/**
 * Decodes one message with a generated `read` function.
 *
 * @throws {Fault} CODEC_MALFORMED, CODEC_TOO_DEEP, SCHEMA_FIELD_MISSING
 */
export function decode<T>(bytes: Bytes, read: (r: Reader, end: number, depth: number) => T): T {
  const reader = protobuf.Reader.create(bytes);
  try {
    return guard(() => read(reader, reader.len, 0));
  } finally {
    forgetView();
  }
}

/** Refuses a field that came with another wire type than its schema says. */
export function expectWire(tag: number, wire: WireType, field: string): void {
  if ((tag & 7) !== wireTypes[wire])
    throw new Fault("CODEC_MALFORMED", `${field} has a wrong wire type`);
}

/** Refuses a singular field that came before: readers would disagree on which one counts. */
export function expectOnce(held: unknown, field: string): void {
  if (held !== undefined) throw new Fault("CODEC_MALFORMED", `${field} is given twice`);
}

/** Passes over a field this version does not know. Groups are refused. */
export function skipField(r: Reader, tag: number): void {
  const wire = tag & 7;
  if (tag >>> 3 === 0 || wire === 3 || wire === 4 || wire > 5) {
    throw new Fault("CODEC_MALFORMED", "a field has a wire type we do not read");
  }
  r.skipType(wire);
}

/** The end offset of a nested message that starts here; refused when it reaches past its parent's end. */
export function enter(r: Reader, end: number, depth: number): number {
  if (depth >= maxDepth) throw new Fault("CODEC_TOO_DEEP", `messages nest deeper than ${maxDepth}`);
  const inner = r.uint32() + r.pos;
  if (inner > end) throw new Fault("CODEC_MALFORMED", "a nested message is longer than its parent");
  return inner;
}

/** Checks that a message ended exactly where its length said. */
export function expectEnd(r: Reader, end: number): void {
  if (r.pos !== end) throw new Fault("CODEC_MALFORMED", "a field is longer than its message");
}

/** The value of a required field. */
export function need<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Fault("SCHEMA_FIELD_MISSING", `${field} is missing`);
  return value;
}

// The bytes being decoded and the same bytes as a Buffer: making a Buffer for each text costs more than reading it.
let viewed: Bytes | undefined;
let view: Buffer = Buffer.alloc(0);

function viewOf(bytes: Bytes): Buffer {
  if (viewed !== bytes) {
    viewed = bytes;
    view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return view;
}

/** Lets go of the bytes: they may be the opened content of a seal. */
function forgetView(): void {
  viewed = undefined;
  view = Buffer.alloc(0);
}

/** A text field: strict UTF-8. */
export function readText(r: Reader): string {
  const length = r.uint32();
  const from = r.pos;
  const to = from + length;
  if (to > r.len) throw new Fault("CODEC_MALFORMED", "a text is longer than its message");
  r.pos = to;
  const text = viewOf(r.buf).toString("utf8", from, to);
  return text.includes("\ufffd") ? parseUtf8(r.buf.subarray(from, to)) : text;
}

/** A time: seconds and milliseconds joined to EpochMs. */
export function readTime(r: Reader, parentEnd: number, depth: number): EpochMs {
  const end = enter(r, parentEnd, depth);
  let seconds: number | undefined;
  let milliseconds: number | undefined;
  while (r.pos < end) {
    const tag = r.uint32();
    if (tag === 8) {
      expectOnce(seconds, "Time.seconds");
      seconds = r.uint32();
    } else if (tag === 16) {
      expectOnce(milliseconds, "Time.milliseconds");
      milliseconds = r.uint32();
    } else skipField(r, tag);
  }
  expectEnd(r, end);
  if ((milliseconds ?? 0) > 999)
    throw new Fault("CODEC_MALFORMED", "Time.milliseconds is over 999");
  return need(seconds, "Time.seconds") * 1000 + (milliseconds ?? 0);
}

/** Numbers of a repeated field, packed or one by one, added to `into`. */
export function readNumbers(r: Reader, tag: number, into: number[]): void {
  if ((tag & 7) === wireTypes.varint) {
    into.push(r.uint32());
    return;
  }
  expectWire(tag, "bytes", "a list of numbers");
  const end = r.uint32() + r.pos;
  while (r.pos < end) into.push(r.uint32());
  expectEnd(r, end);
}
