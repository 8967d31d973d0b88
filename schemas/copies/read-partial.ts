import {
  decode,
  enter,
  expectEnd,
  expectOnce,
  expectWire,
  type FieldDescriptor,
  type MessageDescriptor,
  readNumbers,
  type Reader,
  readText,
  readTime,
  skipField,
} from "../codec/index.ts";
import { descriptors } from "../gen/index.ts";
import { type Bytes, Fault } from "../ground/index.ts";

/** A message in memory of which fields may be absent that its schema requires. */
export type Partial = { [name: string]: unknown };

interface Place {
  readonly end: number;
  readonly depth: number;
}

function descriptorOf(name: string): MessageDescriptor {
  const message = Object.hasOwn(descriptors, name) ? descriptors[name] : undefined;
  if (message === undefined) throw new Fault("SCHEMA_UNKNOWN_TYPE", "there is no such message");
  return message;
}

const wires = {
  string: "bytes",
  bytes: "bytes",
  time: "bytes",
  message: "bytes",
  bool: "varint",
  uint32: "varint",
  sint32: "varint",
  double: "fixed64",
} as const;

function readOne(r: Reader, field: FieldDescriptor, { end, depth }: Place): unknown {
  switch (field.kind) {
    case "message": {
      const inner = { end: enter(r, end, depth), depth: depth + 1 };
      return readFields(r, descriptorOf(field.message ?? ""), inner);
    }
    case "time":
      return readTime(r, end, depth);
    case "string":
      return readText(r);
    case "bytes":
      return r.bytes();
    default:
      return r[field.kind]();
  }
}

function readField(
  r: Reader,
  { field, tag, into }: { field: FieldDescriptor; tag: number; into: Partial },
  place: Place,
): void {
  const { name, repeated, kind } = field;
  const held = into[name];
  if (repeated && kind === "uint32") {
    const numbers: number[] = [];
    readNumbers(r, tag, numbers);
    if (Array.isArray(held)) held.push(...numbers);
    return;
  }
  expectWire(tag, wires[kind], name);
  if (Array.isArray(held)) held.push(readOne(r, field, place));
  else {
    expectOnce(held, name);
    into[name] = readOne(r, field, place);
  }
}

function readFields(r: Reader, { fields }: MessageDescriptor, place: Place): Partial {
  const byNumber = new Map(fields.map((field) => [field.number, field]));
  const into: Partial = Object.fromEntries(
    fields.filter(({ repeated }) => repeated).map(({ name }) => [name, []]),
  );
  while (r.pos < place.end) {
    const tag = r.uint32();
    const field = byNumber.get(tag >>> 3);
    if (field === undefined) skipField(r, tag);
    else readField(r, { field, tag, into }, place);
  }
  expectEnd(r, place.end);
  return into;
}

/**
 * Decodes a message by its descriptor and lets required fields be absent: a redacted copy withholds some. What is
 * there is read as strictly as the generated codecs do.
 *
 * @throws {Fault} CODEC_MALFORMED, CODEC_TOO_DEEP
 */
export function decodePartial(name: string, bytes: Bytes): Partial {
  const message = descriptorOf(name);
  return decode(bytes, (r, end) => readFields(r, message, { end, depth: 0 }));
}
