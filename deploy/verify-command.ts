import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import type { Command } from "commander";

import {
  type Anchors,
  type Answerer,
  answerLines,
  answerPath,
  answerRequest,
  answerSignature,
  checkMessageBytes,
  checkRegisterBytes,
  checkTrustedRoot,
  findMoment,
  makeMessageAnswerer,
  makeRegisterAnswerer,
  maxRequestBytes,
  verifyRegisters,
} from "../certs/verify/index.ts";
import { type Desk, exitCodes, type Start } from "../gateways/cli/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  toFault,
  utf8,
} from "../schemas/ground/index.ts";

/** Everything the command may touch. */
interface VerifyWorld {
  readonly cwd: string;
  readonly input: AsyncIterable<Bytes>;
  /** Resolves when more may be written. */
  readonly write: (text: string) => Promise<void>;
  readonly now: EpochMs;
  readonly isTerse: boolean;
}

interface Options {
  readonly jsonl?: boolean;
  readonly register?: readonly string[];
  readonly root?: string;
  readonly at?: string;
}

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

function readNamed({ cwd, input }: VerifyWorld, name: string): Promise<Bytes> | Bytes {
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
  { root }: Options,
  register: string | undefined,
): Anchors {
  if (root !== undefined) return readAnchors(resolve(world.cwd, root));
  const beside = register === undefined ? "" : join(dirname(register), "root.json");
  if (beside !== "" && existsSync(beside)) return readAnchors(beside);
  return refuse(
    "say by which root the register is to be proved: --root FILE, a root.json that you trust",
  );
}

function chooseTime({ now }: VerifyWorld, { at }: Options): EpochMs {
  if (at === undefined) return now;
  return findMoment(at) ?? refuse("--at is a moment in RFC 3339, such as 2026-03-09T14:05:00Z");
}

async function writeAnswer(world: VerifyWorld, answer: { readonly ok: boolean }): Promise<number> {
  await world.write(`${JSON.stringify(answer, undefined, world.isTerse ? undefined : 2)}\n`);
  return answer.ok ? exitCodes.ok : exitCodes.verificationFailed;
}

/** Verdicts are in the lines: once every request has its answer, all went well. */
async function writeLines(world: VerifyWorld, answer: Answerer): Promise<number> {
  for await (const line of answerLines(world.input, answer)) await world.write(line);
  return exitCodes.ok;
}

async function runRequests(
  world: VerifyWorld,
  { file, options }: { readonly file: string | undefined; readonly options: Options },
  answer: Answerer,
): Promise<number> {
  if (options.jsonl === true) {
    if (file !== undefined) refuse("with --jsonl the requests come on standard input");
    return await writeLines(world, answer);
  }
  if (file === undefined) refuse("name a file with one request, or use --jsonl");
  return await writeAnswer(world, answerRequest(await readNamed(world, file), answer));
}

async function runMessage(
  world: VerifyWorld,
  file: string | undefined,
  options: Options,
): Promise<number> {
  const files = (options.register ?? []).map((name) => registerFile(world, name));
  const anchors = chooseAnchors(world, options, files[0]);
  const register = verifyRegisters(files.map(readFile), anchors);
  const place = { register, at: chooseTime(world, options) };
  if (options.jsonl === true) {
    return await runRequests(world, { file, options }, makeMessageAnswerer(place));
  }
  if (file === undefined) refuse("name the file of a message, or use --jsonl");
  return await writeAnswer(world, checkMessageBytes(await readNamed(world, file), place));
}

async function runRegister(
  world: VerifyWorld,
  names: readonly string[],
  options: Options,
): Promise<number> {
  const at = chooseTime(world, options);
  if (options.jsonl === true) {
    const place = options.root === undefined ? { at } : { at, anchors: chooseAnchors(world, options, undefined) };
    return await runRequests(world, { file: names[0], options }, makeRegisterAnswerer(place));
  }
  if (names.length === 0) refuse("name a register's file or folder, or use --jsonl");
  const files = names.map((name) => registerFile(world, name));
  const anchors = chooseAnchors(world, options, files[0]);
  return await writeAnswer(world, checkRegisterBytes(files.map(readFile), { anchors, at }));
} // prettier-ignore

const jsonlWords =
  "one JSON request a line on standard input, one answer a line on standard output";
const timeWords = "the time to judge at, RFC 3339; now when left out";
const rootWords =
  "a root of the register that you trust, root.json; beside the register when left out";

type VerifyStart = (run: (world: VerifyWorld) => Promise<number>) => void;

function addRequests(verify: Command, start: VerifyStart): void {
  verify
    .command("path [file]")
    .description("certification paths: {id, anchors, intermediates, leaf, crls, at, usage}")
    .option("--jsonl", jsonlWords)
    .action((file: string | undefined, options: Options) => {
      start((world) => runRequests(world, { file, options }, answerPath));
    });
  verify
    .command("signature [file]")
    .description("signatures: {id, jws, jwk, alg}, and payload when it stands beside")
    .option("--jsonl", jsonlWords)
    .action((file: string | undefined, options: Options) => {
      start((world) => runRequests(world, { file, options }, answerSignature));
    });
}

function addFiles(verify: Command, start: VerifyStart): void {
  verify
    .command("message [file]")
    .description("a publication or message as it was stored, by a register")
    .requiredOption("--register <file...>", "register files or folders, older ones first")
    .option("--root <file>", rootWords)
    .option("--at <time>", timeWords)
    .option("--jsonl", jsonlWords)
    .action((file: string | undefined, options: Options) => {
      start((world) => runMessage(world, file, options));
    });
  verify
    .command("register [files...]")
    .description("a register's file or folder; of several, older ones first")
    .option("--root <file>", rootWords)
    .option("--at <time>", timeWords)
    .option("--jsonl", jsonlWords)
    .action((names: readonly string[], options: Options) => {
      start((world) => runRegister(world, names, options));
    });
}

async function* inputOf({ world }: Desk): AsyncGenerator<Bytes> {
  if (world.input === undefined) yield utf8(await world.stdin());
  else yield* world.input;
}

async function writeAtOnce({ world }: Desk, text: string): Promise<void> {
  await (world.write?.(text) ?? world.out(text));
}

/** What could not be judged is a wrong question: 8 would say that something was judged and refused. */
async function judge(desk: Desk, run: (world: VerifyWorld) => Promise<number>): Promise<number> {
  const { cwd, clock } = desk.world;
  const isTerse = desk.common.json === true;
  const write = (text: string): Promise<void> => writeAtOnce(desk, text);
  try {
    return await run({ cwd, input: inputOf(desk), write, now: clock.now(), isTerse });
  } catch (error) {
    if (isFault(error, "USAGE_INVALID")) throw error;
    const { code, detail } = toFault(error, "INTERNAL");
    throw new Fault("USAGE_INVALID", `nothing was judged (${code}): ${detail}`, { cause: error });
  }
}

/** Adds `verify …`: for anyone who checks us. Needs no gateway and no network; 0 proved, 8 refused, 2 not judged. */
export function addVerify(program: Command, start: Start): void {
  const verify = program
    .command("verify")
    .description("check what was signed, without a gateway: exit code 0 proved, 8 refused, 2 not judged");
  const begin: VerifyStart = (run) => start(program.opts(), (desk) => judge(desk, run));
  addRequests(verify, begin);
  addFiles(verify, begin);
} // prettier-ignore
