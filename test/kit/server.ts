import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
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

/** Waits until `holds` is true; fails with `what`, asked only then where it is a function, after `seconds`. */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  seconds = 30,
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

/** Starts nats-server on a configuration file and waits until it listens on `port`. */
export async function startServer(config: string, port: number): Promise<Server> {
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
    const running = spawn(natsServerBinary(), ["-c", config], {
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
