import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { type Command, Option } from "commander";

import {
  checkEvidence,
  type EvidenceReport,
  type EvidenceTrust,
  parseRoots,
  renderReport,
  renderRoots,
  sumUp,
  trustRegister,
} from "../certs/evidence/index.ts";
import { verifyRegisters } from "../certs/verify/index.ts";
import { exitCodes } from "../gateways/cli/index.ts";
import { type Bytes, Fault, isFault, toFault } from "../schemas/ground/index.ts";
import { type Language, languages, renderInstant } from "../schemas/index.ts";
import { renderCourtPage } from "./court/index.ts";
import { chooseTime, readNamed, readRegisters, type VerifyOptions, type VerifyWorld } from "./verify-files.ts"; // prettier-ignore

interface EvidenceOptions extends VerifyOptions {
  readonly roots?: string;
  readonly lang: Language;
}

interface OutOptions extends VerifyOptions {
  readonly out: string;
}

function writeNew({ cwd }: VerifyWorld, name: string, bytes: Bytes): void {
  try {
    writeFileSync(resolve(cwd, name), bytes, { flag: "wx", mode: 0o644 });
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${name} cannot be written; is it there already?`);
  }
}

async function readRoots(world: VerifyWorld, name: string): Promise<EvidenceTrust> {
  try {
    return parseRoots(await readNamed(world, name));
  } catch (cause) {
    if (isFault(cause, "USAGE_INVALID")) throw cause;
    throw new Fault("USAGE_INVALID", `${name} is not a file of roots`, { cause });
  }
}

async function chooseTrust(world: VerifyWorld, options: EvidenceOptions): Promise<EvidenceTrust | undefined> {
  const { register, roots } = options;
  if (register !== undefined && roots !== undefined) {
    throw new Fault("USAGE_INVALID", "give the register or the roots, not both");
  }
  if (roots !== undefined) return await readRoots(world, roots);
  if (register === undefined) return undefined;
  const { files, anchors } = readRegisters(world, register, options);
  return trustRegister(verifyRegisters(files, anchors));
} // prettier-ignore

const codes = {
  REFUSED: exitCodes.verificationFailed,
  NOT_JUDGED: exitCodes.usage,
  NONE_REFUSED: exitCodes.ok,
} as const;

function renderJson(report: EvidenceReport, isTerse: boolean): string {
  const { about } = report;
  const at = about?.at === undefined ? {} : { at: renderInstant(about.at) };
  const shown = about === undefined ? report : { ...report, about: { ...about, ...at } };
  return `${JSON.stringify(shown, undefined, isTerse ? undefined : 2)}\n`;
}

async function runEvidence(world: VerifyWorld, file: string, options: EvidenceOptions): Promise<number> {
  const trust = await chooseTrust(world, options);
  const report = checkEvidence(await readNamed(world, file), { trust, now: chooseTime(world, options) });
  await world.write(world.isTerse ? renderJson(report, true) : renderReport(report, options.lang));
  return codes[sumUp(report)];
} // prettier-ignore

async function runRoots(world: VerifyWorld, options: OutOptions): Promise<number> {
  const { files, anchors } = readRegisters(world, options.register ?? [], options);
  const register = verifyRegisters(files, anchors);
  writeNew(world, options.out, renderRoots(register, chooseTime(world, options)));
  await world.write(`${options.out}\n`);
  return exitCodes.ok;
}

async function runPage(world: VerifyWorld, { out }: OutOptions): Promise<number> {
  writeNew(world, out, renderCourtPage());
  await world.write(`${out}\n`);
  return exitCodes.ok;
}

const timeWords = "the time to judge at, RFC 3339; now when left out";
const rootWords =
  "a root of the register that you trust, root.json; beside the register when left out";

/**
 * Adds `verify evidence`, which says each answer on its own: 0 none says no, 8 one does, 2 something was not asked because
 * what is needed for it was not given; and what makes a file of roots and the page that does the same in a browser.
 */
export function addEvidence(verify: Command, start: (run: (world: VerifyWorld) => Promise<number>) => void): void {
  verify
    .command("evidence <file>")
    .description("the evidence of one message, each question on its own; '-' is standard input")
    .option("--register <file...>", "register files or folders, older ones first")
    .option("--root <file>", rootWords)
    .option("--roots <file>", "roots and log keys in place of the register, made by verify roots")
    .option("--at <time>", timeWords)
    .addOption(new Option("--lang <lang>", "language").choices(languages).default("en"))
    .action((file: string, options: EvidenceOptions) => start((world) => runEvidence(world, file, options)));
  verify
    .command("roots")
    .description("write roots, log keys and witnesses of a register to a file, to judge evidence without it")
    .requiredOption("--register <file...>", "register files or folders, older ones first")
    .option("--root <file>", rootWords)
    .option("--at <time>", "whose keys: those in force at this time; now when left out")
    .requiredOption("--out <file>", "a new file")
    .action((options: OutOptions) => start((world) => runRoots(world, options)));
  verify
    .command("page")
    .description("write a page that judges evidence in a browser, without any network")
    .requiredOption("--out <file>", "a new file, such as evidence.html")
    .action((options: OutOptions) => start((world) => runPage(world, options)));
} // prettier-ignore
