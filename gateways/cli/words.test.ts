import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { languages } from "../../schemas/index.ts";
import { makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeSay } from "./words.ts";

const packs = languages.map((lang) => {
  const text = readFileSync(join(import.meta.dirname, "words", `${lang}.json`), "utf8");
  return [lang, JSON.parse(text) as Record<string, string>] as const;
});
const english = Object.fromEntries(packs)["en"] ?? {};
const marks = (text: string): readonly string[] => (text.match(/\{[^}]*\}/g) ?? []).toSorted();

describe("the words of status", () => {
  it.each(packs)("%s has every sentence, with the same facts in it", (_, pack) => {
    expect(Object.keys(pack)).toEqual(Object.keys(english));
    for (const [name, text] of Object.entries(pack)) {
      expect([name, marks(text), text.trim()]).toEqual([name, marks(english[name] ?? ""), text]);
    }
  });

  it("no language says it in English", () => {
    for (const name of Object.keys(english).filter((one) => (english[one] ?? "").includes(" "))) {
      const borrowing = packs.filter(
        ([lang, pack]) => lang !== "en" && pack[name] === english[name],
      );
      expect([name, borrowing]).toEqual([name, []]);
    }
  });

  it("what has no words yet is said by its name, and a fact that is missing is seen", () => {
    expect(makeSay("fr")("disk.MELTED")).toBe("MELTED");
    expect(makeSay("fr")("nextTry")).toContain("?");
  });

  it("status says it in the language asked for, the same facts in each; JSON stays as it is", async () => {
    const world = makeCliWorld(["ng/tcu"], { agencies: () => [], servedRecs: () => [] });
    const ng = world.exchanges.get("ng/tcu")!;
    ng.linkUp = false;
    ng.ends = [{ kind: "SIGNING", notAfter: Date.UTC(2026, 2, 20, 14, 5), daysLeft: 11, level: "warning" }];
    const told = await Promise.all(languages.map(async (lang) => (await world.run("status", "--lang", lang)).out));
    expect(new Set(told).size).toBe(languages.length);
    for (const one of told) expect(one).toMatch(/ng\/tcu[^]*2026-03-20 14:05 UTC[^]*11/);
    const json = await world.run("status", "--lang", "ar", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ agency: "ng/tcu", linkUp: false });
  }); // prettier-ignore
});
