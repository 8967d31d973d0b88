import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Members whose words are ours alone: codes, ids of agencies and hubs, times, versions. */
const plainMembers: ReadonlySet<string> = new Set([
  "agency", "hub", "code", "kind", "state", "check", "level", "handling", "handlingUpTo", "classification", "onSuspension",
  "monitor", "oversight", "exchange", "period", "ownerPurpose", "disk", "urgency", "token",
  "notAnswered", "reason", "waiting", "stopped",
]); // prettier-ignore
const plainWord =
  /^(?:[A-Z][A-Z0-9_]{0,40}|[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}|on|off|ok|warn|bad|lock|wipe|fresh|ageing|stale)$/;
const checkWord = /^[a-z]{2,10}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/;
const memberName = /^(?:[a-z][a-zA-Z]{0,23}|[A-Z][A-Z0-9_]{1,40})$/;
/** Members below which the operator names things himself. */
const ownNames: ReadonlySet<string> = new Set(["map", "placement"]);
const maxItems = 200;
const maxDepth = 8;

/** Some member that nobody of us named, or one that was left out. */
function isStrange(name: string, value: unknown): boolean {
  return !memberName.test(name) || ownNames.has(name) || value === "(left out)";
}

function bareText(name: string, value: string): string {
  if (instant.test(value)) return value;
  if (name === "check" && checkWord.test(value)) return value;
  return plainMembers.has(name) && plainWord.test(value) ? value : "(left out)";
}

/**
 * What may be told of a value to whoever helps: numbers, yes and no, times, and words of closed lists under members that we know.
 * Every other text is left out, be it a path, an address, a name or a secret. At most eight deep, 200 members each.
 */
export function bareOf(value: unknown, name = "", depth = 0): unknown {
  if (typeof value === "string") return bareText(name, value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= maxDepth) return "(left out)";
  if (Array.isArray(value)) {
    return value.slice(0, maxItems).map((one: unknown) => bareOf(one, name, depth + 1));
  }
  const members: [string, unknown][] = Object.entries(value);
  const known = members.filter(([own, one]) => !isStrange(own, one)).slice(0, maxItems);
  return Object.fromEntries(known.map(([own, one]) => [own, bareOf(one, own, depth + 1)]));
}

/** Bytes and files of one part of a folder. */
export interface PartSize {
  files: number;
  bytes: number;
}

/** How much lies in a folder, by what it is for; no file is named. `partOf` says which part a path below the folder is of. */
export function sizesOf(dir: string, partOf: (path: string) => string): Readonly<Record<string, PartSize>> {
  const sizes: Record<string, PartSize> = {};
  const add = (below: string): void => {
    for (const name of readdirSync(join(dir, below)).toSorted()) {
      const path = join(below, name);
      const found = lstatSync(join(dir, path), { throwIfNoEntry: false });
      if (found?.isDirectory() === true) add(path);
      if (found?.isFile() !== true) continue;
      const part = (sizes[partOf(path)] ??= { files: 0, bytes: 0 });
      part.files += 1;
      part.bytes += found.size;
    }
  };
  add("");
  return sizes;
} // prettier-ignore

/** The numbers of Prometheus' text form, where every label is of our own; other lines are left out. */
export function bareMetrics(text: string): string {
  const line = /^(?:# (?:HELP|TYPE) )?[a-z][a-z0-9_]{0,100}(?:\{(?:[a-z]{1,20}="[A-Za-z0-9_+.]{0,40}",?){0,6}\})? [-+0-9.eEINaf]{1,30}$/;
  return text.split("\n").filter((one) => line.test(one)).slice(0, 5_000).join("\n");
} // prettier-ignore
