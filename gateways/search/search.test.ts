import { describe, expect, it } from "vitest";

import { codeOf, foldWords, parseWish, soundOf } from "./index.ts";

describe("folding", () => {
  it.each([
    ["CÔTE d'Ivoire", "cote d ivoire"],
    ["Straße ﬁn Ærø Łódź", "strasse fin aero lodz"],
    ["İstanbul Ñoño", "istanbul nono"],
    ["أحمد إبراهيم آمنة", "احمد ابراهيم امنه"],
    ["مُحَمَّد", "محمد"],
    ["محـــمد", "محمد"],
    ["مصطفى علی", "مصطفي علي"],
    ["٠١٢٣ ۴۵ ߁ ५", "0123 45 1 5"],
    ["ሠላም ዐዲስ ፀሐይ ዓለም ሃገር", "ሰላም አዲስ ጸሀይ አለም ሀገር"],
    ["Ɓukar Ɗan Ƙasa", "bukar dan kasa"],
    ["a\u200bb\u200e", "ab"],
    ["NG/TCU/2026-001", "ng tcu 2026 001"],
    ["", ""],
    ["--- ***", ""],
  ])("%j is looked for as %j", (text, words) => {
    expect(foldWords(text).join(" ")).toBe(words);
  });

  it("a word is folded to itself again", () => {
    for (const text of ["Ærøskøbing", "أحمد", "ፀሐይ", "٢٠٢٦"]) {
      const once = foldWords(text).join(" ");
      expect(foldWords(once).join(" ")).toBe(once);
    }
  });

  it("no word is longer than 64 characters", () => {
    expect(foldWords("x".repeat(10_000))).toEqual(["x".repeat(64)]);
  });
});

describe("sounds", () => {
  it.each([
    ["muhammad", "mohamed", "maxamed", "mohammed", "mouhamed", "محمد"],
    ["hussein", "hosein", "حسين"],
    ["yusuf", "yousouf", "youssouf", "يوسف"],
    ["fatima", "fatimah", "faatima", "فاطمه"],
    ["khaled", "khalid", "خالد"],
    ["cherif", "sharif", "شريف"],
    ["umar", "omar", "عمر"],
  ])("%s sounds as the others do", (first, ...others) => {
    for (const other of others) expect(soundOf(other)).toBe(soundOf(first));
  });

  it.each([
    ["muhammad", "ahmed"],
    ["khaled", "kamal"],
    ["omar", "amir-khan"],
  ])("%s does not sound as %s does", (one, other) => {
    expect(soundOf(one)).not.toBe(soundOf(other));
  });

  it("names with the same consonants cannot be told apart by it: it is for finding only", () => {
    expect(soundOf("mahmud")).toBe(soundOf("muhammad"));
  });

  it("too little to go by has no sound, and so has a script without a table", () => {
    expect(soundOf("li")).toBeUndefined();
    expect(soundOf("አበበ")).toBeUndefined();
  });
});

describe("what is typed", () => {
  it.each([
    'a" OR codes : "handling_h3',
    "NEAR(a b)",
    "text : secret",
    "* a",
    "a AND NOT b",
    '"unfinished',
    "^first",
    "{codes} : x",
  ])("%j becomes words in quotation marks and nothing of the index's own language", (q) => {
    const bare = parseWish(q)
      .replaceAll(/\{text names\} : "[a-z0-9 ]+"(?: \*)?/g, "W")
      .replaceAll(/sounds : "[a-z]+"/g, "W");
    expect(bare).toMatch(/^\((?:W|W OR W)\)(?: AND \((?:W|W OR W)\))*$/);
  });

  it.each(["", "   ", "!!!", '""', "x".repeat(201), "a ".repeat(13)])("%j is refused", (q) => {
    expect(() => parseWish(q)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID" }));
  });

  it("a code is letters, digits and one stroke", () => {
    expect(codeOf("from", 'ng/tcu" OR x')).toBe("from_ng_tcu__or_x");
  });
});
