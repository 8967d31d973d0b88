import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";

/**
 * Reads a file of a folder that came from elsewhere. A link is none: it would lead to what nobody signed.
 *
 * @throws {Fault} KIT_INVALID
 */
export function readPlainFile(folder: string, name: string, mostBytes: number): Bytes {
  try {
    const stat = lstatSync(join(folder, name));
    if (stat.isFile() && stat.size <= mostBytes) return readFileSync(join(folder, name));
  } catch (cause) {
    throw new Fault("KIT_INVALID", `${name} is not there, or cannot be read`, { cause });
  }
  throw new Fault("KIT_INVALID", `${name} is no file, or too large`);
}
