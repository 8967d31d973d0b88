import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Bytes } from "../../schemas/ground/index.ts";

/** What another's program is asked; `do` says what for, bytes are in base64. */
export interface Order {
  readonly do: string;
  readonly [name: string]: unknown;
}

/** What it answered. An `error` is its refusal. */
export interface Answer {
  readonly error?: string;
  readonly text?: string;
  readonly verified?: readonly string[];
  readonly others?: number;
  readonly origin?: string;
  readonly size?: number;
  readonly root?: string;
  readonly hashes?: readonly string[];
  readonly vkeys?: readonly string[];
  readonly satisfied?: boolean;
  readonly file?: string;
}

const source = join(import.meta.dirname, "log_reader");
const built = join(import.meta.dirname, "../../.tools/interop");

/** Bytes as an order has them. */
export function base64(bytes: Bytes): string {
  return Buffer.from(bytes).toString("base64");
}

/** Bytes as an answer has them. */
export function bytesOf(text = ""): Bytes {
  return Buffer.from(text, "base64");
}

/**
 * Builds the program of `log_reader` of what is on this machine; nothing is fetched here, `.ci/run` does. Undefined
 * where there is no Go, or its libraries were not fetched.
 */
export function buildLogReader(): string | undefined {
  const file = join(built, "log_reader");
  mkdirSync(built, { recursive: true });
  const env = { ...process.env, GOPROXY: "off", GOFLAGS: "-mod=readonly -buildvcs=false" };
  const { status } = spawnSync("go", ["build", "-o", file, "."], { cwd: source, env, timeout: 120_000 });
  return status === 0 ? file : undefined;
} // prettier-ignore

/** Asks all of it in one run. @throws {Error} when the program ends otherwise than by answering each */
export function askReader(file: string, orders: readonly Order[]): readonly Answer[] {
  const input = `${orders.map((order) => JSON.stringify(order)).join("\n")}\n`;
  const { stdout, stderr } = spawnSync(file, { input, encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 28 });
  const answers = stdout.split("\n").slice(0, -1).map((line): Answer => JSON.parse(line));
  if (answers.length === orders.length) return answers;
  throw new Error(`the reader answered ${answers.length} of ${orders.length}: ${stderr.slice(0, 400)}`);
} // prettier-ignore
