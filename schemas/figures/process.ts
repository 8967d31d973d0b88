import { readdirSync, statfsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

import { Counter, Gauge, type Registry } from "prom-client";

/** What a process says of itself. */
export interface ProcessFigures {
  /** Ends what it watches. */
  stop(): void;
}

/** How fine the waits of the process are seen; each look wakes it. */
const resolutionMs = 50;
const nanos = 1e9;
const openFiles = "/proc/self/fd";

function countOpenFiles(): number | undefined {
  try {
    return readdirSync(openFiles).length;
  } catch {
    // not a system that tells
    return undefined;
  }
}

function findDisk(dir: string): { readonly free: number; readonly size: number } | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(dir);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch {
    // a folder that is gone has no disk to speak of
    return undefined;
  }
}

/**
 * Adds what every process tells: memory, processor, open files, how long what is due waits for its turn, and the disk that
 * `dir` lies on. The waits are watched from the first reading on, so that a process nobody asks pays nothing.
 */
export function addProcessFigures(register: Registry, { dir }: { readonly dir: string }): ProcessFigures {
  const registers = [register];
  const waits = monitorEventLoopDelay({ resolution: resolutionMs });
  const gauge = (name: string, help: string, find: () => number | undefined): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = find();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  gauge("process_start_time_seconds", "when the process began, in seconds since 1970", () => performance.timeOrigin / 1000);
  gauge("process_resident_memory_bytes", "memory of the process", () => process.memoryUsage.rss());
  gauge("process_open_fds", "files and connections that are open", countOpenFiles);
  gauge("nodejs_heap_size_used_bytes", "of it, what objects take", () => process.memoryUsage().heapUsed);
  gauge("nodejs_eventloop_lag_max_seconds", "longest wait of what was due, since the last reading", () => {
    waits.enable();
    const seconds = waits.max / nanos;
    waits.reset();
    return seconds;
  });
  gauge("atumpan_disk_free_bytes", "free on the disk of its folder", () => findDisk(dir)?.free);
  gauge("atumpan_disk_size_bytes", "of the disk of its folder", () => findDisk(dir)?.size);
  const cpu = new Counter({
    name: "process_cpu_seconds_total",
    help: "processor time of the process",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      cpu.inc((user + system) / 1e6);
    },
  });
  return { stop: () => void waits.disable() };
} // prettier-ignore
