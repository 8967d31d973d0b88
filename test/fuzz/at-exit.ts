import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const acts: (() => void)[] = [];

/** Closes what targets hold open: stores and folders. Called by itself when the process ends. */
export function closeTargets(): void {
  for (const act of acts.splice(0).toReversed()) act();
}

process.on("exit", closeTargets);

/** Has something closed in the end. */
export function atExit(act: () => void): void {
  acts.push(act);
}

/** A folder that is there until the end. */
export function makeFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "fuzz-"));
  atExit(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
