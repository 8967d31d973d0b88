/**
 * `npm run bundle -- --key FILE`: writes what a machine without a network is installed from, into `.tools/bundle` (`--out DIR`): the
 * archive, a manifest with its digest and those of images that lie there, and the manifest's signature. The key is a private
 * key of the curve P-256, PEM, for its owner alone. SOURCE_DATE_EPOCH is the time of every file; 1970 when left out. The
 * same sources give the same archive and manifest; a signature differs each time.
 */
import {
  createReadStream,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createHash, sign } from "node:crypto";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

import { z } from "zod";

import { Fault, toFault, utf8 } from "../../schemas/ground/index.ts";
import { loadKey } from "../../certs/keys/index.ts";
import { renderTar } from "../images/index.ts";
import { planBundle } from "./contents.ts";

const root = join(import.meta.dirname, "../..");
const server = process.env["ATUMPAN_NATS_SERVER"] ?? join(root, ".tools/nats-server");

function writeArchive(out: string, version: string): string {
  const seconds = Number(process.env["SOURCE_DATE_EPOCH"] ?? "0");
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new Fault("CONFIG_INVALID", "SOURCE_DATE_EPOCH is whole seconds since 1970");
  const name = `atumpan-${version}-linux-${process.arch}`;
  const order = { root, version, server: existsSync(server) ? server : undefined };
  const file = join(out, `${name}.tar.gz`);
  // Node writes no name and no time into what it packs
  writeFileSync(file, gzipSync(Buffer.concat([...renderTar(planBundle(order, name), seconds)])));
  return file;
} // prettier-ignore

async function digestFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file))
    hash.update(z.instanceof(Uint8Array).parse(piece));
  return hash.digest("hex");
}

async function run(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { out: text, key: text } });
  const manifest = z.looseObject({ version: z.string().max(50) });
  const { version } = manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const out = resolve(values.out ?? join(root, ".tools/bundle"));
  mkdirSync(out, { recursive: true });
  const archive = writeArchive(out, version);
  const files = [archive, ...globSync("*.tar", { cwd: out }).toSorted().map((file) => join(out, file))]; // prettier-ignore
  const lines: string[] = [];
  for (const file of files) lines.push(`${await digestFile(file)}  ${basename(file)}\n`);
  const listed = archive.replace(/\.tar\.gz$/, ".sha256");
  writeFileSync(listed, lines.join(""));
  process.stdout.write(`${archive}\n${listed}\n`);
  if (values.key === undefined) {
    process.stdout.write("not signed: name the release key with --key\n");
    return;
  }
  writeFileSync(
    `${listed}.sig`,
    sign("sha256", utf8(lines.join("")), loadKey(resolve(values.key))),
  );
  process.stdout.write(`${listed}.sig\n`);
}

try {
  await run();
} catch (error) {
  const { code, detail } = toFault(error, "USAGE_INVALID");
  process.stderr.write(`${code}: ${detail}\n`);
  process.exitCode = 1;
}
