import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { LimitChange } from "./hub-limits.ts";
import type { World } from "./world.ts";

/** One of several brokers of a hub, as a process of its own. */
export interface HubProcess {
  readonly name: string;
  /** The file it is started with. */
  readonly config: string;
  /** Everything it wrote so far. */
  said(): string;
  /** What it shows at a path of its own door; nothing while it does not answer. */
  show(path: "/livez" | "/readyz" | "/metrics"): Promise<{ readonly status: number; readonly text: string } | undefined>;
  /** Whether it takes messages in, by its own numbers. */
  works(): Promise<boolean>;
  /** Whether it waits for its turn. */
  waits(): Promise<boolean>;
  /** SIGSTOP and SIGCONT: it is there and does nothing. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL; returns when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; its exit code. */
  end(): Promise<number | null>;
  /** Its exit code, once it ended by itself. */
  ended(): Promise<number | null>;
} // prettier-ignore

/** How a broker of a world is called, where its folder is, and where it shows itself. */
export interface HubProcessPlan {
  readonly name: string;
  /** A folder of its own beside the hub's; the hub's when left out. */
  readonly folder?: string;
  readonly port: number;
  readonly limits: LimitChange;
  /** Further parts of its configuration; what is `undefined` is taken out. */
  readonly change?: object;
}

const answerMs = 1_000;

/** Starts one of the brokers of a world, whose own must be stopped. */
export function startHubProcess({ layout }: Pick<World, "layout">, plan: HubProcessPlan): HubProcess {
  const { name, folder, port, limits, change } = plan;
  const given = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as object;
  const own = folder === undefined ? {} : { dir: join(layout.hub, folder) };
  const standby = { name, folder: layout.hub };
  const config = join(layout.brokerConfig, "..", `broker-${name}.json`);
  writeFileSync(config, JSON.stringify({ ...given, ...own, standby, metrics: { port }, ...change }));
  const file = join(import.meta.dirname, "limited-broker.ts");
  const args = [file, JSON.stringify(limits), "run", "--config", config];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
  const ended = once(child, "exit");
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const show: HubProcess["show"] = async (path) => {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(answerMs) });
      return { status: answer.status, text: await answer.text() };
    } catch {
      // frozen, gone, or not there yet
      return undefined;
    }
  };
  const tells = async (line: string): Promise<boolean> => {
    if (isOver()) return false;
    return (await show("/metrics"))?.text.includes(`\n${line}\n`) === true;
  };
  return {
    name,
    config,
    said: () => said,
    show,
    works: () => tells("atumpan_hub_ready 1"),
    waits: () => tells("atumpan_hub_standby 1"),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill: async () => {
      if (!isOver()) child.kill("SIGKILL");
      await ended;
    },
    ended: async () => {
      await ended;
      return child.exitCode;
    },
    end: async () => {
      if (!isOver()) child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
} // prettier-ignore
