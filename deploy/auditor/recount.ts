import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

import type { Command } from "commander";

import type { FollowedLog, LogMirror } from "../../certs/auditor/index.ts";
import { parseEntries, tileWidth } from "../../certs/log/index.ts";
import {
  type CountFinding,
  type CountTable,
  parseCountTable,
  recount,
} from "../../certs/oversight/index.ts";
import { type Desk, exitCodes, type Say, sayOf, type Start } from "../../gateways/cli/index.ts";
import { type Bytes, Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { openFolderMirror } from "./folder-mirror.ts";

const maxFileBytes = 64 * 1024 * 1024;
const most = 20;

type Judged = CountFinding | (Omit<CountFinding, "kind"> & { readonly kind: "HISTORY" });

function readFigures(path: string): Bytes {
  try {
    if (statSync(path).size <= maxFileBytes) return readFileSync(path);
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${path} cannot be read`);
  }
  throw new Fault("USAGE_INVALID", `${path} has more than ${maxFileBytes} bytes`);
}

function* readLeaves(mirror: LogMirror, size: number): Generator<Bytes> {
  for (let bundle = 0; bundle * tileWidth < size; bundle += 1) {
    const width = Math.min(tileWidth, size - bundle * tileWidth);
    yield* parseEntries(mirror.read({ holds: "entries", level: 0, index: bundle, width }), width);
  }
}

function renderFindings(findings: readonly Judged[], say: Say): string {
  const told = findings.slice(0, most).map(({ kind, of, detail }) => {
    const named = Object.values(of).filter((one) => one !== "").join(" ");
    return `${say(`recount.${kind}`)}: ${named === "" ? "-" : named} (${detail})`;
  });
  const rest = findings.length - told.length;
  return [...told, ...(rest > 0 ? [say("oversight.more", { count: rest })] : [])].join("\n");
} // prettier-ignore

/** Figures of another history of the log are wrong as figures are, and not a fault of who asks. */
function judge(table: CountTable, mirror: LogMirror, held: FollowedLog): readonly Judged[] {
  const { origin, size, root } = held;
  try {
    return recount(table, { origin, size, root, leaves: readLeaves(mirror, size) });
  } catch (error) {
    if (!isFault(error, "LOG_INCONSISTENT")) throw error;
    return [{ kind: "HISTORY", of: {}, detail: error.detail }];
  }
}

/**
 * Counts a log that was followed again, and says of each figure of a file whether it is right, and what was left out.
 *
 * @returns 8 when something is wrong with a figure
 * @throws {Fault} USAGE_INVALID, OVERSIGHT_FILE_INVALID, INTEGRITY_STORE, LOG_*
 */
export function runRecount(desk: Desk, file: string, options: { readonly mirror: string }): number {
  const { cwd } = desk.world;
  const table = parseCountTable(readFigures(resolve(cwd, file)));
  const mirror = openFolderMirror(resolve(cwd, options.mirror));
  const { held } = mirror;
  if (held === undefined) throw new Fault("USAGE_INVALID", `${options.mirror} is no mirror: atumpan log follow`);
  const findings = judge(table, mirror, held);
  const say = sayOf(desk);
  const right = say("recount.right", { count: table.rows.length, size: table.size });
  desk.result({ figures: table.rows.length, size: table.size, findings }, findings.length === 0 ? right : renderFindings(findings, say));
  return findings.length === 0 ? exitCodes.ok : exitCodes.verificationFailed;
} // prettier-ignore

/** Adds `oversight check`: 0 every figure is right, 8 one is not. */
export function addRecount(program: Command, start: Start): void {
  const group =
    program.commands.find((command) => command.name() === "oversight") ??
    program.command("oversight").description("what a seat of oversight sees: how much, never what");
  group
    .command("check <file>")
    .description(
      "count a followed log again and compare a file of counts with it, figure by figure",
    )
    .requiredOption("--mirror <dir>", "the mirror of the log: atumpan log follow")
    .action((file: string, options: { readonly mirror: string }) => {
      start(program.opts(), (desk) => runRecount(desk, file, options));
    });
}
