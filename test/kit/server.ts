import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server as Listener } from "node:net";

/** What a region needs at most, each of its gateways one. */
const portsNeeded = 50;
/** Runs of ports that each worker of a run of the tests has for itself. */
const runsEach = 80;
/** Workers of a run, at most. */
const workers = 5;

async function listen(port: number): Promise<Listener | undefined> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return server;
  } catch {
    return undefined;
  }
}

async function isRangeFree(base: number): Promise<boolean> {
  const ports = Array.from({ length: portsNeeded }, (_, i) => base + i);
  const servers = await Promise.all(ports.map(listen));
  for (const server of servers) server?.close();
  return servers.every((server) => server !== undefined);
}

/** Counts the runs that this process looked at, from one of chance, so that none is given twice in a row of calls. */
let looked = randomInt(runsEach);

/**
 * The first of fifty TCP ports in a row that were free a moment ago. Under 32768, where systems begin to hand out
 * ports by themselves, and no other worker of the same run takes them meanwhile; nor does a later call of this
 * process, before all others were given: who asked first may not listen yet.
 */
export async function freePort(): Promise<number> {
  const worker = Number(process.env["VITEST_POOL_ID"] ?? 0) % workers;
  for (let tries = 0; tries < runsEach; tries += 1) {
    looked += 1;
    const base = 12_000 + (worker * runsEach + (looked % runsEach)) * portsNeeded;
    if (await isRangeFree(base)) return base;
  }
  throw new Error(`no ${portsNeeded} free ports in a row were found`);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Waits until `holds` is true; fails with `what`, asked only then where it is a function, after `seconds`. That end
 * is far beyond what a busy machine needs; who says less is after the time itself.
 */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  seconds = 120,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) {
      const missed = typeof what === "string" ? what : what();
      throw new Error(`waited ${seconds} s in vain: ${missed}`);
    }
    await pause(25);
  }
}

/** The nats-server that set-up found. */
export function natsServerBinary(): string {
  return process.env["ATUMPAN_NATS_SERVER"] ?? "nats-server";
}

/** A nats-server that can be killed and started again on the same files. */
export interface Server {
  readonly port: number;
  readonly pid: number | undefined;
  /** SIGKILL, as a power cut takes a process. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts nats-server on a configuration file and waits until it listens on `port`; `binary` is asked at each start. */
export async function startServer(
  config: string,
  port: number,
  binary: () => string = natsServerBinary,
): Promise<Server> {
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    running.kill(signal);
    await gone;
    child = undefined;
  };
  const start = async (): Promise<void> => {
    const running = spawn(binary(), ["-c", config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    running.stdout.on("data", (data) => (output += String(data)));
    running.stderr.on("data", (data) => (output += String(data)));
    child = running;
    await until(`nats-server listens on ${port}`, () => {
      if (running.exitCode !== null) throw new Error(`nats-server ended: ${output}`);
      return answers(port);
    });
  };
  await start();
  return {
    port,
    get pid() {
      return child?.pid;
    },
    kill: () => end("SIGKILL"),
    start,
    stop: () => end("SIGTERM"),
  };
}
