import { describe, expect, it } from "vitest";

import { decodeEnvelope, encodeEnvelope } from "../../schemas/index.ts";
import { concatBytes, isFault } from "../../schemas/ground/index.ts";
import { makeFullMessage } from "../fuzz/full-message.ts";
import { compareJson } from "./compare.ts";
import { jsonDocuments } from "./documents.ts";
import { drawDocuments } from "./draw.ts";
import { readOurs, refused } from "./plain-form.ts";
import { openNearReaders, type Reader } from "./readers.ts";

const documents = jsonDocuments.map(({ bytes }) => bytes);
const readers = openNearReaders();

function fakeReader(change: (answer: string) => string): Reader {
  const read = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => change(readOurs(Buffer.from(line, "base64"))));
  return { language: "another", read };
}

describe("documents of every class over which readers differ", () => {
  it("are 300 at least, each once in its class", () => {
    const all = jsonDocuments.map(({ about, bytes }) => `${about} ${Buffer.from(bytes).toString("hex")}`);
    expect(all.length).toBeGreaterThan(300);
    expect(new Set(all).size).toBeGreaterThan(300);
  }); // prettier-ignore

  it.each([
    ['{"a":1,"a":2}', "a name twice"],
    ['{"\\u0061":1,"a":2}', "a name twice in two spellings"],
    ["9007199254740993", "a number that some round"],
    ["1e400", "a number beyond all doubles"],
    ['"\\ud83d"', "half of a character"],
    ["[1,]", "a comma too many"],
    ["\ufeff1", "a byte order mark"],
    ["/**/1", "a remark"],
    ["NaN", "no number"],
  ])("%s is refused: %s", (text) => {
    expect(readOurs(Buffer.from(text))).toBe(refused);
  });

  it("broken UTF-8 and other encodings are refused, all of them", () => {
    const strange = jsonDocuments.filter(({ about }) => /UTF-8|encoding/.test(about));
    expect(strange.length).toBeGreaterThan(30);
    expect(strange.filter(({ bytes }) => readOurs(bytes) !== refused)).toEqual([]);
  });
});

describe("what we take and another reader takes", () => {
  it.runIf(readers.length > 0)(
    `is the same value to ${readers.map(({ language }) => language).join(" and ")}`,
    () => {
      const found = compareJson([...documents, ...drawDocuments(400, 20_261_121)], readers);
      expect(found.differences.slice(0, 5)).toEqual([]);
      expect(found.taken).toBeGreaterThan(200);
      // who reads JSON takes all that we take
      for (const count of Object.values(found.shared)) expect(count).toBe(found.taken);
    },
  );

  it("a reader that reads otherwise is found, one that refuses is not", () => {
    const other = compareJson(documents, [fakeReader((told) => told.replace("#3ff", "#400"))]);
    expect(other.differences.length).toBeGreaterThan(10);
    expect(compareJson(documents, [fakeReader(() => refused)]).differences).toEqual([]);
  });
});

describe("encoded messages", () => {
  const bytes = encodeEnvelope(decodeEnvelope(encodeEnvelope(full())));

  function full(): Parameters<typeof encodeEnvelope>[0] {
    return makeFullMessage("Envelope") as unknown as Parameters<typeof encodeEnvelope>[0];
  }

  function codeOf(act: () => unknown): string {
    try {
      act();
    } catch (error) {
      if (isFault(error)) return error.code;
      throw error;
    }
    return "";
  }

  it("a field that stands twice is refused: readers would take the first or the last", () => {
    // version = 1, again
    const twice = concatBytes(bytes, new Uint8Array([0x08, 0x01]));
    expect(codeOf(() => decodeEnvelope(twice))).toBe("CODEC_MALFORMED");
  });

  it("a field of a newer edition changes nothing of what is read", () => {
    // number 2000, a text
    const newer = concatBytes(bytes, new Uint8Array([0x82, 0x7d, 0x01, 0x61]));
    expect(decodeEnvelope(newer)).toEqual(decodeEnvelope(bytes));
  });

  it.each([
    ["a group", [0x0b, 0x0c]],
    ["a number of another wire type", [0x0d, 1, 0, 0, 0]],
    ["a field without a number", [0x00, 0x01]],
    ["a length beyond the end", [0x82, 0x7d, 0x7f]],
    ["a number without end", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
  ])("%s is refused", (...[, more]) => {
    const changed = concatBytes(bytes, new Uint8Array(more));
    expect(codeOf(() => decodeEnvelope(changed))).toBe("CODEC_MALFORMED");
  }); // prettier-ignore
});
