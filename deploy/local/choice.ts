import { parseArgs } from "node:util";

import { Fault } from "../../schemas/ground/index.ts";
import type { PlannedAgency, RegionPlan } from "./plan.ts";

/** What of a region is started. */
export interface StartChoice {
  /** Countries and communities whose gateways are not started. */
  readonly leftOut: readonly string[];
  /** Agencies whose gateways are. */
  readonly running: readonly PlannedAgency[];
}

const usage =
  "npm start takes --without COUNTRY, more than once if need be, such as npm start -- --without gh, and --hubs 2";

function readArgs(args: readonly string[]): { readonly without?: string[]; readonly hubs?: string } {
  try {
    const options = { without: { type: "string", multiple: true }, hubs: { type: "string" } } as const;
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch {
    // parseArgs says in its own words what this line says in ours
    throw new Fault("CONFIG_INVALID", usage);
  }
} // prettier-ignore

/** How many hubs the region has. @throws {Fault} CONFIG_INVALID */
export function parseHubs(args: readonly string[]): 1 | 2 {
  const { hubs = "1" } = readArgs(args);
  if (hubs === "1") return 1;
  if (hubs === "2") return 2;
  throw new Fault("CONFIG_INVALID", usage);
}

/**
 * Reads what the region is started without: whoever is left out is known to all and holds all his rights, but has no
 * gateway, so that somebody else can be him.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function parseStartChoice(args: readonly string[], { agencies }: RegionPlan): StartChoice {
  const leftOut = [...new Set(readArgs(args).without ?? [])];
  const known = new Set(agencies.map(({ authority }) => authority));
  if (leftOut.some((one) => !known.has(one))) {
    throw new Fault("CONFIG_INVALID", `--without names one of ${[...known].join(", ")}`);
  }
  const running = agencies.filter(({ authority }) => !leftOut.includes(authority));
  if (running.length > 0) return { leftOut, running };
  throw new Fault("CONFIG_INVALID", "--without leaves nobody to start");
}
