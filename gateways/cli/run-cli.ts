import { CommanderError } from "commander";

import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { firstWord } from "./first-word.ts";
import { makeProgram } from "./program.ts";
import { renderFault, renderFaultJson } from "./render-fault.ts";
import type { World } from "./world.ts";

type Act = () => Promise<number>;

/** `--json=lines` is a flag of its own to the reader of options: one with a value of its own would take the next word. */
function spellOut(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return args.flatMap((arg, at) =>
    arg === "--json=lines" && (end < 0 || at < end) ? ["--json", "--json-lines"] : [arg],
  );
}

/** What is to be done, as the arguments say; undefined when it was only help or the version. */
async function readArguments(world: World): Promise<Act | undefined> {
  let act: Act | undefined;
  const program = await makeProgram(world, (common, run) => {
    act = async () => {
      const { makeDesk } = await import("./desk.ts");
      const desk: Desk = makeDesk(world, common);
      return await run(desk);
    };
  });
  try {
    program.parse(spellOut(world.args), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed" || error.code === "commander.version") return act;
    const said = error.message.replace(/^error: /, "").replace(/\.$/, "");
    const what = error.code === "commander.help" ? "a command is missing" : said;
    throw new Fault("USAGE_INVALID", what);
  }
  return act;
}

/** A file that is not there is no failure of ours; everything else that is no Fault is. */
function faultOf(error: unknown): Fault {
  return toFault(error, "INTERNAL");
}

function languageOf({ args }: World): string {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  return (args[at]?.slice("--lang=".length) || args[at + 1]) ?? "en";
}

/** What a fault says in the language asked for; our own words when that is English, or none of ours. */
async function sentenceOf({ code }: Fault, world: World): Promise<string | undefined> {
  const asked = languageOf(world);
  if (asked === "en") return undefined;
  const { faultSentence, isLanguage } = await import("../../schemas/index.ts");
  return isLanguage(asked) ? faultSentence(code, asked) : undefined;
}

/** Whether it is a question of a monitor, which knows four numbers only. */
function isCheck({ args }: World): boolean {
  return firstWord(args) === "check";
}

async function tell(fault: Fault, world: World): Promise<number> {
  if (isCheck(world)) {
    world.out(`ATUMPAN UNKNOWN - ${fault.code}: ${fault.detail}\n`);
    return exitCodes.checkUnknown;
  }
  const isJson = world.args.some((arg) => arg === "--json" || arg === "--json=lines");
  world.err(isJson ? renderFaultJson(fault) : renderFault(fault, await sentenceOf(fault, world)));
  return exitCodeOf(fault);
}

/**
 * Runs one command to its end. Never throws: what goes wrong is told on standard error, as a sentence with
 * a code and the next command; of `check` on standard output, as monitors read it.
 *
 * @returns the exit code, one of `exitCodes`
 */
export async function runCli(world: World): Promise<number> {
  try {
    const act = await readArguments(world);
    return act === undefined ? exitCodes.ok : await act();
  } catch (error) {
    if (world.signal.aborted) return exitCodes.interrupted;
    return await tell(isFault(error) ? error : faultOf(error), world);
  }
}
