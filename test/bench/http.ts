import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { alert } from "../kit/gateway-office.ts";
import { runLoad } from "./load.ts";
import { spreadOf, type Spread } from "./percentile.ts";

/** How often something was answered over HTTP. */
export interface HttpRun {
  readonly name: string;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly delays: Spread;
  /** Against node:http alone in the same run. */
  readonly ratio: number;
}

const connections = 50;
const bodyBytes = 1_024;

/** An alert that is so long as JSON. */
function makeBody(): string {
  const short = JSON.stringify(alert).length;
  const text = alert.body.narrative.text + " and more".repeat(Math.ceil((bodyBytes - short) / 9));
  const narrative = { ...alert.body.narrative, text };
  return JSON.stringify({ ...alert, body: { ...alert.body, narrative } });
}

interface Asked {
  readonly url: string;
  readonly token: string;
  readonly process: ChildProcess;
}

async function start(which: string): Promise<Asked> {
  const file = join(import.meta.dirname, "http-process.ts");
  const worker = spawn(process.execPath, [file, which], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: worker.stdout });
  const [line] = (await once(lines, "line")) as [string];
  return { ...(JSON.parse(line) as Pick<Asked, "url" | "token">), process: worker };
}

async function stop({ process: worker }: Asked): Promise<void> {
  worker.stdin?.end();
  if (worker.exitCode === null) await once(worker, "exit");
}

interface Post {
  readonly asked: Asked;
  readonly agent: Agent;
  readonly path: string;
  readonly body: string;
}

async function post({ asked, agent, path, body }: Post, key: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${asked.token}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "idempotency-key": key,
  };
  const asking = request(`${asked.url}${path}`, { method: "POST", agent, headers });
  asking.end(body);
  const [answer] = (await once(asking, "response")) as [import("node:http").IncomingMessage];
  answer.resume();
  await once(answer, "end");
  return answer.statusCode ?? 0;
}

async function measure(
  which: {
    readonly name: string;
    readonly process: string;
    readonly path: string;
    readonly status: number;
  },
  seconds: number,
): Promise<Omit<HttpRun, "ratio">> {
  const asked = await start(which.process);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const body = makeBody();
  const delays: number[] = [];
  const act = async (index: number): Promise<void> => {
    const began = performance.now();
    const status = await post({ asked, agent, path: which.path, body }, `bench-${index}`);
    if (status !== which.status)
      throw new Error(`${which.name}: ${status} in place of ${which.status}`);
    delays.push(performance.now() - began);
  };
  try {
    // what is compiled at the first call is not what a day of work costs
    await runLoad({ kind: "window", window: connections, seconds: 2 }, (index) => act(-1 - index));
    delays.length = 0;
    const began = performance.now();
    await runLoad({ kind: "window", window: connections, seconds }, act);
    const perSecond = (delays.length * 1_000) / (performance.now() - began);
    return { name: which.name, perSecond, delays: spreadOf(delays) };
  } finally {
    agent.destroy();
    await stop(asked);
  }
}

const runs = [
  { name: "bare: node:http, parsed, answered", process: "bare", path: "/", status: 201 },
  {
    name: "validated: POST /v1/messages:validate",
    process: "gateway",
    path: "/v1/messages:validate",
    status: 200,
  },
  {
    name: "accepted: sealed, signed, on disk",
    process: "gateway",
    path: "/v1/messages",
    status: 201,
  },
] as const;

/** Posts an alert of 1 kB over 50 kept connections: to node:http alone, to be validated, and to be accepted. */
export async function measureHttp(
  { seconds }: { readonly seconds: number },
  say: (text: string) => void,
): Promise<readonly HttpRun[]> {
  const found: HttpRun[] = [];
  for (const run of runs) {
    say(`${run.name} …`);
    const measured = await measure(run, seconds);
    found.push({
      ...measured,
      ratio: measured.perSecond / (found[0]?.perSecond ?? measured.perSecond),
    });
  }
  return found;
}

/** The figures as a table. */
export function renderHttp(found: readonly HttpRun[]): string {
  const row = ({ name, perSecond, delays, ratio }: HttpRun): string =>
    `| ${name.padEnd(38)} | ${perSecond.toFixed(0).padStart(8)} | ${delays.p50.toFixed(1).padStart(6)} | ${delays.p99.toFixed(1).padStart(6)} | ${ratio.toFixed(3)} |`;
  return [
    `POST of ${bodyBytes} bytes over ${connections} connections`,
    `| ${"".padEnd(38)} | per s    | p50 ms | p99 ms | ratio |`,
    `| ${"-".repeat(38)} | -------: | -----: | -----: | ----: |`,
    ...found.map(row),
    "",
  ].join("\n");
}
