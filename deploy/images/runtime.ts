import { realpathSync } from "node:fs";
import process from "node:process";

import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Entry } from "./entries.ts";

const report = z.looseObject({ sharedObjects: z.array(z.string().max(4096)).max(1000) });

/** Every library this Node has loaded, by its path; not what the kernel adds, nor what packages bring. */
function findLibraries(): readonly string[] {
  const { sharedObjects } = report.parse(process.report.getReport());
  return sharedObjects.filter((path) => path.startsWith("/") && !path.endsWith(".node"));
}

function planLibrary(path: string): Entry {
  return { path: path.slice(1), content: { file: realpathSync(path) }, mode: 0o755 };
}

/**
 * The Node that runs this, and the libraries it is linked with: all that an image needs of a system, and no shell.
 *
 * @throws {Fault} CONFIG_INVALID on a system that is not Linux
 */
export function planRuntime(): readonly Entry[] {
  if (process.platform !== "linux") throw new Fault("CONFIG_INVALID", "images are made on Linux");
  const node = { path: "usr/local/bin/node", content: { file: process.execPath }, mode: 0o755 };
  return [node, ...findLibraries().map(planLibrary)];
}
