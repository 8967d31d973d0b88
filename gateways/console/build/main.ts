/**
 * `npm run console [-- FOLDER]`: makes the console's files for browsers, where gateways serve them from unless another folder is
 * named. What stands in the folder before is put away only once the new
 * ones are whole. The same sources give the same files.
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { build, type InlineConfig } from "vite";

import { languages, writeCatalogues } from "./catalogues.ts";
import { writeOutline } from "./outline.ts";
import { packFiles } from "./pack.ts";

const home = join(import.meta.dirname, "..");
const page = join(home, "page");
const target = resolve(process.argv[2] ?? join(home, "built"));
/** Old PCs: the last browsers of Windows 7 and 8.1. */
const browsers = ["chrome109", "firefox115"];

function configOf(outDir: string, define: Readonly<Record<string, string>>): InlineConfig {
  return {
    root: page,
    base: "/console/",
    configFile: false,
    logLevel: "warn",
    define,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: false,
      assetsDir: ".",
      assetsInlineLimit: 0,
      target: browsers,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // what the first screen needs comes in as few turns as can be
      rolldownOptions: {
        output: { codeSplitting: { groups: [{ name: "shell", test: /main\.tsx$/ }] } },
      },
    },
  };
}

/** The list of one version: every file of the shell. Languages come one by one, when they are spoken, and the map when it is looked at. */
function listShell(folder: string): readonly { url: string; revision: string | null }[] {
  return readdirSync(folder)
    .filter((name) => !/^(?:words|map)-/.test(name))
    .toSorted()
    .map((name) => {
      const digest = createHash("sha256").update(readFileSync(join(folder, name))).digest("hex");
      return { url: `/console/${name}`, revision: digest.slice(0, 16) };
    });
} // prettier-ignore

async function buildWorker(folder: string): Promise<void> {
  const define = {
    FILES: JSON.stringify(listShell(folder)),
    "process.env.NODE_ENV": '"production"',
  };
  const usual = configOf(folder, define);
  const lib = { entry: join(page, "sw.ts"), formats: ["iife" as const], name: "sw", fileName: () => "sw.js" };
  await build({ ...usual, build: { ...usual.build, rolldownOptions: {}, lib, minify: true } });
} // prettier-ignore

async function main(): Promise<void> {
  const folder = mkdtempSync(join(dirname(target), ".building-"));
  try {
    const names = writeCatalogues(folder);
    const map = JSON.stringify(writeOutline(folder, languages));
    await build(configOf(folder, { CATALOGUES: JSON.stringify(names), MAP: map }));
    await buildWorker(folder);
    packFiles(folder);
    chmodSync(folder, 0o755);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const files = readdirSync(target).filter((name) => name.endsWith(".br"));
  process.stdout.write(`console: ${files.length} files in ${target}\n`);
}

await main();
