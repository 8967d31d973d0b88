import { describe, expect, it } from "vitest";

import { isIdentifier, isMrzName } from "./identifiers.ts";

describe("isIdentifier", () => {
  it.each([
    ["a passport", "G0123456"],
    ["a plate with spaces", "GT 4821 - 22"],
    ["an account", "EX00-1234-5678"],
    ["a plate in Arabic", "ب ج د ١٢٣٤"],
    ["a plate with Latin digits and Arabic letters", "أ 12345"],
    ["a plate in Cyrillic", "А123ВС 77"],
    ["a plate in Ethiopic", "አአ 12345"],
    ["a plate in Greek", "ΙΚΥ 1234"],
    ["a plate in Tifinagh", "ⴰ 123"],
    ["a plate of Han and Hiragana", "品川 あ 1234"],
    ["a serial with every sign", "A-1/2.3·4:5#6&7+8_9(0)*'B"],
    ["a masked account", "****1234"],
    ["accents in their composed spelling", "É1"],
    ["one character", "7"],
    ["sixty characters", "A".repeat(60)],
    ["sixty characters of two units each", "𞤀".repeat(60)],
  ])("%s passes", (_, text) => {
    expect(isIdentifier(text)).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["sixty-one characters", "A".repeat(61)],
    ["a space before", " A1"],
    ["a space after", "A1 "],
    ["two spaces", "A  1"],
    ["a no-break space", "A\u00a01"],
    ["a line end", "A\n1"],
    ["signs alone", "-/-"],
    ["a Cyrillic letter among Latin ones", "А1B2"],
    ["a Greek letter among Latin ones", "Α1B2"],
    ["an Arabic letter among Latin ones", "Aب1"],
    ["a Han letter among Hangul and kana", "品한あ"],
    ["full-width letters", "ＡＢ１"],
    ["mathematical letters", "𝐀𝐁1"],
    ["a ligature", "ﬁ1"],
    ["a superscript", "A²"],
    ["an Arabic presentation form", "ﺏ1"],
    ["letters in their second spelling (NFD)", "E\u03011"],
    ["a zero-width space", "A\u200b1"],
    ["a zero-width joiner", "A\u200d1"],
    ["a soft hyphen", "A\u00ad1"],
    ["a variation selector", "A\ufe0f1"],
    ["a right-to-left mark", "A\u200f1"],
    ["a closed override", "A\u202e21\u202c"],
    ["a closed isolate", "\u2067ب1\u2069"],
    ["a Hangul filler", "A\u3164"],
    ["half a character", "A\ud835"],
    ["a mark without a letter", "\u0301A1"],
    ["a mark on a digit", "1\u0301"],
    ["a stroke laid over a letter", "O\u0338"],
    ["a second dot on an i", "i\u0307"],
    ["a heap of marks", "x\u0323\u0323\u0323\u0323\u0323"],
    ["an enclosing mark", "A\u20dd"],
    ["an apostrophe that is a letter", "Nʼ1"],
    ["a curly apostrophe", "N’1"],
    ["Arabic digits among Latin letters", "AB ١٢"],
    ["an Arabic vowel on a Latin letter", "A\u064e1"],
    ["two sets of digits", "12٣٤"],
    ["two Arabic sets of digits", "ب ٤۵"],
    ["a dash that is no hyphen", "A–1"],
    ["a sign that is not in the list", "A@1"],
    ["an emoji", "A🚢"],
    ["private use", "A\ue000"],
    ["an unassigned character", "A\u0378"],
  ])("%s is refused", (_, text) => {
    expect(isIdentifier(text)).toBe(false);
  });

  it("a text of any length is answered at once", () => {
    // this thread's own work, in microseconds: what else the machine does is not in it
    const started = process.threadCpuUsage().user;
    for (const text of ["a ".repeat(500_000), "\u0301".repeat(1_000_000), "A".repeat(120)]) {
      expect(isIdentifier(text)).toBe(false);
    }
    expect(process.threadCpuUsage().user - started).toBeLessThan(2_000_000);
  });
});

describe("isMrzName", () => {
  it.each(["ERIKSSON<<ANNA<MARIA", "DA<SILVA", "NDIAYE", "MXHMD<BN<SALM", "A".repeat(120)])(
    "%j passes",
    (text) => {
      expect(isMrzName(text)).toBe(true);
    },
  );

  it.each([
    ["nothing", ""],
    ["small letters", "Ndiaye"],
    ["a digit", "LOUIS<14"],
    ["an apostrophe", "N'DIAYE"],
    ["a filler at the end", "NDIAYE<"],
    ["a filler before", "<NDIAYE"],
    ["three fillers", "DA<<<SILVA"],
    ["two divisions", "DA<<SILVA<<JOAO"],
    ["an accent", "TRAORÉ"],
    ["121 characters", "A".repeat(121)],
  ])("%s is refused", (_, text) => {
    expect(isMrzName(text)).toBe(false);
  });
});
