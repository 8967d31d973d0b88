import { describe, expect, it } from "vitest";

import { languages } from "../../schemas/index.ts";
import { findingKinds, makeFinding, sayFinding } from "./index.ts";
import { findingCodes } from "./words.ts";

const facts = {
  kind: "LINK", version: "22.1", floor: "24.12", now: "2026-03-09T14:05:00.000Z", known: "2026-03-10T14:05:00.000Z",
  minutes: 7, count: 3, file: "/a/b", mode: "644", wanted: "600", free: 5, ms: 9, why: "WHY", epoch: 4,
  until: "2026-03-11T14:05:00.000Z", agency: "ng/tcu", days: 2, host: "hub.example", port: 4222, subject: "CN=x",
  since: "2026-03-08T14:05:00.000Z", url: "http://x", id: "ID", messages: 8, twice: 6, hub: "eac/hub", size: 417, names: "w.example/one",
} as const; // prettier-ignore

const marks = (text: string): readonly string[] =>
  Object.values(facts).map(String).filter((value) => text.includes(value)).toSorted(); // prettier-ignore

describe("sayFinding", () => {
  it.each(languages)("every finding has its sentence, and what is wrong a way out, in %s", (lang) => {
    for (const [code, isWrong] of findingCodes) {
      const kind = code as keyof typeof findingKinds;
      const said = sayFinding(makeFinding(kind, facts), lang);
      expect([code, said.says === code, said.fix !== undefined]).toEqual([code, false, isWrong]);
      expect([code, /[{}]|\?$/.test(said.says + (said.fix ?? ""))]).toEqual([code, false]);
    }
  }); // prettier-ignore

  it.each(languages)("every language tells the same facts: %s", (lang) => {
    for (const [code] of findingCodes) {
      const finding = makeFinding(code as keyof typeof findingKinds, facts);
      const [own, english] = [sayFinding(finding, lang), sayFinding(finding, "en")];
      expect([code, marks(own.says)]).toEqual([code, marks(english.says)]);
    }
  });

  it("no language borrows a sentence of another", () => {
    for (const [code] of findingCodes) {
      const finding = makeFinding(code as keyof typeof findingKinds);
      const said = new Set(languages.map((lang) => sayFinding(finding, lang).says));
      expect([code, said.size]).toEqual([code, languages.length]);
    }
  });

  it("a moment is told to the minute, and is not turned round in a line from right to left", () => {
    const tell = (lang: "en" | "ar"): string =>
      sayFinding(makeFinding("REGISTER_PAST", facts), lang).says;
    expect(tell("en")).toContain(" 2026-03-11 14:05 UTC");
    expect(tell("ar")).toContain("\u20682026-03-11 14:05 UTC\u2069");
  });
});
