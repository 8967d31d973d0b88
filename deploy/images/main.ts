/**
 * `npm run images`: makes the images of hub, gateway, tools and nats-server as files, without an engine, and says of each its
 * size and its id. `-- --out DIR` says where (.tools/images), names say which; `--lay-out DIR ROLE` writes one as files, for
 * the Dockerfile. `npm run sbom` (`--sbom DIR`) writes the bills of materials alone. SOURCE_DATE_EPOCH is the time of all
 * that is made; without it the time of the last commit, and where there is no git 1970.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

import { z } from "zod";

import { Fault, toFault } from "../../schemas/ground/index.ts";
import type { MadeImage } from "./archive.ts";
import { layOut } from "./lay-out.ts";
import { makeRoleImage, makeServerImage, planLayers, renderImageSbom } from "./make.ts";
import type { RoleName } from "./roles.ts";

const root = join(import.meta.dirname, "../..");
const server = process.env["ATUMPAN_NATS_SERVER"] ?? join(root, ".tools/nats-server");
const all = ["hub", "gateway", "tools"] as const;

function findSeconds(): number {
  const asked = process.env["SOURCE_DATE_EPOCH"] ?? spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" }).stdout;
  const seconds = Number((asked ?? "").trim() || "0");
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new Fault("CONFIG_INVALID", "SOURCE_DATE_EPOCH is whole seconds since 1970");
} // prettier-ignore

function parseRole(text: string): RoleName {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new Fault("USAGE_INVALID", `an image is one of ${[...all, "nats-server"].join(", ")}`);
  return found;
} // prettier-ignore

function findServerTag(): string {
  const told = spawnSync(server, ["--version"], { encoding: "utf8" }).stdout ?? "";
  const tag = /v(\d+\.\d+\.\d+)/.exec(told)?.[1];
  if (tag === undefined) throw new Fault("CONFIG_INVALID", "there is no nats-server here; npm run setup, or name one in ATUMPAN_NATS_SERVER");
  return tag;
} // prettier-ignore

function say({ name, bytes, id, file }: MadeImage): void {
  process.stdout.write(`${name}  ${Math.ceil(bytes / 1e6)} MB  sha256:${id}\n  ${file}\n`);
}

function makeImages(names: readonly string[], out: string): void {
  const manifest = z.looseObject({ version: z.string() });
  const { version } = manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const seconds = findSeconds();
  mkdirSync(out, { recursive: true });
  for (const name of names.length === 0 ? [...all, "nats-server"] : names) {
    if (name === "nats-server") say(makeServerImage(server, { tag: findServerTag(), seconds }, out));
    else say(makeRoleImage(parseRole(name), { root, version, seconds }, out));
  }
} // prettier-ignore

/** The program under `app` goes by itself, because its folder of data is another's. */
function layOutRole(folder: string, role: RoleName): void {
  const seconds = findSeconds();
  const [system = [], program = []] = planLayers(root, role);
  layOut(system, join(folder, "system"), seconds);
  layOut(
    program.filter(({ path }) => path !== "data"),
    join(folder, "program"),
    seconds,
  );
  layOut(
    program.filter(({ path }) => path === "data"),
    join(folder, "owned"),
    seconds,
  );
}

function writeBills(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const role of all) {
    const file = join(folder, `atumpan-${role}.cdx.json`);
    writeFileSync(file, renderImageSbom(root, role));
    process.stdout.write(`${file}\n`);
  }
}

function run(): void {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: text, "lay-out": text, sbom: text },
  });
  const laid = values["lay-out"];
  if (laid !== undefined) layOutRole(resolve(laid), parseRole(positionals[0] ?? ""));
  else if (values.sbom !== undefined) writeBills(resolve(values.sbom));
  else makeImages(positionals, resolve(values.out ?? join(root, ".tools/images")));
}

try {
  run();
} catch (error) {
  const { code, detail } = toFault(error, "USAGE_INVALID");
  process.stderr.write(`${code}: ${detail}\n`);
  process.exitCode = 1;
} // prettier-ignore
