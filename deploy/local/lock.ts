import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { Fault } from "../../schemas/ground/index.ts";

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function holder(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

/**
 * Takes a folder for this process, so that no two run on the same stores. Returns how to give it back.
 * A lock whose holder is gone is taken over.
 *
 * @throws {Fault} CONFIG_INVALID when another process holds it
 */
export function takeLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const pid = holder(file);
  if (pid > 0 && pid !== process.pid && isRunning(pid)) {
    throw new Fault("CONFIG_INVALID", `already running as process ${pid}; stop that one first`);
  }
  const handle = openSync(file, "w", 0o600);
  writeSync(handle, String(process.pid));
  closeSync(handle);
  return () => rmSync(file, { force: true });
}
