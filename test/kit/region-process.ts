import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, natsServerBinary, until } from "./server.ts";

/** What `npm start` keeps running, by the names it gives them. */
export const partNames = ["nats-server", "broker", "gateways"] as const;
export type PartName = (typeof partNames)[number];

/** One run of the command line. */
export interface CommandRun {
  /** Rejects when it was killed; gives what it ended with otherwise. */
  readonly ended: Promise<{ code: number; out: string; err: string }>;
  /** SIGKILL; nothing happens when it has ended. */
  kill(): Promise<void>;
}

/** The region of `npm start`, in a folder of its own, as a process that can be hurt. */
export interface RegionProcess {
  readonly home: string;
  readonly base: number;
  /** Milliseconds from the start until everything was ready. */
  readonly readyAfterMs: number;
  /** All that it said on standard output. */
  readonly said: () => string;
  /** Of `npm start` itself. */
  readonly pid: number | undefined;
  pidOf(part: PartName): number | undefined;
  /** SIGKILL, as a power cut takes a process; returns when it is gone. `npm start` starts it again. */
  kill(part: PartName): Promise<void>;
  /** Ends nats-server by SIGKILL and deletes all that JetStream kept on disk before it runs again. */
  wipeHub(): Promise<void>;
  /** `atumpan …` in the region's folder. */
  command(...args: readonly string[]): CommandRun;
  /** SIGTERM, as Ctrl-C ends it. */
  stop(): Promise<void>;
  /** `npm start` again, on the same folder. */
  start(): Promise<void>;
  /** Stops it and deletes the folder. */
  remove(): Promise<void>;
}

const root = join(import.meta.dirname, "../..");
const readySeconds = 300;

/** Whether a process runs; one that ended and was not waited for does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function runCommand(cwd: string, args: readonly string[]): CommandRun {
  const child = spawn(process.execPath, [join(root, "deploy/atumpan.mjs"), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += String(data)));
  child.stderr.on("data", (data) => (err += String(data)));
  const { promise, resolve, reject } = Promise.withResolvers<{
    code: number;
    out: string;
    err: string;
  }>();
  child.once("error", reject);
  child.once("close", (code, signal) => {
    if (code === null) reject(new Error(`ended by ${signal ?? "nothing known"}`));
    else resolve({ code, out, err });
  });
  return {
    ended: promise,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

class Region implements RegionProcess {
  readonly home: string;
  readonly base: number;
  readyAfterMs = 0;
  readonly #states: readonly string[] | undefined;
  #output = "";
  #child: ChildProcess | undefined;

  constructor(home: string, base: number, states: readonly string[] | undefined) {
    this.home = home;
    this.base = base;
    this.#states = states;
  }

  readonly said = (): string => this.#output;

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  pidOf(part: PartName): number | undefined {
    try {
      const file = join(this.home, ".atumpan", "processes.json");
      const pids = JSON.parse(readFileSync(file, "utf8")) as Partial<Record<PartName, number>>;
      return pids[part];
    } catch {
      return undefined;
    }
  }

  async kill(part: PartName): Promise<void> {
    // between an end and the next start the file still names the one that ended
    await until(`${part} runs`, () => isAlive(this.pidOf(part) ?? 0));
    const pid = this.pidOf(part) ?? 0;
    process.kill(pid, "SIGKILL");
    await until(`${part} is gone`, () => !isAlive(pid));
  }

  async wipeHub(): Promise<void> {
    // what the broker remembers of its log is gone with the disks: one that runs on would stop at a log that went back
    await this.kill("broker");
    await this.kill("nats-server");
    for (const name of ["store", "log", "log-seen"]) {
      rmSync(join(this.home, ".atumpan", "hub", name), { recursive: true, force: true });
    }
  }

  command(...args: readonly string[]): CommandRun {
    return runCommand(this.home, args);
  }

  async start(): Promise<void> {
    const began = performance.now();
    this.#output = "";
    const child = spawn(process.execPath, [join(root, "deploy/local/main.ts")], {
      cwd: this.home,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ATUMPAN_HOME: join(this.home, ".atumpan"),
        ATUMPAN_PORT: String(this.base),
        ATUMPAN_NATS_SERVER: natsServerBinary(),
        ...(this.#states === undefined ? {} : { ATUMPAN_STATES: this.#states.join(",") }),
      },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => (this.#output += String(data)));
    }
    const isReady = (): boolean => {
      if (child.exitCode !== null) throw new Error(`npm start ended: ${this.#output}`);
      return this.#output.includes("Everything runs");
    };
    await until("everything runs", isReady, readySeconds);
    this.readyAfterMs = performance.now() - began;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Starts the region of `npm start` in a new folder, on ports of its own: all of it, or these states and the communities. */
export async function startRegionProcess(states?: readonly string[]): Promise<RegionProcess> {
  const home = mkdtempSync(join(tmpdir(), "atumpan-region-"));
  const region = new Region(home, await freePort(), states);
  try {
    await region.start();
    return region;
  } catch (error) {
    await region.remove();
    throw error;
  }
}
