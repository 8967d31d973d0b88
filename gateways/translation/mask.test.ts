import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { LocalizedText } from "../../schemas/gen/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { collectLiterals } from "./index.ts";
import { isOnlyFacts, maskText, unmaskText } from "./mask.ts";

function makeText(text: string, ...marked: readonly string[]): LocalizedText {
  const marks = marked.map((part) => {
    const start = Array.from(text.slice(0, text.indexOf(part))).length;
    return { start, end: start + Array.from(part).length, kind: "OTHER" };
  });
  return { text, lang: "fr", marks };
}

function isWithheld(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return isFault(error, "TRANSLATION_WITHHELD");
  }
}

const names = ["Aminata Traoré", "Traoré", "محمد", "ወርቅነህ", "N’Diaye", "da Silva"];

describe("maskText", () => {
  it.each([
    ["a name", "Hier Traoré est partie", ["Traoré"]],
    ["a name with its surname", "Aminata Traoré est partie", ["Aminata Traoré"]],
    ["a name with an apostrophe", "vu avec N’Diaye hier", ["N’Diaye"]],
    ["an Arabic name after its prefix", "التقى أحمد ومحمد هناك", ["محمد"]],
    ["an Amharic name between its prefix and suffix", "የወርቅነህን መኪና", ["ወርቅነህ"]],
    ["a number", "il y avait 12,5 kg et 3 sacs", ["12,5", "3"]],
    ["thousands with spaces", "soit 12 500 000 francs", ["12 500 000"]],
    ["an amount with its currency", "payé 500 XOF comptant", ["500 XOF"]],
    ["dates and times", "le 09/03/2026 à 14:05", ["09/03/2026", "14:05"]],
    ["Arabic digits", "ضُبط ١٢٫٥ كيلوغرامًا", ["١٢٫٥"]],
    ["digits among Han", "在2026年11月", ["2026", "11"]],
    ["a plate", "la voiture TG 4821 BB roulait", ["TG 4821 BB"]],
    [
      "an account and an IBAN",
      "du compte EX00-1234/56 vers GB33BUKB20201555555555",
      ["EX00-1234/56", "GB33BUKB20201555555555"],
    ],
    [
      "an address on the web",
      "voir https://portal.example/a?b=c#d merci",
      ["https://portal.example/a?b=c#d"],
    ],
    ["an e-mail address", "écrire à a.b-c@justice.example svp", ["a.b-c@justice.example"]],
    ["a fraction and a power", "½ tonne sur 10 m²", ["½", "10", "m²"]],
  ])("takes out %s", (_, text, facts) => {
    const masked = maskText(makeText(text), names);
    expect(masked.facts).toEqual(facts);
    for (const fact of facts) expect(masked.text).not.toContain(fact);
    expect(unmaskText(masked.text, masked)).toBe(text);
  });

  it("takes out what is marked, the whole word of it, and wherever it stands", () => {
    const text = "Étoile Noire: les hommes d’Étoile Noire 🚢 de la Baleine";
    const masked = maskText(makeText(text, "Étoile Noire", "Balei"), []);
    expect(masked.facts).toEqual(["Étoile Noire", "Étoile Noire", "Baleine"]);
  });

  it("marks count characters, not units", () => {
    expect(maskText(makeText("🚢🚢 navire Baleine ici", "Baleine"), []).facts).toEqual(["Baleine"]);
  });

  it("a name inside another word is no name", () => {
    expect(maskText(makeText("la Traorésie et عليها"), ["Traoré", "علي"]).facts).toEqual([]);
  });

  it("a text that has the placeholders' letters gets others; one that has them all is withheld", () => {
    const masked = maskText(makeText("zq0qz vu 7 fois"), []);
    expect(masked.fence).toEqual(["XJ", "JX"]);
    expect(isWithheld(() => maskText(makeText("zq xj qk vx 7"), []))).toBe(true);
  });

  it("knows a piece without words", () => {
    const masked = maskText(makeText("TG 4821 BB — 12,5 !"), []);
    expect(isOnlyFacts(masked.text, masked)).toBe(true);
    expect(isOnlyFacts(`${masked.text} kilos`, masked)).toBe(false);
  });

  it("the longest text is masked at once", () => {
    // this thread's own work, in microseconds: what else the machine does is not in it
    const started = process.threadCpuUsage().user;
    const text = makeText("a1.b2@c3 ".repeat(44) + "é".repeat(3600));
    maskText(
      text,
      Array.from({ length: 2000 }, (_, at) => `Name${at}`),
    );
    for (const sign of ["1 ", "1", "1,", "a", "a.", "@", "A ", "-", "http:"]) {
      const heap = makeText(sign.repeat(Math.floor(4000 / sign.length)));
      isWithheld(() => {
        const heaped = maskText(heap, ["a", "aa", "aaa"]);
        return unmaskText(heaped.text, heaped);
      });
    }
    expect(process.threadCpuUsage().user - started).toBeLessThan(2_000_000);
  });
});

describe("unmaskText", () => {
  const masked = maskText(makeText("Traoré a vu 12 sacs et محمد le 3"), names);

  it("order is the language's", () => {
    expect(unmaskText("ZQ3QZ: ZQ2QZ, ZQ1QZ bags, ZQ0QZ", masked)).toBe("3: محمد, 12 bags, Traoré");
  });

  it("an Arabic prefix may stand before a name", () => {
    expect(unmaskText("رأى ZQ0QZ وZQ2QZ ZQ1QZ في ZQ3QZ", masked)).toBe("رأى Traoré ومحمد 12 في 3");
  });

  it.each([
    ["a lost placeholder", "ZQ0QZ saw ZQ1QZ bags and ZQ2QZ"],
    ["a doubled one", "ZQ0QZ saw ZQ1QZ bags, ZQ1QZ, ZQ2QZ ZQ3QZ"],
    ["one in another's place", "ZQ0QZ saw ZQ1QZ bags, ZQ2QZ ZQ2QZ"],
    ["an invented one", "ZQ0QZ saw ZQ1QZ bags, ZQ2QZ ZQ3QZ ZQ4QZ"],
    ["one with other spelling", "ZQ0QZ saw ZQ 1 QZ bags, ZQ2QZ ZQ3QZ"],
    ["one in small letters besides", "ZQ0QZ ZQ1QZ ZQ2QZ ZQ3QZ zq"],
    ["one with a zero before", "ZQ00QZ saw ZQ1QZ bags, ZQ2QZ ZQ3QZ"],
    ["an added number", "ZQ0QZ saw ZQ1QZ bags of 5, ZQ2QZ ZQ3QZ"],
    ["an added number in other digits", "ZQ0QZ saw ZQ1QZ bags of ٥, ZQ2QZ ZQ3QZ"],
    ["a digit joined to a number", "ZQ0QZ saw ZQ1QZ0 bags, ZQ2QZ ZQ3QZ"],
    ["two numbers joined", "ZQ0QZ saw ZQ1QZZQ3QZ bags, ZQ2QZ"],
    ["two numbers that read as one", "ZQ0QZ, ZQ2QZ ZQ3QZ,ZQ1QZ bags"],
    ["a letter joined to a name", "ZQ0QZs saw ZQ1QZ bags, ZQ2QZ ZQ3QZ"],
    ["an added address", "ZQ0QZ www.example ZQ1QZ bags, ZQ2QZ ZQ3QZ"],
    ["an added e-mail address", "ZQ0QZ a@b ZQ1QZ bags, ZQ2QZ ZQ3QZ"],
    ["nothing", ""],
  ])("%s withholds the translation", (_, answer) => {
    expect(isWithheld(() => unmaskText(answer, masked))).toBe(true);
  });
});

describe("unmaskText of numbers in a row", () => {
  const masked = maskText(makeText("12 le 300"), []);

  it("two numbers side by side are not read as thousands", () => {
    expect(unmaskText("ZQ1QZ and ZQ0QZ", masked)).toBe("300 and 12");
    expect(isWithheld(() => unmaskText("ZQ0QZ ZQ1QZ", masked))).toBe(true);
  });
});

describe("collectLiterals", () => {
  it("finds names, their words, documents, ships and accounts at any depth, and no codes or prose", () => {
    const literals = collectLiterals("alert.incident", {
      kind: "drugs",
      caseStatus: "OPEN",
      caseRef: "EX-7",
      narrative: { text: "Prose stays prose", lang: "fr", marks: [] },
      persons: [
        {
          roles: ["SUSPECT"],
          names: [
            { full: "Kossi bin Salem N’Diaye", kind: "LEGAL", family: "N’Diaye", given: ["Kossi"] },
          ],
          documents: [{ type: "PASSPORT", number: "G0123456", issuerCountry: "TG" }],
        },
      ],
      vessels: [{ name: "Étoile Noire" }],
    });
    for (const one of [
      "Kossi bin Salem N’Diaye",
      "N’Diaye",
      "N’DIAYE",
      "G0123456",
      "Étoile",
      "EX-7",
    ]) {
      expect(literals).toContain(one);
    }
    for (const one of ["drugs", "OPEN", "SUSPECT", "PASSPORT", "TG", "bin", "Prose", "fr"]) {
      expect(literals).not.toContain(one);
    }
  });
});

describe("a thousand texts (T-14)", () => {
  const fact = fc.oneof(
    fc.constantFrom(
      ...names,
      "TG 4821 BB",
      "G0123456",
      "09/03/2026",
      "14:05",
      "12,5",
      "a.b@c.example",
    ),
    fc.integer({ min: 0, max: 999 }).map(String),
    fc.integer({ min: 1000, max: 9999 }).map((at) => `EX-${at}/A`),
  );
  const word = fc.constantFrom("remis", "avec", "le", "navire", "وصل", "na", "gari", "ነው", "puis");
  const texts = fc.array(fc.tuple(word, fact), { minLength: 1, maxLength: 12 });

  it("keep their facts in any order of the words", () => {
    fc.assert(
      fc.property(texts, fc.integer(), (pairs, by) => {
        const masked = maskText(
          makeText(pairs.map((pair) => `${pair.join(" ")};`).join(" ")),
          names,
        );
        const clauses = masked.text.split("; ");
        const turn = Math.abs(by) % clauses.length;
        const turned = [...clauses.slice(turn), ...clauses.slice(0, turn)].join("; ");
        const text = unmaskText(turned, masked);
        for (const [, one] of pairs) expect(text).toContain(one);
      }),
      { numRuns: 1000, seed: 14 },
    );
  });

  it("are withheld when any one fact is lost, doubled or changed", () => {
    fc.assert(
      fc.property(
        texts,
        fc.nat(),
        fc.constantFrom("", "$&; $&", "$& 7", "7", "x$&x"),
        (pairs, at, change) => {
          const masked = maskText(makeText(pairs.map((pair) => pair.join(" ")).join("; ")), names);
          const which = at % masked.facts.length;
          const [open, close] = masked.fence;
          const answer = masked.text.replace(`${open}${which}${close}`, change);
          expect(isWithheld(() => unmaskText(answer, masked))).toBe(true);
        },
      ),
      { numRuns: 1000, seed: 14 },
    );
  });
});
