import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { exampleOf } from "../../schemas/examples/index.ts";
import { parseBody } from "../../schemas/index.ts";
import { digestOfText } from "../../gateways/translation/index.ts";
import {
  encodeText,
  findTexts,
  isOther,
  namesFiles,
} from "../../gateways/console/page/ground/texts.ts";

describe("findTexts", () => {
  it("finds a sender's own words wherever they stand, and nothing else", () => {
    const body = { facts: { text: "a", lang: "en" }, kind: "drugs", items: [{ detail: { text: "b", lang: "fr" } }, { text: "no language" }] };
    expect(findTexts(body).map(({ pointer, text, lang }) => [pointer, text, lang])).toEqual([
      ["/facts", "a", "en"],
      ["/items/0/detail", "b", "fr"],
    ]);
  }); // prettier-ignore

  it("ends where things stand in each other without end", () => {
    let deep: unknown = { text: "far", lang: "en" };
    for (let depth = 0; depth < 40; depth += 1) deep = { deep };
    expect([findTexts(deep), namesFiles(deep)]).toEqual([[], false]);
  });
});

describe("encodeText", () => {
  it.each(["request.information", "alert.incident", "notice.wanted"] as const)(
    "of each text of the example %s hashes to what the gateway binds translations to",
    (type) => {
      const { body } = exampleOf(type) as { body: unknown };
      const parsed: unknown = parseBody(type, body);
      const all = findTexts(body);
      expect(all.length).toBeGreaterThan(0);
      for (const { pointer, source } of all) {
        const signed = pointer.split("/").slice(1).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], parsed);
        const digest = createHash("sha256").update(encodeText(source)).digest();
        expect(Buffer.from(digestOfText(signed as Parameters<typeof digestOfText>[0])).equals(digest)).toBe(true);
      }
    },
  ); // prettier-ignore

  it("has the marks of what no translation may change", () => {
    const source = { text: "x".repeat(300), lang: "pt-BR", script: "Latn", marks: [{ start: 0, end: 200, kind: "PLACE" }] };
    const signed = { text: source.text, lang: source.lang, script: source.script, marks: source.marks };
    const digest = createHash("sha256").update(encodeText(source)).digest();
    expect(Buffer.from(digestOfText(signed)).equals(digest)).toBe(true);
  }); // prettier-ignore
});

describe("isOther", () => {
  it("takes a language of a region for the language", () => {
    expect([isOther("pt-BR", "pt"), isOther("PT", "pt"), isOther("fr", "pt")]).toEqual([false, false, true]);
  }); // prettier-ignore
});

describe("namesFiles", () => {
  it("is true of a body that names one, however deep", () => {
    expect(namesFiles({ persons: [{ biometrics: [{ digest: "d", mediaType: "image/png" }] }] })).toBe(true);
    expect(namesFiles({ sourceDigest: "d", digest: "d" })).toBe(false);
  }); // prettier-ignore
});
