import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";

import { parseJsonText } from "../schemas/index.ts";
import { Fault, isFault, toFault } from "../schemas/ground/index.ts";

const maxFileBytes = 1024 * 1024;
const shape = z.strictObject({ gateways: z.array(z.string().min(1)).min(1).max(1000) });

function parseFolders(file: string): readonly string[] {
  let found: z.infer<typeof shape>;
  try {
    found = shape.parse(parseJsonText(readFileSync(file, "utf8"), maxFileBytes));
  } catch (error) {
    const what = isFault(error) ? error.detail : `it says {"gateways": ["folder", …]}`;
    throw new Fault("CONFIG_INVALID", `${file}: ${what}`, { cause: error });
  }
  const dirs = found.gateways.map((dir) => resolve(dirname(file), dir));
  if (new Set(dirs).size === dirs.length) return dirs;
  throw new Fault("CONFIG_INVALID", `${file}: a folder stands there twice`);
}

/**
 * The folders of the gateways one process runs: `path` itself when it is a folder, else those its file
 * names, `{"gateways": [...]}`, relative to the file.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function loadGatewayFolders(path: string): readonly string[] {
  try {
    if (statSync(path).isDirectory()) return [resolve(path)];
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} cannot be read`);
  }
  return parseFolders(resolve(path));
}
