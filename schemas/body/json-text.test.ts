import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Fault, isFault } from "../ground/index.ts";
import { maxJsonDepth, parseJsonText } from "./index.ts";

function refusal(text: string, maxBytes = 100_000): Fault | undefined {
  try {
    parseJsonText(text, maxBytes);
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  return undefined;
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("parseJsonText", () => {
  it("reads everything that JSON can say", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes("__proto__") && !/\d{16}/.test(text) && text.isWellFormed());
        // escapes of halves of characters stand as escapes in the text
        fc.pre(!/\\ud[89ab]/.test(text));
        expect(parseJsonText(text, 10_000_000)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["twice", '{"a":1,"a":2}'],
    ["twice, once in another spelling", '{"a":1,"\\u0061":2}'],
    ["twice, deep inside", '[{"x":{"b":[],"c":{},"b":1}}]'],
    ["twice, with signs of structure in texts", '{"a":"},{","a":1}'],
  ])("a name given %s is refused", (_, text) => {
    expect(refusal(text)?.code).toBe("JSON_MALFORMED");
  });

  it.each([
    "9007199254740992",
    "-9007199254740993",
    "[1e400]",
    '{"a":-1E309}',
    "123456789012345678901234567890",
  ])("the number %s is refused: some readers round it, others do not", (text) => {
    expect(refusal(text)?.code).toBe("JSON_MALFORMED");
  });

  it("numbers that all readers hold alike are read", () => {
    for (const text of ["9007199254740991", "-0", "1e308", "0.1", "[1E-400,2.50]"]) {
      expect(refusal(text)).toBeUndefined();
    }
  });

  it.each(['"\\ud800"', '"\\udc00\\ud800"', '{"\\uDBFF":1}', '"a\\uD83Dz"', '"\ud800"'])(
    "half of a character is refused: %s",
    (text) => {
      expect(refusal(text)?.code).toBe("JSON_MALFORMED");
    },
  );

  it("a character of two escapes is one", () => {
    expect(parseJsonText('"\\ud83d\\ude00 \\\\ud800"', 100)).toBe("\u{1f600} \\ud800");
  });

  it("the same name in two objects is fine, and so are texts that look like names", () => {
    expect(refusal('[{"a":1},{"a":2,"b":{"a":3}},"a","a"]')).toBeUndefined();
    expect(refusal('{"a":"b","b":"a","c":["a","a","{\\"a\\":1"]}')).toBeUndefined();
  });

  it.each(['{"__proto__":{}}', '{"\\u005f_proto__":1}', '[{"a":{"__proto__":1}}]'])(
    "%s is refused, because it could change what objects are",
    (text) => {
      expect(refusal(text)?.code).toBe("JSON_MALFORMED");
    },
  );

  it("the word __proto__ as a value is a word", () => {
    expect(refusal('["__proto__",{"a":"__proto__"}]')).toBeUndefined();
  });

  it("nesting ends at the cap, however long the text", () => {
    expect(refusal(nested(maxJsonDepth))).toBeUndefined();
    expect(refusal(nested(maxJsonDepth + 1))?.code).toBe("CODEC_TOO_DEEP");
    expect(refusal('{"a":'.repeat(50_000), 1_000_000)?.code).toBe("CODEC_TOO_DEEP");
  });

  it("size is counted in bytes of UTF-8", () => {
    expect(refusal('"éé"', 6)).toBeUndefined();
    expect(refusal('"éé"', 5)?.code).toBe("CODEC_TOO_LARGE");
    expect(refusal('"ab"', 3)?.code).toBe("CODEC_TOO_LARGE");
  });

  it.each([
    "",
    "{",
    "}",
    "]",
    '{"a"}',
    '{"a":1,}',
    "[1,]",
    "{'a':1}",
    "{a:1}",
    "NaN",
    "01",
    "+1",
    '"\n"',
    '"abc',
    '"\\x"',
    '{"\\x":1}',
    '{"a":1} {"b":2}',
    "\ufeff{}",
    "// comment\n{}",
  ])("%j is not JSON", (text) => {
    expect(refusal(text)?.code).toBe("JSON_MALFORMED");
  });

  it("the fault does not repeat the text", () => {
    const fault = refusal('{"name":"secret"');
    expect(fault?.code).toBe("JSON_MALFORMED");
    expect(`${fault?.message} ${String(fault?.cause)}`).not.toContain("secret");
    expect(String(refusal('{"secret\\x":1}')?.cause)).not.toContain("secret");
  });
});
