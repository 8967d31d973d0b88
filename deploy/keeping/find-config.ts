import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { Fault } from "../../schemas/ground/index.ts";

/** What is said of the option that names it. */
export const configWords = "the broker's configuration, or a hub of this region by its name";

const name = /^[a-z]{2,10}\/[a-z0-9-]{1,40}$/;
/** Where a region on one machine has its hubs. */
const places = [join("hub", "broker.json"), join("second", "hub", "broker.json")];

function hubOf(file: string): string | undefined {
  try {
    const config: unknown = JSON.parse(readFileSync(file, "utf8"));
    const hub: unknown = typeof config === "object" && config !== null ? Reflect.get(config, "hub") : undefined;
    return typeof hub === "string" ? hub : undefined;
  } catch {
    // whoever names it hears what is wrong with it
    return undefined;
  }
} // prettier-ignore

/** The configurations of the region in this folder or in the nearest one above it, the first hub's first. */
function findRegion(from: string): readonly string[] {
  const files = places.map((place) => join(from, ".atumpan", place)).filter((one) => existsSync(one));
  const parent = dirname(from);
  if (files.length > 0 || parent === from) return files;
  return findRegion(parent);
} // prettier-ignore

/**
 * The configuration of the hub that is meant: the file that was named; the hub of that name in the region of this folder or of the
 * nearest one above it; without a name its first.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function findHubConfig(from: string, named?: string): string {
  const file = named === undefined ? undefined : resolve(from, named);
  if (file !== undefined && (existsSync(file) || !name.test(named ?? ""))) return file;
  const region = findRegion(from);
  const found = named === undefined ? region[0] : region.find((one) => hubOf(one) === named);
  if (found !== undefined) return found;
  const hubs = region.flatMap((one) => hubOf(one) ?? []);
  if (hubs.length > 0) throw new Fault("CONFIG_INVALID", `--config: no hub of this region is called so; there is ${hubs.join(" and ")}`);
  throw new Fault(
    "CONFIG_INVALID",
    "there is no .atumpan/hub here or above; name it with --config",
  );
} // prettier-ignore
