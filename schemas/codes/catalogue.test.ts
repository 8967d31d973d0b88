import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";

import {
  codeList,
  codeListNames,
  countedLabel,
  faultSentence,
  fieldLabel,
  isKnownCode,
  isLanguage,
  labelOf,
  languages,
  packState,
  parseLanguage,
  typeLabel,
} from "./index.ts";

/** Lists about the world, which a report may not know; the others are about ourselves. */
const ofTheWorld = [
  "ATTACK_METHOD", "CASE_STATUS", "COMMODITY", "DOCUMENT_TYPE", "EVIDENCE_LEVEL", "KNOWN", "NAME_KIND",
  "PERSON_ROLE", "REPORT_STAGE", "SEX", "SHIP_STATUS", "UNIT", "VESSEL_TYPE", "WEAPON",
]; // prettier-ignore

describe("codeList", () => {
  it("has every JSON file of the folder, under the file's name", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".json"));
    const names = files.map((file) => file.replace(".json", "")).filter((name) => name !== "words");
    expect(names.toSorted()).toEqual(codeListNames);
    for (const name of codeListNames) expect(codeList(name)?.list).toBe(name);
  });

  it("does not find a list that is only a property of every object", () => {
    expect(codeList("constructor")).toBeUndefined();
  });

  it("every list says whose it is, its edition, and a digest of its own", () => {
    const digests = codeListNames.map((name) => codeList(name)!.digest);
    expect(new Set(digests).size).toBe(codeListNames.length);
    for (const name of codeListNames) {
      const { digest, source, version } = codeList(name)!;
      expect([digest, source, version]).toEqual([
        expect.stringMatching(/^[0-9a-f]{64}$/),
        expect.stringMatching(/\S/),
        expect.any(Number),
      ]);
    }
  });

  it.each(ofTheWorld)("%s can say UNKNOWN, because real reports lack it", (name) => {
    expect(isKnownCode(name, "UNKNOWN")).toBe(true);
  });

  it("has the 23 crimes that subjects are made of", () => {
    expect(codeList("CRIME")?.codes).toHaveLength(23);
  });
});

describe("isKnownCode", () => {
  it("knows a code in its own list only, and not in another spelling", () => {
    expect(isKnownCode("URGENCY", "FLASH")).toBe(true);
    expect(isKnownCode("URGENCY", "flash")).toBe(false);
    expect(isKnownCode("HANDLING", "FLASH")).toBe(false);
    expect(isKnownCode("NO_SUCH_LIST", "FLASH")).toBe(false);
    expect(isKnownCode("URGENCY", "constructor")).toBe(false);
  });
});

describe("labels", () => {
  it.each(languages)("every code has a label of its own in %s", (lang) => {
    for (const name of codeListNames) {
      const labels = codeList(name)!.codes.map((code) => labelOf(name, code, lang));
      for (const label of labels) expect(label).toBe(label.trim().normalize("NFC"));
      const twice = labels.filter((label, at) => label === "" || labels.indexOf(label) !== at);
      expect([name, twice]).toEqual([name, []]);
    }
  });

  it("a code of a newer edition is shown as itself", () => {
    expect(labelOf("COMMODITY", "IVORY", "fr")).toBe("ivoire");
    expect(labelOf("COMMODITY", "IVORY", "pt")).toBe("marfim");
    expect(labelOf("COMMODITY", "LITHIUM", "fr")).toBe("LITHIUM");
    expect(labelOf("constructor", "name", "fr")).toBe("name");
    expect(fieldLabel("toString", "en")).toBe("toString");
    expect(typeLabel("no.such", "sw")).toBe("no.such");
  });

  it("every language says another sentence for a fault", () => {
    const said = languages.map((lang) => faultSentence("SCHEMA_FIELD_MISSING", lang));
    expect(new Set(said).size).toBe(languages.length);
  });

  it("labels that no native reader confirmed are said to be drafts", () => {
    expect(packState("en")).toMatchObject({ review: "SOURCE" });
    for (const lang of languages.filter((one) => one !== "en")) {
      expect(packState(lang).review).toBe("DRAFT");
      expect(packState(lang).name).toMatch(new RegExp(`^${lang}@[0-9a-f]{8}$`));
    }
  });
});

describe("countedLabel", () => {
  const persons = { list: "MEASURE", code: "PERSONS" };
  const count = (value: number, lang: (typeof languages)[number]): string =>
    countedLabel(persons, { value, shown: String(value) }, lang);

  it("takes the plural form of the number", () => {
    expect(count(1, "en")).toBe("1 person");
    expect(count(2, "en")).toBe("2 persons");
    expect(count(1, "fr")).not.toBe(count(2, "fr").replace("2", "1"));
  });

  it("Arabic has six forms, and each number has one", () => {
    const forms = [0, 1, 2, 3, 11, 100].map((value) => count(value, "ar").replace(/\d+/, "n"));
    expect(new Set(forms).size).toBeGreaterThanOrEqual(4);
  });

  it("shows a code of a newer edition after the number", () => {
    const parsecs = { list: "MEASURE", code: "PARSECS" };
    expect(countedLabel(parsecs, { value: 3, shown: "3" }, "fr")).toBe("3 PARSECS");
  });
});

describe("parseLanguage", () => {
  it("takes the main language of a tag, whatever stands behind it", () => {
    expect(parseLanguage("pt-BR")).toBe("pt");
    expect(parseLanguage("AR")).toBe("ar");
    expect(parseLanguage("ha")).toBeUndefined();
    expect(parseLanguage("")).toBeUndefined();
    expect(isLanguage("pt-BR")).toBe(false);
  });
});
