import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { Fault } from "./fault.ts";
import { tryShape } from "./try-shape.ts";

const root = join(import.meta.dirname, "../..");
const pretender = JSON.parse('{"length": {"toString": 1, "valueOf": 1}}') as unknown;

describe("tryShape", () => {
  it("gives what fits, and says what does not", () => {
    const shape = z.strictObject({ a: z.string().max(3) });
    expect(tryShape(shape, { a: "b" })).toEqual({ success: true, data: { a: "b" } });
    expect(tryShape(shape, { a: "long" }).error?.issues[0]?.path).toEqual(["a"]);
    expect(tryShape(shape, { a: "b", c: 1 }).success).toBe(false);
  });

  it.each([
    ["a text", z.string().max(5)],
    ["a list", z.array(z.string()).min(1)],
    ["one in a union", z.union([z.string().min(1), z.array(z.number()).max(2)])],
  ])("refuses, and does not fail, what only pretends to be %s", (_, shape) => {
    expect(() => shape.safeParse(pretender)).toThrow(TypeError);
    expect(tryShape(shape, pretender)).toMatchObject({ success: false });
    expect(tryShape(z.strictObject({ in: shape }), { in: pretender })).toMatchObject({ success: false }); // prettier-ignore
  });

  it("lets a fault of the shape itself pass", () => {
    const shape = z.string().transform(() => {
      throw new Fault("REQUEST_INVALID", "said by the shape");
    });
    expect(() => tryShape(shape, "a")).toThrow(Fault);
  });
});

/** Who asks the library itself, and why he may. */
const askers: Readonly<Record<string, string>> = {
  "schemas/ground/try-shape.ts": "the guard",
  "schemas/check/check-message.ts": "messages in memory, made by our own readers",
  "schemas/generate/read-labels.ts": "our own files, when code is made",
};

describe("values from outside", () => {
  it("are looked at by the guard alone", () => {
    const found = globSync("{schemas,certs,broker,gateways,deploy}/**/*.ts", { cwd: root })
      .filter((file) => !file.includes("node_modules") && !file.endsWith(".test.ts"))
      .filter((file) => !file.startsWith("gateways/client/"))
      .filter((file) => /\.\s*safeParse(Async)?\s*\(/.test(readFileSync(join(root, file), "utf8")));
    expect(found.toSorted()).toEqual(Object.keys(askers).toSorted());
  });
});
