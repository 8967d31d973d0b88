import type { Command } from "commander";

import {
  type Answerer,
  answerLines,
  answerPath,
  answerRequest,
  answerSignature,
  checkMessageBytes,
  checkRegisterBytes,
  makeMessageAnswerer,
  makeRegisterAnswerer,
  verifyRegisters,
} from "../certs/verify/index.ts";
import { type Desk, exitCodes, type Start } from "../gateways/cli/index.ts";
import { addVerifyDrill } from "./verify-drill.ts";
import { addEvidence } from "./verify-evidence.ts";
import {
  chooseTime,
  readNamed,
  readRegisters,
  type VerifyOptions,
  type VerifyWorld,
} from "./verify-files.ts";
import { type Bytes, Fault, isFault, toFault, utf8 } from "../schemas/ground/index.ts";

function refuse(detail: string): never {
  throw new Fault("USAGE_INVALID", detail);
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
  { file, options }: { readonly file: string | undefined; readonly options: VerifyOptions },
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
  options: VerifyOptions,
): Promise<number> {
  const { files, anchors } = readRegisters(world, options.register ?? [], options);
  const register = verifyRegisters(files, anchors);
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
  options: VerifyOptions,
): Promise<number> {
  const at = chooseTime(world, options);
  if (options.jsonl === true) {
    const place = options.root === undefined ? { at } : { at, anchors: readRegisters(world, [], options).anchors };
    return await runRequests(world, { file: names[0], options }, makeRegisterAnswerer(place));
  }
  if (names.length === 0) refuse("name a register's file or folder, or use --jsonl");
  const { files, anchors } = readRegisters(world, names, options);
  return await writeAnswer(world, checkRegisterBytes(files, { anchors, at }));
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
    .action((file: string | undefined, options: VerifyOptions) => {
      start((world) => runRequests(world, { file, options }, answerPath));
    });
  verify
    .command("signature [file]")
    .description("signatures: {id, jws, jwk, alg}, and payload when it stands beside")
    .option("--jsonl", jsonlWords)
    .action((file: string | undefined, options: VerifyOptions) => {
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
    .action((file: string | undefined, options: VerifyOptions) => {
      start((world) => runMessage(world, file, options));
    });
  verify
    .command("register [files...]")
    .description("a register's file or folder; of several, older ones first")
    .option("--root <file>", rootWords)
    .option("--at <time>", timeWords)
    .option("--jsonl", jsonlWords)
    .action((names: readonly string[], options: VerifyOptions) => {
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
  addEvidence(verify, begin);
  addVerifyDrill(verify, begin);
} // prettier-ignore
