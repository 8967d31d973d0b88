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
  calendar_day: "2026-12-25",
  list: "CRIME",
  any_code: "PhysicalThreats",
  region: "GH-AA",
  airport: "ACC",
  plus_code: "6CQX3RQ6+5V",
  media_type: "image/jpeg",
  ref: "p1",
  phone: "+233201234567",
  email: "desk@portal.example",
  bic: "ABCDGHACXXX",
  iban: "GB82WEST12345698765432",
  vin: "1M8GDM9AXKP042788",
  icao24: "0a1b2c",
  flight: "KP030",
  hs6: "030389",
  iccs: "0401",
  identifier: "G0123456",
  mrz_name: "TRAORE<<AMINATA",
  person_name: "Aminata Traoré",
  jws: "e30..AAAA",
};

/** Characters that no check refuses and that cost bytes: two scripts, one beyond the first plane. */
const words = "Été à Lomé \u0627\u0644 \u{1f6a2} ";

/** Fields that only make sense beside another one, or that end in a check digit. */
const fitting: Readonly<Record<string, unknown>> = {
  "MarkedSpan.start": 0,
  "Consignment.container": "CSQU3054383",
  // whoever is written to is none of those it is kept from
  "InnerHeader.excludedRecipients": "gh/fiu",
  "InnerHeader.protectedFrom": "TG",
  // the narrowest that enters a feed
  "Envelope.releaseLevel": "REGIONAL",
};

/** A list has one item from here on down; from higher up where the message would be too long otherwise. */
const oneItemDepths = [3, 2, 1] as const;

/** Encoded; the JSON of it is twice as long, and an input that is cut off is good for nothing. */
const maxFullBytes = 24 * 1024;

interface Depth {
  readonly at: number;
  readonly oneItemFrom: number;
}

function spellingOf(format: string): unknown {
  const spelling = spellings[format];
  if (spelling === undefined) throw new Error(`no good spelling of the format ${format} is known`);
  return spelling;
}

function makeOne(owner: string, field: FieldDescriptor, depth: Depth): unknown {
  const { kind, code, format, message = "", repeated, max, atLeast = 1 } = field;
  const own = fitting[`${owner}.${field.name}`];
  if (own !== undefined) return own;
  if (format !== undefined) return spellingOf(format);
  if (code !== undefined) return codeList(code)?.codes[0];
  const [min, most] = repeated ? [1, 12] : [field.min ?? 1, max ?? 100];
  const byKind = {
    message: () => makeAtDepth(message, { ...depth, at: depth.at + 1 }),
    string: () => words.repeat(Math.ceil(min / 8)).slice(0, Math.min(Math.max(min, 12), most)),
    bytes: () => Buffer.alloc(Math.max(min, 4), 5),
    bool: () => true,
    time: () => 1_780_272_000_123,
    double: () => atLeast + 0.25,
    uint32: () => atLeast,
    sint32: () => atLeast,
  };
  return byKind[kind]();
}

function makeAtDepth(name: string, depth: Depth): Record<string, unknown> {
  const fields = gen.descriptors[name]?.fields ?? [];
  return Object.fromEntries(
    fields.map((field) => {
      const one = makeOne(name, field, depth);
      if (!field.repeated) return [field.name, one];
      const isTwo = depth.at < depth.oneItemFrom && (field.max ?? 2) > 1;
      return [field.name, isTwo ? [one, makeOne(name, field, depth)] : [one]];
    }),
  );
}

const depths = new Map<string, number>();

/** From which depth on one item must do for a message to stay short. */
function oneItemFromOf(name: string): number {
  const isShort = (oneItemFrom: number): boolean =>
    codecOf(name).encode(makeAtDepth(name, { at: 0, oneItemFrom })).length <= maxFullBytes;
  const found = depths.get(name) ?? oneItemDepths.find(isShort) ?? 0;
  depths.set(name, found);
  return found;
}

/** A message of the name with every field given, two of each repeated one where it is not too deep. */
export function makeFullMessage(name: string): Record<string, unknown> {
  return makeAtDepth(name, { at: 0, oneItemFrom: oneItemFromOf(name) });
}

/** A generated codec, by its message's name. */
export interface Codec {
  encode(value: unknown): Bytes;
  decode(bytes: Bytes): unknown;
}

const generatedByName: ReadonlyMap<string, unknown> = new Map(Object.entries(gen));

function generated(name: string): (...args: unknown[]) => unknown {
  const found = generatedByName.get(name);
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
