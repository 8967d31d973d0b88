import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { LimitChange } from "./hub-limits.ts";
import { until } from "./server.ts";
import type { World } from "./world.ts";

/** The broker of a world as a process of its own, so that it can be killed and stopped like one. */
export interface BrokerProcess {
  readonly pid: number;
  /** SIGSTOP: it is there and does nothing. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL; returns when it is gone. */
  kill(): Promise<void>;
}

/** Starts the broker of a world, whose own must be stopped, and waits until it judges by its register. */
export async function startBrokerProcess(
  { layout }: Pick<World, "layout">,
  limits: LimitChange,
  patienceSeconds?: number,
): Promise<BrokerProcess> {
  const file = join(import.meta.dirname, "limited-broker.ts");
  const args = [file, JSON.stringify(limits), "run", "--config", layout.brokerConfig];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (data) => (said += String(data)));
  child.stderr.on("data", (data) => (said += String(data)));
  const ended = once(child, "exit");
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const isReady = (): boolean => {
    if (isOver()) throw new Error(`the broker ended: ${said}`);
    return said.includes("register in force");
  };
  try {
    await until("the broker judges by its register", isReady, patienceSeconds);
  } catch (error) {
    // nobody else knows of it
    child.kill("SIGKILL");
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill: async () => {
      if (!isOver()) child.kill("SIGKILL");
      await ended;
    },
  };
}
