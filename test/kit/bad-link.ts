import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type BadLinkProxy, startBadLinkProxy } from "./bad-link-proxy.ts";
import { until } from "./server.ts";

/** What a link in a network namespace is like. */
export interface LinkTerms {
  /** The server's port on this machine. */
  readonly toPort: number;
  readonly kbits: number;
  /** Of a hundred packets, each way. */
  readonly lossPercent: number;
  readonly roundTripMs: number;
}

/** A network of its own, and the one poor link out of it. */
export interface BadLink {
  /** Where the server is found from inside: through the relay that delays. */
  readonly host: string;
  readonly proxy: BadLinkProxy;
  /** Starts a program inside. It is ended with the link. */
  spawn(
    file: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): ChildProcess;
  /** Asks a port inside over HTTP, past the link. */
  ask(port: number, path: string, init?: AskInit): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

/** A question over HTTP. */
export interface AskInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function run(file: string, ...args: readonly string[]): string {
  return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Why no network namespace can be made here, in one line; undefined where one can. */
export function whyNoNetwork(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it takes root on Linux";
  const name = `atumpan-try-${process.pid}`;
  try {
    run("ip", "netns", "add", name);
    run(
      "ip",
      "netns",
      "exec",
      name,
      "tc",
      "qdisc",
      "add",
      "dev",
      "lo",
      "root",
      "tbf",
      "rate",
      "32kbit",
      "burst",
      "1600",
      "latency",
      "1s",
    );
    run(
      "ip",
      "netns",
      "exec",
      name,
      "iptables",
      "-A",
      "INPUT",
      "-m",
      "statistic",
      "--mode",
      "random",
      "--probability",
      "0.05",
      "-j",
      "DROP",
    );
    return undefined;
  } catch (error) {
    const [line = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return `ip, tc or iptables cannot be used (${line.slice(0, 120)})`;
  } finally {
    try {
      run("ip", "netns", "del", name);
    } catch {
      // it was not made
    }
  }
}

interface Names {
  readonly space: string;
  /** The ends of the pair: on this machine, and inside. */
  readonly near: string;
  readonly far: string;
  readonly nearIp: string;
  readonly farIp: string;
}

function makeNames(): Names {
  const id = `${process.pid % 100_000}${randomInt(100)}`;
  const net = `10.213.${randomInt(256)}.${4 * randomInt(64)}`.split(".");
  const [a, b, c, d = "0"] = net;
  const at = (host: number): string => [a, b, c, Number(d) + host].join(".");
  return { space: `atumpan-${id}`, near: `atl${id}`, far: `atr${id}`, nearIp: at(1), farIp: at(2) };
}

const loss = (percent: number): readonly string[] => [
  "-m",
  "statistic",
  "--mode",
  "random",
  "--probability",
  String(percent / 100),
  "-j",
  "DROP",
];

function setUp(
  { space, near, far, nearIp, farIp }: Names,
  { kbits, lossPercent }: LinkTerms,
): void {
  const inside = (...args: readonly string[]): string => run("ip", "netns", "exec", space, ...args);
  const slow = ["root", "tbf", "rate", `${kbits}kbit`, "burst", "1600", "latency", "4s"];
  run("ip", "netns", "add", space);
  run("ip", "link", "add", near, "type", "veth", "peer", "name", far);
  run("ip", "link", "set", far, "netns", space);
  // no packets that are larger than the wire's: each would be counted with one head, and lost as one
  run("ip", "link", "set", near, "gso_max_segs", "1", "up");
  run("ip", "addr", "add", `${nearIp}/30`, "dev", near);
  inside("ip", "link", "set", far, "gso_max_segs", "1", "up");
  inside("ip", "addr", "add", `${farIp}/30`, "dev", far);
  inside("ip", "link", "set", "lo", "up");
  run("tc", "qdisc", "add", "dev", near, ...slow);
  inside("tc", "qdisc", "add", "dev", far, ...slow);
  if (lossPercent === 0) return;
  inside("iptables", "-A", "INPUT", "-i", far, ...loss(lossPercent));
  run("iptables", "-w", "5", "-I", "INPUT", "-i", near, ...loss(lossPercent));
}

function takeDown({ space, near }: Names, { lossPercent }: LinkTerms): void {
  const acts = [
    ["iptables", "-w", "5", "-D", "INPUT", "-i", near, ...loss(lossPercent)],
    ["ip", "link", "del", near],
    ["ip", "netns", "del", space],
  ];
  for (const [file = "", ...args] of acts) {
    try {
      run(file, ...args);
    } catch {
      // it was not made, or went with the one before
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(timer);
}

function askSocket(
  socketPath: string,
  path: string,
  init: AskInit,
): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const { method = "GET", headers = {}, body } = init;
  const asked = request(
    { socketPath, path, method, headers: { host: "127.0.0.1", ...headers } },
    (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    },
  );
  asked.on("error", reject);
  asked.end(body);
  return promise;
}

class NetworkLink implements BadLink {
  readonly host: string;
  readonly proxy: BadLinkProxy;
  readonly #names: Names;
  readonly #terms: LinkTerms;
  readonly #folder = mkdtempSync(join(tmpdir(), "atumpan-link-"));
  readonly #children: ChildProcess[] = [];
  readonly #doors = new Map<number, Promise<string>>();

  constructor(names: Names, terms: LinkTerms, proxy: BadLinkProxy) {
    this.host = names.nearIp;
    this.proxy = proxy;
    this.#names = names;
    this.#terms = terms;
  }

  spawn(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    const command = ["netns", "exec", this.#names.space, file, ...args];
    const child = spawn("ip", command, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.#children.push(child);
    return child;
  }

  async #open(port: number): Promise<string> {
    const socket = join(this.#folder, `${port}.sock`);
    const child = this.spawn(process.execPath, [
      join(import.meta.dirname, "bad-link-door.ts"),
      socket,
      String(port),
    ]);
    let isOpen = false;
    child.stdout?.on("data", () => (isOpen = true));
    await until("the door into the network is open", () => isOpen);
    return socket;
  }

  async ask(
    port: number,
    path: string,
    init: AskInit = {},
  ): Promise<{ status: number; text: string }> {
    const door = this.#doors.get(port) ?? this.#open(port);
    this.#doors.set(port, door);
    return await askSocket(await door, path, init);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map(end));
    await this.proxy.stop();
    takeDown(this.#names, this.#terms);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Makes a network namespace whose only way out is a poor link to a relay before a server's port. Takes root on Linux. */
export async function makeBadLink(terms: LinkTerms): Promise<BadLink> {
  const names = makeNames();
  try {
    setUp(names, terms);
    const proxy = await startBadLinkProxy({
      host: names.nearIp,
      toPort: terms.toPort,
      delayMs: terms.roundTripMs / 2,
    });
    return new NetworkLink(names, terms, proxy);
  } catch (error) {
    takeDown(names, terms);
    throw error;
  }
}
