import { codeList } from "../../schemas/codes/index.ts";
import type { FieldDescriptor } from "../../schemas/codec/index.ts";
import * as gen from "../../schemas/gen/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** One good spelling of each format a field may name. */
const spellings: Readonly<Record<string, unknown>> = {
  uuid7: Buffer.from("018f3c2a7b1e7c3d9a4b5c6d7e8f9a0b", "hex"),
  digest: Buffer.alloc(32, 7),
  salt: Buffer.alloc(16, 9),
  agency: "ng/tcu",
  authority: "ng",
  country: "NG",
  rec: "ecowas",
  crime: "drugs",
  type: "alert.incident",
  mailbox: "abcdefghijklmnopqrstuvwxyz",
  bcp47: "pt-BR",
  script: "Latn",
  channel: "ecowas.drugs.h1.alert.incident",
  unlocode: "TGLFW",
  decimal: "-12.5",
  currency: "XOF",
  imo: "9074729",
  mmsi: "123456789",
  time_of_day: "09:45",
  jws: "e30..AAAA",
};

/** Characters that no check refuses and that cost bytes: two scripts, one beyond the first plane. */
const words = "Été à Lomé \u0627\u0644 \u{1f6a2} ";

function makeOne(field: FieldDescriptor): unknown {
  const { kind, code, format, message = "", repeated, atLeast = 1 } = field;
  if (format !== undefined) return spellings[format];
  if (code !== undefined) return codeList(code)?.codes[0]?.code;
  const min = repeated ? 1 : (field.min ?? 1);
  const byKind = {
    message: () => makeFullMessage(message),
    string: () => words.repeat(Math.ceil(min / 8)).slice(0, Math.max(min, 12)),
    bytes: () => Buffer.alloc(Math.max(min, 4), 5),
    bool: () => true,
    time: () => 1_780_272_000_123,
    double: () => atLeast + 0.25,
    uint32: () => atLeast,
    sint32: () => atLeast,
  };
  return byKind[kind]();
}

/** A message of the name with every field given, two of each repeated one. */
export function makeFullMessage(name: string): Record<string, unknown> {
  const fields = gen.descriptors[name]?.fields ?? [];
  return Object.fromEntries(
    fields.map((field) => {
      const one = makeOne(field);
      const two = (field.max ?? 2) > 1 ? [one, makeOne(field)] : [one];
      return [field.name, field.repeated ? two : one];
    }),
  );
}

/** A generated codec, by its message's name. */
export interface Codec {
  encode(value: unknown): Bytes;
  decode(bytes: Bytes): unknown;
}

function generated(name: string): (...args: unknown[]) => unknown {
  const found: unknown = Object.entries(gen).find(([key]) => key === name)?.[1];
  if (typeof found !== "function") throw new Error(`${name} is not generated`);
  return (...args) => Reflect.apply(found, undefined, args);
}

/** The generated codec of a message. */
export function codecOf(name: string): Codec {
  const [encode, decode] = [generated(`encode${name}`), generated(`decode${name}`)];
  return {
    encode: (value) => Buffer.from(encode(value) as Uint8Array),
    decode: (bytes) => decode(bytes),
  };
}
