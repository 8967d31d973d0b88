import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { Fault } from "../../schemas/ground/index.ts";

/**
 * The configuration of the hub that is meant: the file that was named, or that of the region in this folder or in the nearest
 * one above it.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function findHubConfig(from: string, named?: string): string {
  if (named !== undefined) return resolve(from, named);
  const file = join(from, ".atumpan", "hub", "broker.json");
  if (existsSync(file)) return file;
  const parent = dirname(from);
  if (parent !== from) return findHubConfig(parent);
  throw new Fault(
    "CONFIG_INVALID",
    "there is no .atumpan/hub here or above; name it with --config",
  );
}
