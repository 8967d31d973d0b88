import { describe, expect, it } from "vitest";

import { findNameFault, scriptOf, transliterate } from "./index.ts";

const mrz = (full: string, lang?: string): string | undefined => transliterate({ full, lang })?.mrz;

describe("findNameFault (T23)", () => {
  const real = [
    "N'Diaye",
    "Traoré",
    "da Silva",
    "Al-Bashir",
    "ወርቅነህ ገብረ",
    "محمد بن سالم",
    "O’Connor",
    "Nguyễn Thị Ánh",
    "Nʼgoran",
    "Kahanamoku-ʻOpūnui",
    "Nuñez y Peña",
    "Ɖela Kɔfi",
    "Oluwaṣẹun",
    "ⴰⵎⴰⵣⵉⵖ",
    "ߒߞߏ ߞߊߟߌ",
    "𞤀𞤣𞤤𞤢𞤥",
    "Иванова-Юрьева",
    "Χρήστος",
    "山田　太郎",
    "葛\u{e0100}城",
    "김철수",
    "שָׁלוֹם",
    "می\u200cخواهم",
    "ශ්\u200dරී",
    "क्\u200dष",
    "محمد (Mohammed) da Silva",
    "\u2067محمد\u2069 Traoré",
    "50 Kobo",
    "X",
    "a".repeat(200),
  ];

  it.each(real)("%j passes", (name) => {
    expect(findNameFault(name)).toBeUndefined();
  });

  it("the pattern of a known report schema would refuse half of them", () => {
    const narrow = /^([A-Za-z])+$/;
    for (const name of ["N'Diaye", "Traoré", "da Silva"]) {
      expect(narrow.test(name)).toBe(false);
      expect(findNameFault(name)).toBeUndefined();
    }
  });

  it.each([
    ["nothing", "", "SCHEMA_FIELD_LENGTH"],
    ["spaces alone", "  \u3000 ", "SCHEMA_FIELD_LENGTH"],
    ["more than 200 characters", "a".repeat(201), "SCHEMA_FIELD_LENGTH"],
    ["more than 200 characters of two units", "𞤀".repeat(201), "SCHEMA_FIELD_LENGTH"],
    ["a null", "a\u0000", "SCHEMA_FIELD_PATTERN"],
    ["a line end", "Traoré\nAdmin", "SCHEMA_FIELD_PATTERN"],
    ["a tab", "a\tb", "SCHEMA_FIELD_PATTERN"],
    ["a line separator", "a\u2028b", "SCHEMA_FIELD_PATTERN"],
    ["an isolate that is not closed", "\u2067محمد", "SCHEMA_FIELD_PATTERN"],
    ["a closing mark alone", "a\u2069", "SCHEMA_FIELD_PATTERN"],
    ["marks closed in the wrong order", "\u2067\u202ba\u2069\u202c", "SCHEMA_FIELD_PATTERN"],
    ["an override, even closed", "\u202edlanoR\u202c", "SCHEMA_FIELD_PATTERN"],
    ["a zero-width space", "Tra\u200boré", "SCHEMA_FIELD_PATTERN"],
    ["a joiner between Latin letters", "Tra\u200doré", "SCHEMA_FIELD_PATTERN"],
    ["a non-joiner after the last letter", "محمد\u200c", "SCHEMA_FIELD_PATTERN"],
    ["two joiners", "ශ්\u200d\u200dරී", "SCHEMA_FIELD_PATTERN"],
    ["a right-to-left mark", "Traoré\u200f", "SCHEMA_FIELD_PATTERN"],
    ["a soft hyphen", "Tra\u00adoré", "SCHEMA_FIELD_PATTERN"],
    ["a byte order mark", "\ufeffTraoré", "SCHEMA_FIELD_PATTERN"],
    ["a selector on a Latin letter", "T\ufe0fraoré", "SCHEMA_FIELD_PATTERN"],
    ["a Hangul filler", "김\u3164", "SCHEMA_FIELD_PATTERN"],
    ["the blank of Braille", "a\u2800", "SCHEMA_FIELD_PATTERN"],
    ["an invisible tag", "a\u{e0041}", "SCHEMA_FIELD_PATTERN"],
    ["an unassigned character", "a\u0378", "SCHEMA_FIELD_PATTERN"],
    ["private use", "a\ue000", "SCHEMA_FIELD_PATTERN"],
    ["half a character", "a\ud800", "SCHEMA_FIELD_PATTERN"],
    ["letters in their second spelling (NFD)", "Traore\u0301", "SCHEMA_FIELD_PATTERN"],
    ["a mark without a letter", "\u0323a", "SCHEMA_FIELD_PATTERN"],
    ["a heap of marks", `x${"\u0323".repeat(9)}`, "SCHEMA_FIELD_PATTERN"],
  ])("%s is refused", (_, name, code) => {
    expect(findNameFault(name)?.code).toBe(code);
  });
});

describe("scriptOf", () => {
  it.each([
    ["Traoré", "Latn"],
    ["N'Diaye-Ba 3", "Latn"],
    ["محمد بن سالم", "Arab"],
    ["ወርቅነህ", "Ethi"],
    ["Иванова", "Cyrl"],
    ["ⴰⵎⴰⵣⵉⵖ", "Tfng"],
    ["ߒߞߏ", "Nkoo"],
    ["山田あい", "Jpan"],
    ["김철수", "Hang"],
    ["金 철수", "Kore"],
  ])("%j is %s", (text, script) => {
    expect(scriptOf(text)).toBe(script);
  });

  it.each([
    ["two scripts", "محمد Traoré"],
    ["a look-alike among Latin letters", "Trаoré"],
    ["no letters", "12-34"],
    ["a script without a code here, among Latin letters", "a𐤀"],
    ["a text beyond any limit", "a".repeat(8001)],
  ])("%s have no one script", (_, text) => {
    expect(scriptOf(text)).toBeUndefined();
  });
});

describe("transliterate", () => {
  it.each([
    ["Traoré", "TRAORE"],
    ["N'Diaye", "NDIAYE"],
    ["O’Connor", "OCONNOR"],
    ["Nʼgoran", "NGORAN"],
    ["da Silva", "DA<SILVA"],
    ["Al-Bashir", "AL<BASHIR"],
    ["Nguyễn", "NGUYEN"],
    ["Müller-Weiß", "MUELLER<WEISS"],
    ["Øystein Æsgård", "OEYSTEIN<AESGAARD"],
    ["Łukasz Đorđević", "LUKASZ<DORDEVIC"],
    ["Þór", "THOR"],
    ["İnci Işık", "INCI<ISIK"],
    ["Nuñez", "NUNEZ"],
    ["Ŋmaba", "NMABA"],
    ["Oluwaṣẹun", "OLUWASEUN"],
    ["Ǿrsted", "OERSTED"],
    ["Jean  -  Paul", "JEAN<PAUL"],
    ["Dupont, Marie", "DUPONT<MARIE"],
    ["A. B. Cissé", "A<B<CISSE"],
  ])("Latin: %j is %s", (name, form) => {
    expect(mrz(name)).toBe(form);
  });

  it.each([
    ["Юрий Щукин", undefined, "IURII<SHCHUKIN"],
    ["Объедков", undefined, "OBIEEDKOV"],
    ["Игорь", undefined, "IGOR"],
    ["Єгор Їжак Гук Яна Майя", "uk", "YEHOR<YIZHAK<HUK<YANA<MAIIA"],
    ["Ёлкин Ганна", "be-BY", "IOLKIN<HANNA"],
    ["Щерев", "bg", "SHTEREV"],
    ["Ѓорѓи Ќосев", "mk", "GJORGJI<KJOSEV"],
    ["Џон Шарић", "sr", "DZON<SARIC"],
  ])("Cyrillic: %j (%s) is %s", (name, lang, form) => {
    expect(mrz(name, lang)).toBe(form);
  });

  it.each([
    ["محمد بن سالم", "MXHMD<BN<SALM"],
    // the worked example of Doc 9303 part 3, appendix B
    ["ابو بكر محمد بن زكريا الرازي", "ABW<BKR<MXHMD<BN<ZKRYA<ALRAZY"],
    ["فاطمة", "FAXTTMXAH"],
    ["فاطمةزهراء", "FAXTTMXTAZHRAXE"],
    ["عبّاس", "EBBAS"],
    ["فضَّة", "FXDZXDZXAH"],
    ["مُحَمَّد", "MXHMMD"],
    ["ســالم", "SALM"],
    ["أحمد إبراهيم", "XAEXHMD<IBRAHYM"],
    ["پرویز چوگان", "PRWXYAZ<XCWXGGAN"],
    ["\u2067محمد\u2069", "MXHMD"],
  ])("Arabic: %j is %s", (name, form) => {
    expect(mrz(name)).toBe(form);
  });

  it.each([
    ["Ethiopic", "ወርቅነህ"],
    ["Tifinagh", "ⴰⵎⴰⵣⵉⵖ"],
    ["N'Ko", "ߒߞߏ"],
    ["Greek", "Χρήστος"],
    ["Han", "山田"],
    ["a Latin letter the tables do not have", "Kɔfi"],
    ["an Arabic letter the tables leave out", "ڨابس"],
    ["one foreign letter among Latin ones", "Traoré ወ"],
    ["a digit", "Louis 14"],
    ["signs alone", "'-'"],
    ["an emoji", "Ada 🚢"],
    ["a hidden character", "Tra\u200boré"],
    ["nothing", ""],
  ])("%s is never guessed", (_, name) => {
    expect(transliterate({ full: name })).toBeUndefined();
  });

  it("family and given names are parted by two fillers, when both are known", () => {
    const full = "João Maria da Silva";
    expect(transliterate({ full, family: "da Silva", given: ["João", "Maria"] })?.mrz).toBe(
      "DA<SILVA<<JOAO<MARIA",
    );
    expect(transliterate({ full, family: "da Silva", given: [] })?.mrz).toBe("JOAO<MARIA<DA<SILVA");
    expect(transliterate({ full, family: "da Silva", given: ["'"] })).toBeUndefined();
  });

  it("mixed scripts are written letter by letter", () => {
    expect(mrz("محمد Traoré")).toBe("MXHMD<TRAORE");
  });

  it("what cannot be had back is lossy", () => {
    expect(transliterate({ full: "da Silva" })).toEqual({ mrz: "DA<SILVA", lossy: false });
    for (const full of ["Traoré", "N'Diaye", "Al-Bashir", "محمد", "Müller"]) {
      expect(transliterate({ full })?.lossy).toBe(true);
    }
  });

  it("a form is at most 120 characters, and never ends in a filler", () => {
    const long = transliterate({ full: `${"Щ".repeat(29)} Щ${"a".repeat(100)}` });
    expect(long?.mrz).toHaveLength(120);
    expect(long?.lossy).toBe(true);
    expect(transliterate({ full: `${"a".repeat(119)} ${"b".repeat(50)}` })?.mrz).toBe(
      "A".repeat(119),
    );
    expect(transliterate({ full: "ش".repeat(200) })?.mrz).toHaveLength(120);
  });
});
