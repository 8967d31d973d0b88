import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { languages, readWords } from "./build/catalogues.ts";

const english = readWords("en");
const names = Object.keys(english);

/** What is told in a sentence: `{n, plural, …}` and `{name}`. */
function toldIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{(\w+)(?=[,}])/g)].map(([, name = ""]) => name))]
    .filter((name) => name === "n" || /^[a-z]+$/.test(name))
    .filter((name) => text.includes(`{${name}}`) || text.includes(`{${name},`))
    .toSorted();
}

describe("the sentences of the console", () => {
  it.each(languages)("%s has every sentence of English, and no other", (lang) => {
    expect(Object.keys(readWords(lang)).toSorted()).toEqual(names.toSorted());
  });

  it.each(languages)("%s tells in each sentence what English tells", (lang) => {
    const words = readWords(lang);
    const wrong = names.filter((name) => {
      const [ours, theirs] = [toldIn(english[name] ?? ""), toldIn(words[name] ?? "")];
      return ours.join(" ") !== theirs.join(" ");
    });
    expect(wrong).toEqual([]);
  });

  it.each(languages)("%s has every form its numbers need", (lang) => {
    const forms = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    const missing = Object.entries(readWords(lang))
      .filter(([, text]) => text.includes(", plural,"))
      .flatMap(([name, text]) => forms.filter((form) => !text.includes(` ${form} {`)).map((form) => `${name} ${form}`));
    expect(missing).toEqual([]);
  }); // prettier-ignore
});

describe("the sheet of the console", () => {
  const sheets = ["style.css", "print.css"].map((name) =>
    readFileSync(join(import.meta.dirname, "page", name), "utf8"),
  );
  const sheet = sheets.join("\n");

  it("knows no left and no right: it is mirrored where one writes from the right", () => {
    expect(sheet.match(/(?<![\w-])(?:left|right)(?![\w-])|-(?:left|right)\b/g)).toBeNull();
    expect(sheet.match(/(?<![\w-])(?:width|height|top|bottom)\s*:/g)).toBeNull();
  });

  it("is small, and fetches nothing", () => {
    expect(gzipSync(sheet).length).toBeLessThan(8_000);
    expect(sheet).not.toMatch(/url\(|@import|@font-face/);
  });
});
