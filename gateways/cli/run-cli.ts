import { CommanderError } from "commander";

import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { type Desk, makeDesk } from "./desk.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { makeProgram } from "./program.ts";
import { renderFault, renderFaultJson } from "./render-fault.ts";
import type { World } from "./world.ts";

type Act = () => number | Promise<number>;

/** What is to be done, as the arguments say; undefined when it was only help or the version. */
function readArguments(world: World): Act | undefined {
  let act: Act | undefined;
  const program = makeProgram(world, (common, run: (desk: Desk) => number | Promise<number>) => {
    act = () => run(makeDesk(world, common));
  });
  try {
    program.parse(world.args, { from: "user" });
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

/**
 * Runs one command to its end. Never throws: what goes wrong is told on standard error, as a sentence with
 * a code and the next command.
 *
 * @returns the exit code, one of `exitCodes`
 */
export async function runCli(world: World): Promise<number> {
  try {
    const act = readArguments(world);
    return act === undefined ? exitCodes.ok : await act();
  } catch (error) {
    if (world.signal.aborted) return exitCodes.interrupted;
    const fault = isFault(error) ? error : faultOf(error);
    world.err(world.args.includes("--json") ? renderFaultJson(fault) : renderFault(fault));
    return exitCodeOf(fault);
  }
}
