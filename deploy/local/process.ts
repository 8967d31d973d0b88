import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

import type { Clock } from "../../schemas/ground/index.ts";

/** A process that is kept running. */
export interface KeptProcess {
  readonly name: string;
  /** The running process; changes when it was started again. */
  readonly pid: number | undefined;
  /** Asks it to end, and ends it by force after ten seconds. Resolves when it has ended. */
  stop(): Promise<void>;
}

/** What is run, and where its output goes. */
export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A file that standard output and standard error are appended to. */
  readonly logFile: string;
  readonly clock: Clock;
  /** Tells people that it ended by itself and is started again. */
  readonly say: (text: string) => void;
  /** Told of each process that was started. */
  readonly onStart: (pid: number) => void;
}

/** What a process ends with when going on could lose or split what it promised (INTEGRITY_*). */
const integrityExit = 70;
const restartAfterMs = 1000;
const forceAfterMs = 10_000;

/** Starts a process, and starts it again whenever it ends by itself; but not when its store contradicts itself. */
export function keepProcess(plan: ProcessPlan): KeptProcess {
  let child: ChildProcess | undefined;
  let stopping = false;

  const start = (): void => {
    const log = openSync(plan.logFile, "a");
    const running = spawn(plan.command, plan.args, { stdio: ["ignore", log, log], detached: true });
    closeSync(log);
    child = running;
    if (running.pid !== undefined) plan.onStart(running.pid);
    running.once("error", (error) => plan.say(`${plan.name} cannot be started: ${error.message}`));
    running.once("exit", (code, signal) => {
      child = undefined;
      if (stopping) return;
      if (code === integrityExit) {
        plan.say(`${plan.name} stopped because its store contradicts itself; see ${plan.logFile}`);
        return;
      }
      plan.say(`${plan.name} ended (${signal ?? code ?? "unknown"}); starting it again`);
      plan.clock.after(restartAfterMs, () => {
        if (!stopping) start();
      });
    });
  };

  const stop = async (): Promise<void> => {
    stopping = true;
    const running = child;
    if (running === undefined) return;
    const ended = new Promise<void>((resolve) => {
      running.once("exit", () => resolve());
    });
    running.kill("SIGTERM");
    const force = plan.clock.after(forceAfterMs, () => running.kill("SIGKILL"));
    await ended;
    force.stop();
  };

  start();
  return {
    name: plan.name,
    get pid() {
      return child?.pid;
    },
    stop,
  };
}
