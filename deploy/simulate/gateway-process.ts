import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Fault } from "../../schemas/ground/index.ts";
import type { Country } from "./country.ts";
import { rest, type Stage } from "./play.ts";

/** The gateways of the country, run by us in one process. */
export interface OwnGateways {
  start(): Promise<void>;
  /** SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<void>;
  /** Removes what was needed to run them; their stores stay. */
  close(): void;
}

const main = join(import.meta.dirname, "../../gateways/main.ts");
const readyMs = 60_000;
const lookMs = 100;
const forceMs = 10_000;

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** Builds them; nothing runs yet. Stores have locks of their own, so a gateway that runs elsewhere is never run twice. */
export function makeOwnGateways({ home, agencies }: Country, stage: Pick<Stage, "clock" | "signal">): OwnGateways {
  const folder = mkdtempSync(join(tmpdir(), "atumpan-simulate-"));
  const config = join(folder, "gateways.json");
  writeFileSync(config, JSON.stringify({ gateways: agencies.map(({ dir }) => dir) }));
  const logFile = join(home, "logs", "simulate.log");
  mkdirSync(join(home, "logs"), { recursive: true, mode: 0o700 });
  let child: ChildProcess | undefined;
  return {
    start: async () => {
      const log = openSync(logFile, "a", 0o600);
      const running = spawn(process.execPath, [main, "--config", config], { stdio: ["ignore", log, log] });
      closeSync(log);
      child = running;
      const until = stage.clock.elapsed() + readyMs;
      for (const { url, agency } of agencies) {
        while (!stage.signal.aborted && !(await isReady(url))) {
          if (running.exitCode !== null || stage.clock.elapsed() > until) {
            throw new Fault("CONFIG_INVALID", `the gateway of ${agency} does not start; does it run elsewhere? ${logFile} says more`);
          }
          await rest(stage, lookMs);
        }
      }
    },
    stop: async () => {
      const running = child;
      child = undefined;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = once(running, "exit");
      running.kill("SIGTERM");
      const force = stage.clock.after(forceMs, () => running.kill("SIGKILL"));
      await gone;
      force.stop();
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
} // prettier-ignore
