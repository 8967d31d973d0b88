import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { toFault } from "../../schemas/ground/index.ts";
import { findHubConfig } from "./find-config.ts";

let dir: string;
let deep: string;

function lay(place: string, text: string): string {
  mkdirSync(join(dir, place), { recursive: true });
  const file = join(dir, place, "broker.json");
  writeFileSync(file, text);
  return file;
}

function find(named?: string): string {
  try {
    return findHubConfig(deep, named);
  } catch (error) {
    const { code, detail } = toFault(error, "INTERNAL");
    return `${code}: ${detail}`;
  }
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "find-config-"));
  deep = join(dir, "in", "a", "folder");
  mkdirSync(deep, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("which hub is meant", () => {
  it("is the region's first where none is named, and each by its name", () => {
    const first = lay(".atumpan/hub", JSON.stringify({ hub: "au/hub-one" }));
    const second = lay(".atumpan/second/hub", JSON.stringify({ hub: "au/hub-two" }));
    expect([find(), find("au/hub-one"), find("au/hub-two")]).toEqual([first, first, second]);
    const told = find("au/hub-three");
    expect(told).toMatch(/^CONFIG_INVALID: /);
    expect(told).toContain("there is au/hub-one and au/hub-two");
  });

  it("is the file that is named, before any hub of that name", () => {
    lay(".atumpan/hub", JSON.stringify({ hub: "au/hub" }));
    expect(find("other.json")).toBe(join(deep, "other.json"));
    expect(find("../broker.json")).toBe(join(dir, "in", "a", "broker.json"));
    mkdirSync(join(deep, "au"));
    writeFileSync(join(deep, "au", "hub"), "{}");
    expect(find("au/hub")).toBe(join(deep, "au", "hub"));
  });

  it.each(["", "[]", "null", '{"hub":7}', "{"])("is never one whose configuration says no name: %j", (text) => {
    lay(".atumpan/hub", text);
    expect(find("au/hub-one")).toMatch(/^CONFIG_INVALID: /);
  }); // prettier-ignore

  it("is none where there is no region", () => {
    expect(find()).toMatch(/^CONFIG_INVALID: .*--config/);
    expect(find("au/hub-one")).toMatch(/^CONFIG_INVALID: .*--config/);
  });
});
