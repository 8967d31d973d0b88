import { join } from "node:path";

import { type Finding, makeFinding } from "./finding.ts";
import type { GatewayFolder } from "./folder.ts";
import type { Probes } from "./probes.ts";

const mebi = 1024 * 1024;
/** Below it the store takes only what comes in. */
const reserveBytes = 16 * mebi;
/** A month of a busy desk. */
const lowBytes = 1024 * mebi;
/** A message waits for one sync; officers notice from here on. */
const slowMs = 250;
const othersRead = 0o077;
const othersWrite = 0o022;

function octal(mode: number): string {
  return mode.toString(8).padStart(3, "0");
}

/** What others may do with a file that is nobody else's. */
function checkFile(file: string, forbidden: number, probes: Probes): Finding | undefined {
  const seen = probes.look(file);
  if (seen === undefined) return makeFinding("FILE_MISSING", { file });
  if ((seen.mode & forbidden) === 0) return undefined;
  const wanted = octal(seen.mode & ~forbidden);
  return makeFinding("FILE_OPEN_TO_OTHERS", { file, mode: octal(seen.mode), wanted });
}

/** Whether every file that is the gateway's alone is there, and closed to others. */
export function checkFiles(folder: GatewayFolder, probes: Probes): readonly Finding[] {
  const { dir, secrets, own, anchors } = folder;
  const made = ["api-token", "store.db", "store-key.json"].map((name) => join(dir, name));
  const closed = [...secrets, ...made.filter((file) => probes.look(file) !== undefined)];
  const kept = [dir, join(dir, "gateway.json"), anchors, ...own.map((one) => one.certificate)];
  const found = [
    ...closed.map((file) => checkFile(file, othersRead, probes)),
    // what others may read but not write
    ...kept.map((file) => checkFile(file, othersWrite, probes)),
  ].filter((one) => one !== undefined);
  const count = closed.length + kept.length;
  return found.length > 0 ? found : [makeFinding("FILES_CLOSED", { count })];
}

/** Room on the disk of a folder, and how fast it keeps what it is given. */
export function checkDisk(dir: string, probes: Probes): readonly Finding[] {
  const trial = probes.trySync(dir);
  if ("failed" in trial) {
    const isFull = trial.failed === "ENOSPC" || trial.failed === "EDQUOT";
    return [makeFinding(isFull ? "DISK_FULL" : "DISK_READ_ONLY", { file: dir, why: trial.failed })];
  }
  const free = probes.findRoom(dir) ?? lowBytes;
  const facts = { free: Math.floor(free / mebi), ms: Math.round(trial.ms), file: dir };
  if (free < reserveBytes) return [makeFinding("DISK_FULL", { file: dir, why: "ENOSPC" })];
  const found = [
    ...(free < lowBytes ? [makeFinding("DISK_LOW", facts)] : []),
    ...(trial.ms > slowMs ? [makeFinding("DISK_SLOW", facts)] : []),
  ];
  return found.length > 0 ? found : [makeFinding("DISK_GOOD", facts)];
}
