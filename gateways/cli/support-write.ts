import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Fault, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";

/** Beyond this a bundle is no help any more, and something is in it that should not be. */
const maxBundleBytes = 4 * 1024 * 1024;

function startFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${folder} cannot be made`);
  }
}

/**
 * Lists what a bundle holds, each file with its bytes, and then writes it into a new folder that nobody else may read; with
 * `isTrial` the list is all.
 *
 * @throws {Fault} USAGE_INVALID when the folder is there, CODEC_TOO_LARGE beyond 4 MiB; then nothing is written
 */
export function writeBundle(
  desk: Desk,
  folder: string,
  { files, isTrial }: { readonly files: Readonly<Record<string, string>>; readonly isTrial: boolean },
): number {
  if (existsSync(folder)) {
    throw new Fault("USAGE_INVALID", `${folder} is there already; name a new folder with --out`);
  }
  const sizes = Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) }));
  const bytes = sizes.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes > maxBundleBytes) {
    throw new Fault("CODEC_TOO_LARGE", `the bundle would have ${bytes} bytes; the most is ${maxBundleBytes}: name a shorter log`);
  }
  desk.say(sizes.map((one) => `  ${one.name.padEnd(14)} ${one.bytes}`).join("\n"));
  if (!isTrial) {
    startFolder(folder);
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text, { mode: 0o600, flag: "wx" });
    }
  }
  const names = Object.keys(files);
  desk.result({ folder, files: names, bytes }, [folder, ...names.map((name) => `  ${name}`)].join("\n"));
  return exitCodes.ok;
} // prettier-ignore
