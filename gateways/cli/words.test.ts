import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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

describe("lists, config check and the support bundle", () => {
  const empty = { agencies: () => [], servedRecs: () => [] };

  it.each(languages)("a list has its heads, and an empty one its sentence, in %s", async (lang) => {
    const world = makeCliWorld(["ng/tcu"], empty);
    const say = makeSay(lang);
    const none = await world.run("inbox", "ls", "--lang", lang);
    expect(none.out).toBe(`${say("none.messages")}\n`);
    world.exchanges.get("ng/tcu")!.receive({});
    const { out } = await world.run("inbox", "ls", "--lang", lang);
    const [heads = ""] = out.split("\n", 1);
    for (const head of ["id", "state", "type", "from", "urgency"]) expect(heads).toContain(say(`head.${head}`));
  }); // prettier-ignore

  it("config check says each flaw in the language asked for, with the same facts; JSON stays as it is", async () => {
    const world = makeCliWorld(["ng/tcu"], empty);
    const dir = join(world.dir, "gateway");
    mkdirSync(dir, { mode: 0o700 });
    const check = async (...more: string[]) => (await world.run("config", "check", "--folder", dir, ...more)).out;
    const good = { agency: "ng/tcu", anchors: "r", api: { host: "h", port: 7400 }, keys: { signing: { key: "k", certificate: "c" }, link: { key: "k", certificate: "c" }, sealing: [{ key: "k", certificate: "c" }] } };
    const files = [undefined, "{", { ...good, other: 1, lookups: 5, hubs: [], api: { host: "h", port: 700_000 }, agency: "NG" }, good];
    for (const [at, file] of files.entries()) {
      const text = typeof file === "string" ? file : JSON.stringify(file);
      if (file !== undefined) writeFileSync(join(dir, "gateway.json"), text, { mode: at === 1 ? 0o622 : 0o600 });
      const told = await Promise.all(languages.map(async (lang) => await check("--lang", lang)));
      expect([at, new Set(told).size]).toEqual([at, languages.length]);
      for (const line of (told[0] ?? "").split("\n").filter((one) => one.startsWith("✗"))) {
        const field = line.slice(0, line.indexOf(":"));
        expect([field, told.every((one) => one.includes(field))]).toEqual([field, true]);
      }
      expect(told.join("")).not.toMatch(/\{[a-z]+\}|\?$/m);
      const json = await Promise.all(languages.map(async (lang) => await check("--lang", lang, "--json")));
      expect(new Set(json).size).toBe(1);
    }
  }); // prettier-ignore

  it("every kind of flaw has its words, and in English they are those of the gateway", () => {
    const kinds = Object.keys(english).flatMap((name) => /^configFix\.(\w+)$/.exec(name)?.[1] ?? []);
    const said = Object.keys(english).flatMap((name) => /^config\.([A-Z_]+)$/.exec(name)?.[1] ?? []);
    expect(kinds.filter((kind) => kind !== "NAMED").toSorted()).toEqual(said.toSorted());
    const source = readFileSync(join(import.meta.dirname, "../config-seen.ts"), "utf8");
    const flaws = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, kind = ""]) => kind);
    expect(flaws.toSorted()).toEqual(kinds.toSorted());
    for (const name of ["config.FIELD_UNKNOWN", "configFix.FIELD_UNKNOWN", "configFix.OTHER", "configFix.NAMED", "configFix.NO_JSON"]) {
      expect(source).toContain(english[name]);
    }
  }); // prettier-ignore

  it("the bundle is explained in the language asked for, every file of it by its name", async () => {
    const world = makeCliWorld(["ng/tcu"], empty);
    const read = (lang: string): string => readFileSync(join(world.dir, lang, "README.txt"), "utf8");
    for (const lang of languages) expect((await world.run("support-bundle", "--out", lang, "--lang", lang)).code).toBe(0);
    expect(new Set(languages.map(read)).size).toBe(languages.length);
    const files = readdirSync(join(world.dir, "en")).filter((name) => name.endsWith(".json"));
    for (const lang of languages) for (const file of files) expect(read(lang)).toMatch(new RegExp(`^${file} {2,}\\S`, "m"));
  }); // prettier-ignore
});
