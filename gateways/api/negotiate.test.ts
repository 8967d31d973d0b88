import { describe, expect, it } from "vitest";

import { chooseForm, chooseLanguage, choosePacking, findLanguage } from "./negotiate.ts";

const forms = ["application/json", "text/plain", "text/html"] as const;

describe("the form of an answer", () => {
  it.each([
    [null, "application/json"],
    ["", "application/json"],
    ["*/*", "application/json"],
    ["text/*", "text/plain"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"],
    ["application/json;q=0.4, text/plain;q=0.5", "text/plain"],
    ["text/plain, application/json", "text/plain"],
    ["text/*;q=0.3, text/html;q=0.7, */*;q=0.1", "text/html"],
    ["text/plain;q=0, text/*", "text/html"],
    ["application/json;q=0, */*", "text/plain"],
  ])("%s: %s", (accept, type) => {
    expect(chooseForm(accept, forms).type).toBe(type);
  });

  it.each([
    "image/png",
    "text/markdown",
    "application/json;q=0",
    "constructor",
    "*/*;q=0",
    ",,,",
    "application/json;q=high",
    "application/json;q=2",
  ])("%s is refused, with what there is", (accept) => {
    expect(() => chooseForm(accept, forms)).toThrow(
      "ANSWER_TYPE_UNAVAILABLE: it is to be had as application/json, text/plain, text/html",
    );
  });

  it("a header without end is read no further than its limit", () => {
    expect(chooseForm(`text/plain${", x/y".repeat(1_000_000)}`, forms).type).toBe("text/plain");
    expect(() => chooseForm(`${"x/y, ".repeat(1_000)}text/plain`, forms)).toThrow(
      "ANSWER_TYPE_UNAVAILABLE",
    );
  });
});

describe("the language of an answer", () => {
  it.each([
    ["fr", "fr"],
    ["fr-SN, en;q=0.5", "fr"],
    ["en;q=0.2, pt-BR;q=0.9", "pt"],
    ["de, sw;q=0.1", "sw"],
    ["*", "en"],
    ["de", undefined],
    ["ar;q=0", undefined],
    ["__proto__", undefined],
  ])("%s: %s", (header, lang) => {
    expect(findLanguage(header)).toBe(lang);
  });

  it("what stands beside the form counts before Accept-Language, and English stands in for what nobody has", () => {
    const headers = new Headers({ "accept-language": "ar" });
    expect(chooseLanguage(headers, chooseForm("text/plain;lang=sw", forms))).toBe("sw");
    expect(chooseLanguage(headers, chooseForm("text/plain;lang=de", forms))).toBe("ar");
    expect(chooseLanguage(new Headers({ "accept-language": "de" }))).toBe("en");
  });
});

describe("the packing of an answer", () => {
  it.each([
    [null, undefined],
    ["identity", undefined],
    ["gzip", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["br;q=0.1, gzip", "gzip"],
    ["br;q=0, *", "gzip"],
    ["*;q=0", undefined],
  ])("%s: %s", (header, packing) => {
    expect(choosePacking(header)).toBe(packing);
  });
});
