import { readFileSync } from "node:fs";

import { sharedNow } from "./shared-clock.ts";

/** Clock ticks a second in `/proc`, the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

function readProc(file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, "utf8");
  } catch {
    // no such process, or a system without /proc: then there is nothing to tell
    return undefined;
  }
}

/** Seconds of processor time, user and system, in a line of `/proc/<pid>/stat`. */
export function parseCpuSeconds(stat: string): number {
  // the name stands in brackets and may hold anything, so fields are counted from the last bracket
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Processor time a process has used, seconds; NaN where the system does not tell. */
export function cpuSecondsOf(pid: number): number {
  const stat = readProc(`${pid}/stat`);
  return stat === undefined ? Number.NaN : parseCpuSeconds(stat);
}

/** Memory of a process, MB of 10⁶ bytes. */
export interface MemoryReading {
  readonly now: number;
  readonly peak: number;
}

/** The resident memory in the text of `/proc/<pid>/status`. */
export function parseMemory(status: string): MemoryReading {
  const read = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024) / 1e6;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

/** Resident memory of a process now and at its highest; NaN where the system does not tell. */
export function memoryOf(pid: number): MemoryReading {
  return parseMemory(readProc(`${pid}/status`) ?? "");
}

/** Seconds of processor time that all cores together were busy, in the text of `/proc/stat`. */
export function parseBusySeconds(stat: string): number {
  const [, user, nice, system, , , irq, softirq, steal] = (stat.split("\n")[0] ?? "")
    .split(/\s+/)
    .map(Number);
  const parts = [user, nice, system, irq, softirq, steal];
  return parts.reduce<number>((sum, part) => sum + (part ?? Number.NaN), 0) / ticksPerSecond;
}

/** Begins to watch the machine. The answer is how many cores others kept busy since; NaN where nobody tells. */
export function watchOthers(): (ownSeconds: number) => number {
  const busySeconds = (): number => parseBusySeconds(readProc("stat") ?? "");
  const [began, beganAt] = [busySeconds(), sharedNow()];
  return (ownSeconds) => {
    const seconds = (sharedNow() - beganAt) / 1000;
    return Math.max(0, (busySeconds() - began - ownSeconds) / seconds);
  };
}
