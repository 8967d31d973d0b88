import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemClock } from "../schemas/ground/index.ts";
import type { OfficeTranslation } from "./exchange/index.ts";
import { makeTranslation, translationShape } from "./translation-choice.ts";

let dir = "";

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "choice-"));
});

afterAll(() => rmSync(dir, { recursive: true }));

function make(choice: unknown): OfficeTranslation | undefined {
  const read = translationShape.optional().parse(choice);
  return makeTranslation(read, { at: (path) => join(dir, path), clock: systemClock });
}

function writeKey(text: string, mode = 0o600): string {
  writeFileSync(join(dir, "key"), text);
  chmodSync(join(dir, "key"), mode);
  return "key";
}

const url = "https://translate.example";

describe("translationShape", () => {
  it.each<readonly [string, unknown]>([
    ["no url", {}],
    ["a key in the file itself", { url, apiKey: "secret" }],
    ["no languages", { url, languages: [] }],
    ["a language that is none", { url, languages: ["fr; drop"] }],
    ["H3, whose restrictions are words", { url, handlingUpTo: "H3" }],
    ["a handling that is none", { url, handlingUpTo: "all" }],
    ["what only looks like a text", { url: { length: 3 } }],
  ])("%s is refused", (_, choice) => {
    expect(translationShape.safeParse(choice).success).toBe(false);
  });
});

describe("makeTranslation", () => {
  it("without a choice there is none", () => {
    expect(make(undefined)).toBeUndefined();
  });

  it.each([
    [undefined, ["H0"]],
    ["H0", ["H0"]],
    ["H1", ["H0", "H1"]],
    ["H2", ["H0", "H1", "H2"]],
  ])("up to %s means exactly %j", (handlingUpTo, handlings) => {
    expect(make({ url, ...(handlingUpTo === undefined ? {} : { handlingUpTo }) })).toMatchObject({
      handlings,
    });
  });

  it.each(["http://translate.example", "ftp://127.0.0.1", "https://me:pw@translate.example", "x"])(
    "the service %s is refused",
    (bad) => {
      expect(() => make({ url: bad })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    },
  );

  it.each(["http://127.0.0.1:5000", "http://localhost/lt", "http://[::1]:5000"])(
    "%s is on this machine and may go without TLS",
    (good) => {
      expect(make({ url: good })?.handlings).toEqual(["H0"]);
    },
  );

  it("a language that the operator did not install is not asked for", async () => {
    const asked = { segments: ["bonjour"], from: "fr", to: "en" };
    const made = make({ url, languages: ["fr", "sw"] });
    await expect(made?.translator.translate(asked)).rejects.toMatchObject({
      code: "TRANSLATION_LANGUAGE",
    });
  });

  it("a key file that is missing, open to others or holds no key is refused, and its text is not told", () => {
    const faultOf = (apiKeyFile: string): unknown => {
      try {
        return make({ url, apiKeyFile });
      } catch (error) {
        return error;
      }
    };
    const invalid: unknown = expect.objectContaining({ code: "CONFIG_INVALID" });
    expect(make({ url, apiKeyFile: writeKey("k3y-value\n") })?.handlings).toEqual(["H0"]);
    expect(faultOf("none")).toEqual(invalid);
    expect(faultOf(writeKey("k3y-value", 0o644))).toEqual(invalid);
    for (const text of ["", "two words", "k3y-value".repeat(40)]) {
      const fault = faultOf(writeKey(text));
      expect(fault).toEqual(invalid);
      expect(String(fault)).not.toContain("k3y-value");
    }
  });
});
