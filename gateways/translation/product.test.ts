import { describe, expect, it } from "vitest";

import { parseBody } from "../../schemas/body/index.ts";
import type { LocalizedText, TranslationProduct } from "../../schemas/gen/index.ts";
import { type FaultCode, isFault, parseUuid } from "../../schemas/ground/index.ts";
import {
  makeTranslationProduct,
  noTranslator,
  type ProductParts,
  translateText,
  verifyTranslation,
} from "./index.ts";

const id = parseUuid("019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11");
const otherId = parseUuid("019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12");

const body = parseBody("alert.incident", {
  kind: "drugs",
  occurredFrom: "2026-11-04T10:00:00Z",
  place: { country: "TG" },
  persons: [{ roles: ["SUSPECT"], sex: "F", names: [{ full: "Aminata Traoré", kind: "LEGAL" }] }],
  narrative: { text: "Aminata Traoré avait 12,5 kg de cocaïne.", lang: "fr" },
  caseStatus: "UNDER_INVESTIGATION",
  caseRef: "EX-1",
});
const source = { id, type: "alert.incident", body } as const;

const parts: ProductParts = {
  sourceId: id,
  pointer: "/narrative",
  source: body.narrative!,
  to: "en",
  result: {
    text: "Aminata Traoré had 12,5 kg of cocaine.",
    engine: "LibreTranslate",
    model: "argos",
    version: "1.9",
    confidence: 0.876,
  },
  at: Date.UTC(2026, 10, 21),
  glossaryVersion: "2026-10",
};

function make(change: Partial<ProductParts> = {}): TranslationProduct {
  return parseBody("translation.product", makeTranslationProduct({ ...parts, ...change }));
}

function codeOf(act: () => unknown): FaultCode | "none" {
  try {
    act();
    return "none";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

function verified(product: TranslationProduct, change: object = {}): FaultCode | "none" {
  return codeOf(() => verifyTranslation(product, { ...source, ...change }));
}

describe("makeTranslationProduct", () => {
  it("says what made it, from what, and that nobody checked it", () => {
    expect(makeTranslationProduct(parts)).toMatchObject({
      targetId: "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11",
      pointer: "/narrative",
      sourceLanguage: "fr",
      text: { text: parts.result.text, lang: "en" },
      method: "MT_RAW",
      engine: "LibreTranslate",
      model: "argos",
      modelVersion: "1.9",
      confidencePercent: 88,
      glossaryVersion: "2026-10",
      translatedAt: "2026-11-21T00:00:00.000Z",
    });
  });

  it.each<readonly [string, Partial<ProductParts>]>([
    ["a place that is no pointer", { pointer: "narrative" }],
    ["the language of the original", { to: "fr" }],
    ["an engine without a name", { result: { text: "x", engine: "" } }],
    ["a text that is too long", { result: { text: "x".repeat(4001), engine: "e" } }],
    ["confidence beyond 1", { result: { text: "x", engine: "e", confidence: 2 } }],
  ])("%s makes no product", (_, change) => {
    expect(codeOf(() => makeTranslationProduct({ ...parts, ...change }))).toBe("SCHEMA_INVALID");
  });
});

describe("verifyTranslation", () => {
  it("gives the original of a product that is bound to it", () => {
    expect(verifyTranslation(make(), source)).toEqual(body.narrative);
  });

  const changed = (change: Partial<LocalizedText>): object => ({
    body: { ...body, narrative: { ...body.narrative, ...change } },
  });

  it.each<readonly [string, object]>([
    ["another message", { id: otherId }],
    ["an original with another word", changed({ text: "Aminata Traoré avait 12,5 kg de sucre." })],
    ["an original in another language", changed({ lang: "pt" })],
    ["an original with another script", changed({ script: "Latn" })],
    ["an original with another mark", changed({ marks: [{ start: 0, end: 3, kind: "OTHER" }] })],
    ["a message without the field", { body: { ...body, narrative: undefined } }],
  ])("a product is not that of %s", (_, change) => {
    expect(verified(make(), change)).toBe("TRANSLATION_UNBOUND");
  });

  it.each([
    "/modusOperandi",
    "/persons/0/names",
    "/persons/7/text",
    "/kind",
    "/constructor",
    "/narrative/text",
    "/toString",
  ])("the pointer %s leads to no text of it", (pointer) => {
    expect(verified(make({ pointer }))).toBe("TRANSLATION_UNBOUND");
  });

  it("a changed hash, id or language unbinds it", () => {
    const product = make();
    expect(verified({ ...product, sourceDigest: new Uint8Array(32) })).toBe("TRANSLATION_UNBOUND");
    expect(verified({ ...product, targetId: otherId })).toBe("TRANSLATION_UNBOUND");
    expect(verified({ ...product, sourceLanguage: "es" })).toBe("TRANSLATION_UNBOUND");
  });

  it.each([
    "Aminata Traoré had 12.5 kg of cocaine.",
    "Aminata Traore had 12,5 kg of cocaine.",
    "She had 12,5 kg of cocaine.",
    "Aminata Traoré had 12,5 kg of cocaine and 3 phones.",
    "Aminata Traoré had 112,5 kg of cocaine.",
  ])("an unchecked machine translation that says %j is withheld", (text) => {
    const product = make({ result: { ...parts.result, text } });
    expect(verified(product)).toBe("TRANSLATION_WITHHELD");
  });

  it("a person may write numbers as his language does", () => {
    const { text } = make();
    const product = {
      ...make(),
      method: "HUMAN",
      engine: undefined,
      text: { ...text, text: "She had 12.5 kg." },
    };
    expect(verified(product)).toBe("none");
  });
});

describe("noTranslator", () => {
  it("is what a gateway has until its operator chooses: it translates nothing", async () => {
    const asked = translateText(noTranslator, { source: body.narrative!, to: "en", literals: [] });
    await expect(asked).rejects.toMatchObject({ code: "TRANSLATION_UNAVAILABLE" });
  });
});
