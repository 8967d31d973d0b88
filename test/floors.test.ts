import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/**
 * Every room, and the rooms it may import. The floors are security properties (design §11): verification
 * cannot reach the network, the broker cannot open a body, only the authority can issue.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "schemas/ground": [],
  "schemas/codec": ["schemas/ground"],
  "schemas/check": ["schemas/codec", "schemas/ground"],
  "schemas/gen": ["schemas/check", "schemas/codec", "schemas/ground"],
  "schemas/codes": ["schemas/ground"],
  "schemas/rules": ["schemas/gen", "schemas/codes", "schemas/check", "schemas/codec", "schemas/ground"],
  "schemas/body": ["schemas/rules", "schemas/gen", "schemas/codes", "schemas/check", "schemas/codec", "schemas/ground"],
  "schemas/render": ["schemas/body", "schemas/gen", "schemas/codes", "schemas/codec", "schemas/ground"],
  "schemas/generate": ["schemas/codec", "schemas/check", "schemas/ground"],
  schemas: ["schemas/body", "schemas/check", "schemas/codec", "schemas/codes", "schemas/gen", "schemas/ground"],
  "schemas/wire": ["schemas/ground"],
  "certs/shape": ["schemas", "schemas/ground"],
  "certs/trust": ["certs/shape", "schemas", "schemas/ground"],
  "certs/keys": ["certs/trust", "certs/shape", "schemas", "schemas/ground"],
  "certs/authority": ["certs/keys", "certs/trust", "certs/shape", "schemas", "schemas/ground"],
}; // prettier-ignore

/** Packages with one door: the only places that may import them. */
const doors: Readonly<Record<string, readonly string[]>> = {};

const files = globSync("{schemas,certs,broker,gateways,deploy}/**/*.ts", { cwd: root });

function roomOf(file: string): string {
  const [floor = "", second = ""] = dirname(file).split("/");
  return second === "" ? floor : `${floor}/${second}`;
}

function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(root, file), "utf8");
  return [...code.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name = ""]) => name);
}

const isTest = (file: string): boolean => file.endsWith(".test.ts");

describe("floors", () => {
  it("every file stands in a room", () => {
    expect(files.filter((file) => rooms[roomOf(file)] === undefined)).toEqual([]);
  });

  it("a room imports only the rooms below it, and only through their door", () => {
    const offences = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith("."))
        .map((name) => normalize(join(dirname(file), name)))
        .filter((target) => roomOf(target) !== roomOf(file))
        .filter((target) => {
          if (isTest(file) && target.startsWith("test/")) return false;
          const allowed = rooms[roomOf(file)]?.includes(roomOf(target)) ?? false;
          return !allowed || target.split("/").at(-1) !== "index.ts";
        })
        .map((target) => `${file} → ${relative(root, join(root, target))}`),
    );
    expect(offences).toEqual([]);
  });

  it("a package with a door is imported only there", () => {
    const offences = files
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => doors[name] !== undefined)
          .filter((name) => !(doors[name] ?? []).some((door) => file.startsWith(door)))
          .map((name) => `${file} imports ${name}`),
      );
    expect(offences).toEqual([]);
  });
});
