import * as fc from "fast-check";

import { exampleOf } from "../../schemas/examples/index.ts";
import { messageTypes } from "../../schemas/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";

const pieces = [
  '"', "\\", "\\u", "\\ud83d", "\\ude00", "\\u0061", ",", ":", "{", "}", "[", "]", "-", "0", "1e", ".", "e400", "9007199254740993", "true", "null", " ", "\n",
  "\u0000", "\ufeff", "\u2028", "/*", "*/", '"a":1,', '"a":2', '"\\u0061":3', "\u00e9", "\u{1f600}", "NaN", "'", "+",
]; // prettier-ignore

const place = fc.double({ min: 0, max: 1, noNaN: true });

interface Change {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: place,
  cut: fc.nat({ max: 3 }),
  put: fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 }), fc.constant("")),
}); // prettier-ignore

function applied(text: string, changes: readonly Change[]): string {
  let changed = text;
  for (const { at, cut, put } of changes) {
    const from = Math.floor(at * changed.length);
    changed = changed.slice(0, from) + put + changed.slice(from + cut);
  }
  return changed;
}

const examples = messageTypes.map((type) => JSON.stringify(exampleOf(type)));

const good = fc.oneof(
  { weight: 3, arbitrary: fc.json({ maxDepth: 5, stringUnit: "binary" }) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(...examples) },
);

const document = fc
  .tuple(good, fc.array(change, { maxLength: 3 }))
  .map(([text, changes]) => utf8(applied(text, changes)));

/** Documents that are JSON, and some that are nearly so; the same for the same seed. */
export function drawDocuments(count: number, seed: number): readonly Bytes[] {
  return fc.sample(document, { numRuns: count, seed });
}

const byte = fc.nat({ max: 255 });

/** Encoded messages with some of their bytes changed, cut out or put in; a fifth of them stay as they are. */
export function drawEncodings(
  seeds: readonly Bytes[],
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly { readonly of: number; readonly bytes: Bytes }[] {
  const drawn = fc.record({
    of: fc.nat({ max: seeds.length - 1 }),
    changes: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 4, arbitrary: fc.array(fc.record({ at: place, cut: fc.nat({ max: 2 }), put: fc.array(byte, { maxLength: 3 }) }), { minLength: 1, maxLength: 3 }) },
    ),
  }); // prettier-ignore
  return fc.sample(drawn, { numRuns: count, seed }).map(({ of, changes }) => {
    let bytes = [...(seeds[of] ?? [])];
    for (const { at, cut, put } of changes) {
      const from = Math.floor(at * bytes.length);
      bytes = [...bytes.slice(0, from), ...put, ...bytes.slice(from + cut)];
    }
    return { of, bytes: new Uint8Array(bytes) };
  });
}
