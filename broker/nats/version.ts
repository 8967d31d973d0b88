import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { Fault, toFault } from "../../schemas/ground/index.ts";

/** The oldest nats-server whose behaviour and fixes we rely on (nats.md §6: advisories up to 2.14.4). */
export const serverFloor = "2.14.5";

const shape = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(-[0-9A-Za-z.-]+)?$/;

/** A server version as numbers; a pre-release stands before its release. */
export interface ServerVersion {
  readonly numbers: readonly [number, number, number];
  readonly isPreRelease: boolean;
}

/**
 * Reads a version like `2.14.9` or `v2.14.9`.
 *
 * @throws {Fault} HUB_SERVER_FAILED when it is not one
 */
export function parseServerVersion(text: string): ServerVersion {
  const [, major, minor, patch, pre] = shape.exec(text.trim()) ?? [];
  if (patch === undefined) throw new Fault("HUB_SERVER_FAILED", "not a version of nats-server");
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    isPreRelease: pre !== undefined,
  };
}

function isAtLeast(version: ServerVersion, floor: ServerVersion): boolean {
  for (const [i, least] of floor.numbers.entries()) {
    const have = version.numbers[i] ?? 0;
    if (have !== least) return have > least;
  }
  return !version.isPreRelease;
}

/**
 * Refuses a server version below the floor.
 *
 * @throws {Fault} HUB_SERVER_TOO_OLD, HUB_SERVER_FAILED when it is not a version
 */
export function checkVersion(text: string): void {
  if (isAtLeast(parseServerVersion(text), parseServerVersion(serverFloor))) return;
  throw new Fault("HUB_SERVER_TOO_OLD", `nats-server ${text.trim()} is older than ${serverFloor}`);
}

const run = promisify(execFile);

/**
 * Asks a nats-server binary for its version, refuses one below the floor, and returns it.
 *
 * @throws {Fault} HUB_SERVER_TOO_OLD, HUB_SERVER_FAILED when it cannot be run
 */
export async function checkServerVersion(binary: string): Promise<string> {
  let said: string;
  try {
    said = (await run(binary, ["--version"], { timeout: 10_000 })).stdout;
  } catch (error) {
    throw toFault(error, "HUB_SERVER_FAILED", "the nats-server binary cannot be run");
  }
  const version = said.trim().replace(/^nats-server: /, "");
  checkVersion(version);
  return version;
}
