import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { languages } from "./build/catalogues.ts";
import { makeOutline } from "./build/outline.ts";
import { tiles } from "./page/parts/tiles.ts";

const outline = makeOutline(languages);
const islands = ["CV", "KM", "MG", "MU", "SC", "ST"];

describe("the map of the continent", () => {
  it("has every state that the tiles have, each with a border", () => {
    const drawn = outline.shapes.map(([country]) => country);
    expect(drawn.toSorted()).toEqual(tiles.map(([country]) => country).toSorted());
    for (const [country, path] of outline.shapes) expect(path, country).toMatch(/^M\d+ \d+l/);
  });

  it("shows every island state: Madagascar by itself, the others in a ring within the map", () => {
    const found = outline.shapes.filter(([country]) => islands.includes(country));
    for (const [country, , ring] of found) {
      expect(ring === undefined, country).toBe(country === "MG");
      if (ring === undefined) continue;
      const [x, y] = ring;
      expect(x > 42 && x < outline.width - 41 && y > 42 && y < outline.height - 42, country).toBe(true);
    }
    expect(found).toHaveLength(islands.length);
  }); // prettier-ignore

  it.each(languages)("names every state in %s", (lang) => {
    const names = Object.values(outline.names[lang] ?? {});
    expect(names).toHaveLength(outline.shapes.length);
    expect(names.filter((name) => /^[A-Z]{2}$/.test(name))).toEqual([]);
  });

  it("says Quénia as it is said in Maputo, and Misri as in Dodoma", () => {
    expect([outline.names["pt"]?.["KE"], outline.names["sw"]?.["EG"]]).toEqual(["Quénia", "Misri"]);
  });

  it("is no larger than a thin line bears, and the same each time it is made", () => {
    const text = JSON.stringify(outline);
    expect(gzipSync(text).length).toBeLessThan(18_000);
    expect(JSON.stringify(makeOutline(languages))).toBe(text);
  });
});
