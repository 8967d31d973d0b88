import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { renderHex } from "../ground/index.ts";
import { renderCanonicalJson } from "./canonical.ts";
import { codeList, codeListDigest, codeListNames, isKnownCode, labelOf } from "./index.ts";

/** Lists about the world, which a report may not know; the others are about ourselves. */
const ofTheWorld = [
  "ATTACK_METHOD",
  "CASE_STATUS",
  "COMMODITY",
  "DOCUMENT_TYPE",
  "EVIDENCE_LEVEL",
  "KNOWN",
  "NAME_KIND",
  "PERSON_ROLE",
  "REPORT_STAGE",
  "SEX",
  "SHIP_STATUS",
  "UNIT",
  "VESSEL_TYPE",
  "WEAPON",
];

describe("codeList", () => {
  it("has every JSON file of the folder, under the file's name", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".json"));
    expect(files.map((file) => file.replace(".json", "")).toSorted()).toEqual(codeListNames);
    for (const name of codeListNames) expect(codeList(name)?.list).toBe(name);
  });

  it("does not find a list that is only a property of every object", () => {
    expect(codeList("constructor")).toBeUndefined();
  });

  it.each(codeListNames)(
    "%s has codes in their spelling, once each, with English and French labels",
    (name) => {
      const codes = codeList(name)?.codes ?? [];
      const spelling = name === "CRIME" ? /^[a-z]{2,12}$/ : /^[A-Z][A-Z0-9_]{0,59}$/;
      expect(codes.length).toBeGreaterThan(0);
      expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
      for (const { code, labels } of codes) {
        expect(code).toMatch(spelling);
        for (const label of [labels.en, labels.fr]) {
          expect(label).toBe(label.trim().normalize("NFC"));
          expect(label.length).toBeGreaterThan(0);
        }
      }
      for (const lang of ["en", "fr"] as const) {
        expect(new Set(codes.map(({ labels }) => labels[lang])).size).toBe(codes.length);
      }
    },
  );

  it.each(ofTheWorld)("%s can say UNKNOWN, because real reports lack it", (name) => {
    expect(isKnownCode(name, "UNKNOWN")).toBe(true);
  });

  it("has the 23 crimes that subjects are made of", () => {
    expect(codeList("CRIME")?.codes).toHaveLength(23);
  });
});

describe("codeListDigest", () => {
  it("is the same for the same edition and differs between lists", () => {
    const digests = codeListNames.map((name) => renderHex(codeListDigest(name)!));
    expect(new Set(digests).size).toBe(codeListNames.length);
    expect(renderHex(codeListDigest("FORM")!)).toMatch(/^[0-9a-f]{64}$/);
    expect(codeListDigest("NO_SUCH_LIST")).toBeUndefined();
  });

  it("is taken over one spelling, whatever the order of members", () => {
    const here = renderCanonicalJson({ b: [1, { d: "é", c: null }], a: true });
    expect(here).toBe('{"a":true,"b":[1,{"c":null,"d":"é"}]}');
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

describe("labelOf", () => {
  it("speaks the language, then English, then shows the code of a newer edition", () => {
    expect(labelOf("COMMODITY", "IVORY", "fr")).toBe("ivoire");
    expect(labelOf("COMMODITY", "IVORY", "pt")).toBe("ivory");
    expect(labelOf("COMMODITY", "LITHIUM", "fr")).toBe("LITHIUM");
  });
});
