import { bodyCodecs, bodyMessageName, messageTypes, parseBody } from "../../schemas/index.ts";
import type { FieldDescriptor } from "../../schemas/codec/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { descriptors } from "../../schemas/gen/index.ts";
import { type Bytes, isFault } from "../../schemas/ground/index.ts";
import { codecOf, makeFullMessage } from "../fuzz/full-message.ts";
import { refused } from "./plain-form.ts";

const bits = new DataView(new ArrayBuffer(8));

function plainDouble(value: number): string {
  bits.setFloat64(0, value);
  return `d${bits.getBigUint64(0).toString(16).padStart(16, "0")}`;
}

/** Wall time is one number to us, and a message of seconds and milliseconds on the wire. */
function plainTime(at: number): string {
  const milliseconds = at % 1000;
  const seconds = (at - milliseconds) / 1000;
  return milliseconds === 0 ? `{1:${seconds}}` : `{1:${seconds},2:${milliseconds}}`;
}

function plainScalar({ kind }: FieldDescriptor, value: unknown): string {
  if (kind === "string") return `"${Buffer.from(String(value)).toString("hex")}"`;
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString("hex")}`;
  if (kind === "bool") return value === true ? "t" : "f";
  if (kind === "double") return plainDouble(Number(value));
  return kind === "time" ? plainTime(Number(value)) : String(value);
}

function plainField(field: FieldDescriptor, value: unknown): string {
  return field.message === undefined || field.kind === "time"
    ? plainScalar(field, value)
    : plainMessage(field.message, value);
} // prettier-ignore

/** A decoded message by its field numbers, as the readers in `others` write it. */
function plainMessage(name: string, value: unknown): string {
  const held = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const told = (descriptors[name]?.fields ?? []).flatMap((field) => {
    const one: unknown = held.get(field.name);
    if (one === undefined || (Array.isArray(one) && one.length === 0)) return [];
    const text = Array.isArray(one)
      ? `[${one.map((item: unknown) => plainField(field, item)).join(",")}]`
      : plainField(field, one);
    return [{ number: field.number, text }];
  });
  const sorted = told.toSorted((a, b) => a.number - b.number);
  return `{${sorted.map(({ number, text }) => `${number}:${text}`).join(",")}}`;
}

/** Encoded messages to begin with: the example of every type, and one of every message with every field filled. */
export function goodEncodings(): readonly { readonly name: string; readonly bytes: Bytes }[] {
  const examples = messageTypes.map((type) => ({
    name: bodyMessageName(type),
    bytes: encodeExample(type),
  }));
  const full = Object.keys(descriptors)
    .filter((name) => descriptors[name]?.place !== "INSIDE")
    .map((name) => ({ name, bytes: codecOf(name).encode(makeFullMessage(name)) }));
  return [...examples, ...full];
}

function encodeExample(type: keyof typeof bodyCodecs): Bytes {
  return codecOf(bodyMessageName(type)).encode(parseBody(type, exampleOf(type).body));
}

/** An encoded message as we read it. */
export function readOurMessage(name: string, bytes: Bytes): string {
  try {
    return plainMessage(name, codecOf(name).decode(bytes));
  } catch (error) {
    if (isFault(error)) return refused;
    throw error;
  }
}
