import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { isFault } from "../ground/index.ts";
import { renderChecks } from "./check.ts";
import { declareFile } from "./declare.ts";
import { renderJsonSchema } from "./json-schema.ts";

const head = 'syntax = "proto3";\npackage atumpan;\n';

function refusalOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
  return undefined;
}

/** The code of the fault with which a source is refused. */
function refusedSource(source: string): string | undefined {
  return refusalOf(() => checksOf(source));
}

function checksOf(source: string): string {
  const file = declareFile("test", `${head}${source}`);
  return renderChecks(file, [file]);
}

describe("npm run gen", () => {
  it("what lies in schemas/gen is what the schemas give today", () => {
    const run = spawnSync(process.execPath, [join(import.meta.dirname, "main.ts"), "--check"], {
      encoding: "utf8",
    });
    expect([run.status, run.stdout, run.stderr]).toEqual([0, "", ""]);
  });
});

describe("declareFile", () => {
  it.each([
    ["64-bit integers", "optional uint64 a = 1;"],
    ["floats", "optional float a = 1;"],
    ["fixed integers", "optional fixed32 a = 1;"],
    ["implicit presence", "string a = 1;"],
  ])("%s are refused", (_, field) => {
    expect(refusalOf(() => declareFile("test", `${head}message A { ${field} }`))).toBe(
      "SCHEMA_INVALID",
    );
  });
});

describe("renderChecks", () => {
  it("a message stands after those it holds", () => {
    const code = checksOf("message A { optional B b = 1; }\nmessage B { optional bool c = 1; }");
    expect(code.indexOf("checkB:")).toBeLessThan(code.indexOf("checkA:"));
    expect(code.indexOf("checkB:")).toBeGreaterThan(0);
  });

  it("on a list, min and max count its items", () => {
    const code = checksOf("message A { repeated string b = 1 [(min) = 2, (max) = 3]; }");
    expect(code).toContain("b: list(text(0, 100), 2, 3),");
  });

  it("a format nobody defined is refused", () => {
    expect(refusedSource('message A { optional string b = 1 [(format) = "shoe_size"]; }')).toBe(
      "SCHEMA_INVALID",
    );
  });

  it("a format of bytes on a text is refused, and the other way round", () => {
    for (const field of ['string b = 1 [(format) = "digest"]', 'bytes b = 1 [(format) = "rec"]']) {
      expect(refusalOf(() => checksOf(`message A { optional ${field}; }`))).toBe("SCHEMA_INVALID");
    }
  });

  it("messages that hold each other are refused, because their depth has no end", () => {
    expect(refusedSource("message A { optional B b = 1; }\nmessage B { optional A a = 1; }")).toBe(
      "SCHEMA_INVALID",
    );
  });
});

describe("renderJsonSchema", () => {
  it("is strict and carries lengths, patterns, units and the names of code lists", () => {
    const { messages } = declareFile(
      "test",
      `${head}message A {
        optional string b = 1 [(required) = true, (code) = "URGENCY"];
        optional string c = 2 [(min) = 1, (max) = 7];
        optional uint32 d = 3 [(at_most) = 9, (unit) = "metres"];
        repeated B e = 4 [(max) = 2];
      }
      message B { optional bytes f = 1 [(format) = "digest"]; }`,
    );
    expect(JSON.parse(renderJsonSchema(messages[0]!, messages))).toMatchObject({
      additionalProperties: false,
      required: ["b"],
      properties: {
        b: { pattern: "^[A-Z][A-Z0-9_]{0,59}$", "x-code-list": "URGENCY" },
        c: { minLength: 1, maxLength: 7 },
        d: { type: "integer", minimum: 0, maximum: 9, "x-unit": "metres" },
        e: { type: "array", maxItems: 2, items: { $ref: "#/$defs/B" } },
      },
      $defs: {
        B: { additionalProperties: false, properties: { f: { minLength: 43, maxLength: 43 } } },
      },
    });
  });
});
