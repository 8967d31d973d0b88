import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { setTimeout } from "node:timers/promises";

import { Fault, systemClock, toFault } from "../../schemas/ground/index.ts";

const patienceMs = 10_000;
const stepMs = 50;

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** A process that we may not signal is running too, as somebody else's. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Who holds it; undefined when nobody does, 0 while that is not written yet. */
function findHolder(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A lock without a number is somebody's who just takes it, or who ended in that moment. */
function isLeft(lock: string, holder: number): boolean {
  if (holder > 0) return !isRunning(holder);
  const madeAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? systemClock.now();
  return systemClock.now() - madeAt > patienceMs;
}

/** Takes a lock away whose holder is gone: of two who try, one moves it, and nobody moves another's by mistake for long. */
function removeLeft(lock: string, holder: number): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (findHolder(aside) === holder) rmSync(aside, { force: true });
  else renameSync(aside, lock);
}

function tryTake(lock: string): boolean {
  try {
    const handle = openSync(lock, "wx", 0o600);
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  const holder = findHolder(lock);
  if (holder !== undefined && isLeft(lock, holder)) removeLeft(lock, holder);
  return false;
}

async function take(lock: string): Promise<void> {
  for (let waited = 0; ; waited += stepMs) {
    try {
      if (tryTake(lock)) return;
    } catch (error) {
      throw toFault(error, "STORE_WRITE_FAILED", `${lock} could not be written`);
    }
    if (waited >= patienceMs) {
      const who = `process ${findHolder(lock) ?? 0} has been writing the register for ten seconds`;
      throw new Fault(
        "STORE_WRITE_FAILED",
        `${who}; nothing was changed; try again when it is done`,
      );
    }
    // a command has nothing else that keeps its process alive meanwhile
    await setTimeout(stepMs);
  }
}

/**
 * Runs `act` while nobody else on this machine makes a next register of the one in `file`: read, publish and write belong
 * inside. Two that did so at once would both make the same epoch, and one of them would be lost. A lock whose holder is
 * gone is taken over. Not for within another lock of the same file.
 *
 * @throws {Fault} STORE_WRITE_FAILED after ten seconds of waiting; what `act` throws
 */
export async function withRegisterLock<T>(file: string, act: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await take(lock);
  try {
    return await act();
  } finally {
    rmSync(lock, { force: true });
  }
}
