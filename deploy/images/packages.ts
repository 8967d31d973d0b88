import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Entry } from "./entries.ts";

const names = z.record(z.string(), z.string()).default({});
const manifest = z.looseObject({
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});

/** Brought along for development, or built on the machine that has a token: no part of an image. */
const never = /^(?:node-linux-|pkcs11js$|@types\/)/;
/** What no program of ours reads: types, maps and prose; licences stay. */
const idle = /\.(?:d\.[cm]?ts|[cm]?ts|map|md|markdown|flow|gyp)$/i;

const platform = `${process.platform}-${process.arch}`;
/** Of the one package with code of its own for each system: sources, and the builds for others. */
const foreign: Readonly<Record<string, (file: string) => boolean>> = {
  "better-sqlite3-multiple-ciphers": (file) =>
    /^(?:deps|src|build)\//.test(file) || (file.startsWith("prebuilds/") && file !== `prebuilds/${platform}.node`),
}; // prettier-ignore

/** Where a package stands that is asked for from a folder: in its own node_modules, or in one above it. */
function findFolder(root: string, from: string, name: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
    if (at === root || dirname(at) === at) return undefined;
  }
}

/**
 * The folders of packages and of all that they need, in order.
 *
 * @param root the folder of the project, where its packages are installed
 * @throws {Fault} CONFIG_INVALID when one is not installed
 */
export function findPackages(root: string, wanted: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const open = wanted.map((name) => ({ name, from: root, isNeeded: true }));
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { name, from, isNeeded } = one;
    if (never.test(name)) continue;
    const folder = findFolder(root, from, name);
    if (folder === undefined) {
      if (isNeeded) throw new Fault("CONFIG_INVALID", `${name} is not installed; run npm ci`);
      continue;
    }
    if (found.has(folder)) continue;
    found.add(folder);
    const needs = manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
    const add = (list: Readonly<Record<string, string>>, isHard: boolean): void => {
      for (const need of Object.keys(list)) open.push({ name: need, from: folder, isNeeded: isHard });
    };
    add(needs.dependencies, true);
    add(needs.optionalDependencies, false);
    add(needs.peerDependencies, false);
  }
  return [...found].toSorted();
} // prettier-ignore

/** The files of installed packages that a running program reads, under `node_modules`. */
export function listPackageFiles(root: string, folders: readonly string[]): readonly Entry[] {
  return folders.flatMap((folder) => {
    const at = relative(root, folder);
    const isForeign = foreign[at.replace(/^.*node_modules\//, "")] ?? (() => false);
    return globSync("**/*", { cwd: folder, exclude: ["node_modules", ".git"] })
      .filter((file) => !file.includes("node_modules/") && !idle.test(file) && !isForeign(file))
      .filter((file) => statSync(join(folder, file)).isFile())
      .map((file) => ({
        path: join(at, file),
        content: { file: join(folder, file) },
        mode: file.endsWith(".node") ? 0o755 : 0o644,
      }));
  });
}
