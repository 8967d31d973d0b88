import { existsSync, readFileSync } from "node:fs";

import { z } from "zod";

import type { Clock } from "../../schemas/ground/index.ts";
import type { Layout } from "./layout.ts";
import { tryShape } from "../../schemas/ground/index.ts";

const pidsFile = z.record(z.string(), z.int().positive());
const patienceMs = 10_000;
const lookMs = 100;

/** What a process was started with; undefined when it is gone, or where the system does not tell. */
function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // gone, or a system without /proc
    return undefined;
  }
}

function readPids({ processes }: Layout): readonly number[] {
  if (!existsSync(processes)) return [];
  const parsed = tryShape(pidsFile, JSON.parse(readFileSync(processes, "utf8")));
  return parsed.success ? Object.values(parsed.data) : [];
}

/**
 * Ends processes of this region that an earlier start left behind when it was killed. A number that by now
 * belongs to another program is left alone: only a process that names this region's folder is ours.
 *
 * @returns how many there were
 */
export async function endLeftovers(layout: Layout, clock: Clock): Promise<number> {
  const isOurs = (pid: number): boolean => commandOf(pid)?.includes(layout.home) ?? false;
  const ours = readPids(layout).filter(isOurs);
  for (const pid of ours) process.kill(pid, "SIGTERM");
  const until = clock.elapsed() + patienceMs;
  while (ours.some(isOurs) && clock.elapsed() < until) await clock.sleep(lookMs);
  for (const pid of ours.filter(isOurs)) process.kill(pid, "SIGKILL");
  return ours.length;
}
