import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import {
  type Anchors,
  checkTrustedRoot,
  findMoment,
  maxRequestBytes,
} from "../certs/verify/index.ts";
import { type Bytes, type EpochMs, Fault } from "../schemas/ground/index.ts";

/** Everything the command may touch. */
export interface VerifyWorld {
  readonly cwd: string;
  readonly input: AsyncIterable<Bytes>;
  /** Resolves when more may be written. */
  readonly write: (text: string) => Promise<void>;
  readonly now: EpochMs;
  readonly isTerse: boolean;
}

/** By which register, root and time something is judged. */
export interface VerifyOptions {
  readonly jsonl?: boolean;
  readonly register?: readonly string[];
  readonly root?: string;
  readonly at?: string;
}

/** @throws {Fault} USAGE_INVALID */
function refuse(detail: string): never {
  throw new Fault("USAGE_INVALID", detail);
}

function readFile(path: string): Bytes {
  try {
    if (statSync(path).size <= maxRequestBytes) return readFileSync(path);
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${path} cannot be read`, { cause });
  }
  return refuse(`${path} has more than ${maxRequestBytes} bytes`);
}

async function readInput(input: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let size = 0;
  for await (const piece of input) {
    size += piece.length;
    if (size > maxRequestBytes) refuse(`standard input has more than ${maxRequestBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The bytes of a file by its name, or what comes on standard input for `-`. @throws {Fault} USAGE_INVALID */
export function readNamed({ cwd, input }: VerifyWorld, name: string): Promise<Bytes> | Bytes {
  return name === "-" ? readInput(input) : readFile(resolve(cwd, name));
}

/** A root of the register; the same file that gateways begin with. */
function readAnchors(path: string): Anchors {
  const root = readFile(path);
  try {
    checkTrustedRoot(root);
    return { root };
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${path} is not a root of a register`, { cause });
  }
}

/** A folder stands for the register in it. */
function registerFile({ cwd }: VerifyWorld, name: string): string {
  const path = resolve(cwd, name);
  const within = join(path, "register.bin");
  return existsSync(within) ? within : path;
}

/** The root that was named, or the one that lies beside a register. */
function chooseAnchors(
  world: VerifyWorld,
  { root }: VerifyOptions,
  register: string | undefined,
): Anchors {
  if (root !== undefined) return readAnchors(resolve(world.cwd, root));
  const beside = register === undefined ? "" : join(dirname(register), "root.json");
  if (beside !== "" && existsSync(beside)) return readAnchors(beside);
  return refuse(
    "say by which root the register is to be proved: --root FILE, a root.json that you trust",
  );
}

/** The time that was named, or now. @throws {Fault} USAGE_INVALID */
export function chooseTime({ now }: VerifyWorld, { at }: VerifyOptions): EpochMs {
  if (at === undefined) return now;
  return findMoment(at) ?? refuse("--at is a moment in RFC 3339, such as 2026-03-09T14:05:00Z");
}

/** Register files, and the root that they are to be proved by. */
export interface NamedRegisters {
  readonly files: readonly Bytes[];
  readonly anchors: Anchors;
}

/** The registers that were named, folders or files, and the root for them. @throws {Fault} USAGE_INVALID */
export function readRegisters(
  world: VerifyWorld,
  names: readonly string[],
  options: VerifyOptions,
): NamedRegisters {
  const paths = names.map((name) => registerFile(world, name));
  return { anchors: chooseAnchors(world, options, paths[0]), files: paths.map(readFile) };
}
