import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { examine, findCharacterFault, formatOf, maxTime } from "../check/index.ts";
import { type FieldDescriptor, splitFields } from "../codec/index.ts";
import { codeList } from "../codes/index.ts";
import * as gen from "../gen/index.ts";
import { Fault, renderHex } from "../ground/index.ts";
import { bodyMessageName, messageTypes, parseJson, parseJsonText, renderJson } from "./index.ts";

const names = Object.keys(gen.descriptors);

function generated(name: string): (...args: unknown[]) => unknown {
  const found: unknown = Object.entries(gen).find(([key]) => key === name)?.[1];
  if (typeof found !== "function") throw new Error(`${name} is not generated`);
  return (...args) => Reflect.apply(found, undefined, args);
}

function encode(name: string, value: unknown): Uint8Array {
  const bytes = generated(`encode${name}`)(value);
  if (!(bytes instanceof Uint8Array)) throw new Error("not bytes");
  return bytes;
}

function checkerOf(name: string): z.ZodType {
  const found: unknown = Object.entries(gen).find(([key]) => key === `check${name}`)?.[1];
  if (!(found instanceof z.ZodType)) throw new Error(`check${name} is not generated`);
  return found;
}

/** The value with bytes as text, so that two kinds of byte array with the same bytes are equal. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${renderHex(value)}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => {
  const id = Uint8Array.from(bytes);
  id[6] = (id[6]! & 0x0f) | 0x70;
  id[8] = (id[8]! & 0x3f) | 0x80;
  return id;
});

const special: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  uuid7: uuid,
  crime: fc.constantFrom(...codeList("CRIME")!.codes),
  calendar_day: fc.constantFrom("2026-12-25", "2028-02-29", "2099-01-31", "2000-01-01"),
  decimal: fc.constantFrom("0", "-0.5", "12.5", "999999999999999999", "0.000000001"),
  imo: fc.constantFrom("9074729", "9176187"),
  iban: fc.constantFrom("GB82WEST12345698765432", "SN08SN0100152000048500003035"),
  identifier: fc.constantFrom("AB 123-456/7", "A0", "ፓስ1234", "ج123", "ΩΔ-9", "Ж.77"),
  person_name: fc.constantFrom("Awa N'Diaye", "ወርቅነህ", "محمد بن سالم", "Ọláìyá", "Nguyễn"),
  mrz_name: fc.constantFrom("NDIAYE<<AISSATOU", "TRAORE", "BIN<SALIM<<MUHAMMAD"),
};

function text(min: number, max: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: "binary", minLength: min, maxLength: Math.min(max, min + 30) })
    .map((value) => value.normalize("NFC").slice(0, max))
    .filter((value) => [...new Intl.Segmenter().segment(value)].length >= min)
    .filter((value) => findCharacterFault(value) === undefined);
}

function arbitraryFormat(name: string): fc.Arbitrary<unknown> {
  const spelling = formatOf(name)!;
  if (special[name] !== undefined) return special[name];
  if (spelling.kind === "text") {
    return fc.stringMatching(spelling.pattern).filter((value) => value.length <= spelling.max);
  }
  return fc.uint8Array({ minLength: spelling.length, maxLength: spelling.length });
}

function arbitraryNumber({ kind, atLeast, atMost }: FieldDescriptor): fc.Arbitrary<number> {
  if (kind === "time") return fc.integer({ min: 0, max: maxTime });
  const [min, max] = kind === "double" ? [-1e300, 1e300] : [0, 0xffff_ffff];
  const range = { min: atLeast ?? min, max: atMost ?? max };
  if (kind !== "double") return fc.integer(range);
  // JSON has no negative zero
  return fc.double({ ...range, noNaN: true }).map((value) => (value === 0 ? 0 : value));
}

function arbitraryOne(field: FieldDescriptor): fc.Arbitrary<unknown> {
  const { kind, code, format, message, repeated } = field;
  if (format !== undefined) return arbitraryFormat(format);
  if (code !== undefined) return fc.constantFrom(...codeList(code)!.codes);
  const { min = 0, max = 100 } = repeated ? { min: 1, max: 50 } : field;
  if (kind === "message") return arbitraryMessage(message!);
  if (kind === "string") return text(min, max);
  if (kind === "bool") return fc.boolean();
  if (kind !== "bytes") return arbitraryNumber(field);
  return fc.uint8Array({ minLength: min, maxLength: Math.min(max, min + 40) });
}

function arbitraryField(field: FieldDescriptor): fc.Arbitrary<unknown> {
  const one = arbitraryOne(field);
  const { repeated, required, min = 0, max = 3 } = field;
  if (repeated) return fc.array(one, { minLength: min, maxLength: Math.min(max, min + 1) });
  // every second one is left out: the deepest messages would be thousands of fields
  return required ? one : fc.option(one, { nil: undefined, freq: 1 });
}

const made = new Map<string, fc.Arbitrary<Record<string, unknown>>>();

/** Any message that its validator accepts, with codes of this edition. */
function arbitraryMessage(name: string): fc.Arbitrary<Record<string, unknown>> {
  const known = made.get(name) ?? makeArbitraryMessage(name);
  made.set(name, known);
  return known;
}

function makeArbitraryMessage(name: string): fc.Arbitrary<Record<string, unknown>> {
  const fields = gen.descriptors[name]!.fields;
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, arbitraryField(field)])));
}

/** Few, since each run of the tests draws others; `npm run fuzz:decoders` goes on for as long as it is told. */
const runs = (name: string): number => (gen.descriptors[name]?.body === undefined ? 4 : 10);

describe("every message", () => {
  it.each(names)("%s comes back from bytes and from JSON as it was", (name) => {
    fc.assert(
      fc.property(arbitraryMessage(name), (value) => {
        expect(examine(checkerOf(name), value)).toMatchObject({ ok: true });
        expect(plain(generated(`decode${name}`)(encode(name, value)))).toEqual(plain(value));
        const json = JSON.stringify(renderJson(name, value));
        expect(plain(parseJson(name, parseJsonText(json, 10_000_000)))).toEqual(plain(value));
      }),
      { numRuns: runs(name) },
    );
  });
});

describe("JSON Schema", () => {
  const folder = join(import.meta.dirname, "../gen/json-schema");
  const schemaOf = (file: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, file), "utf8"));

  // another's validator of draft 2020-12, strict: an unknown keyword or a bad pattern is an error
  const foreign = new Ajv2020({ strict: true, validateFormats: false });
  foreign.addVocabulary(["x-code-list", "x-unit", "x-personal"]);

  it("there is one for each type and one for the inner header", () => {
    const expected = [...messageTypes, "inner_header"].map((type) => `${type}.json`).toSorted();
    expect(readdirSync(folder).toSorted()).toEqual(expected);
  });

  it.each(messageTypes)("that of %s accepts what we write, and no field more", (type) => {
    const name = bodyMessageName(type);
    const accepts = foreign.compile(schemaOf(`${type}.json`));
    fc.assert(
      fc.property(arbitraryMessage(name), (value) => {
        const json = renderJson(name, value);
        expect([accepts(json), accepts.errors]).toEqual([true, null]);
        const more = { ...Object.fromEntries(Object.entries(json)), unheardOf: 1 };
        expect(accepts(more)).toBe(false);
      }),
      { numRuns: 5 },
    );
  });

  it("refuses what the validator refuses: a missing field, a bad code, a bad time", () => {
    const accepts = foreign.getSchema("urn:atumpan:schema:bulletin.red_flag")!;
    const good = {
      title: { text: "t", lang: "en" },
      indicators: [{ code: "INTEL" }],
      evidenceLevel: "POSSIBLE",
    };
    expect(accepts(good)).toBe(true);
    for (const change of [
      { title: undefined },
      { indicators: [] },
      { evidenceLevel: "possible" },
      { validFrom: "2026-03-09" },
      { title: { text: "", lang: "en" } },
      { countries: ["Liberia"] },
    ]) {
      const bad: unknown = JSON.parse(JSON.stringify({ ...good, ...change }));
      expect(accepts(bad)).toBe(false);
    }
  });
});

/** One way to spoil bytes: at a place, with a few bytes. */
const spoil = fc.record({
  how: fc.constantFrom("change", "change", "change", "insert", "remove", "cut", "repeat"),
  /** Thousandths of the length. */
  at: fc.noBias(fc.integer({ min: 0, max: 999 })),
  bytes: fc.oneof(
    fc.noBias(fc.integer({ min: 0, max: 127 })).map((byte) => Uint8Array.of(byte)),
    fc.noBias(fc.integer({ min: 0, max: 127 })).map((byte) => Uint8Array.of(byte)),
    fc.uint8Array({ minLength: 2, maxLength: 8 }),
    // a length or a number as long as they come
    fc.constant(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)),
    fc.constant(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
  ),
});

function spoiled(
  valid: Uint8Array,
  { how, at, bytes }: { how: string; at: number; bytes: Uint8Array },
): Uint8Array {
  const place = Math.floor((at * valid.length) / 1000);
  const [before, after] = [valid.subarray(0, place), valid.subarray(place)];
  const rest = after.subarray(Math.min(bytes.length, after.length));
  const result = {
    change: [before, bytes, rest],
    insert: [before, bytes, after],
    remove: [before, rest],
    cut: [before],
    repeat: [before, after, after],
  }[how] ?? [valid];
  return Buffer.concat(result).subarray(0, 64 * 1024);
}

describe("hostile bytes", () => {
  const hostile = fc.constantFrom(...names).chain((name) =>
    fc.record({
      name: fc.constant(name),
      bytes: fc.oneof(
        { weight: 9, arbitrary: fc.tuple(arbitraryMessage(name), fc.array(spoil, { minLength: 1, maxLength: 2 }))
          .map(([value, spoils]) => spoils.reduce(spoiled, encode(name, value))) }, // prettier-ignore
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
      ),
    }),
  );

  it("in any decoder they give a message or a fault, and nothing else is ever thrown", () => {
    let decoded = 0;
    let refused = 0;
    fc.assert(
      fc.property(hostile, ({ name, bytes }) => {
        try {
          const value = generated(`decode${name}`)(bytes);
          decoded += 1;
          if (!examine(checkerOf(name), value).ok) return;
          // what passes every check can be written again
          expect(plain(generated(`decode${name}`)(encode(name, value)))).toEqual(plain(value));
          expect(() => splitFields(encode(name, value))).not.toThrow();
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 1000 },
    );
    expect(decoded).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(250);
  });
});
