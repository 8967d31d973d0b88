import { Command } from "commander";

import { addImport } from "./verbs/import.ts";
import { addInbox } from "./verbs/inbox.ts";
import { addKeys } from "./verbs/keys.ts";
import { addMessage } from "./verbs/message.ts";
import { type Start, wholeNumber } from "./verbs/options.ts";
import { addState } from "./verbs/state.ts";
import { addWhy } from "./verbs/why.ts";
import type { World } from "./world.ts";

/** Builds the command line. Parsing it calls `start` once with what is to be done, and does nothing else. */
export function makeProgram(world: World, start: Start): Command {
  const program = new Command("atumpan")
    .description("Signed crime alerts between agencies: the command of a gateway's people")
    .version(world.version, "--version")
    .option("--as <agency>", "the gateway to ask, such as ng/tcu")
    .option("--context <agency>", "the same as --as")
    .option("--json", "print results as JSON")
    .option("--quiet", "print results only")
    .option("--timeout <seconds>", "how long a gateway may take to answer", wholeNumber(3600), 30)
    .exitOverride()
    .configureOutput({
      writeOut: world.out,
      writeErr: world.err,
      // told by runCli, as a fault like every other
      outputError: () => undefined,
    });
  addMessage(program, start);
  addInbox(program, start);
  addState(program, start);
  addKeys(program, start);
  addWhy(program, start);
  addImport(program, start);
  program.addHelpText(
    "after",
    "\n  hub show <id>             what the hub on this machine holds of a message" +
      "\n  verify <what>             check a path, signature, message or register; needs no gateway" +
      "\n  authority <verb>          an office: CAs, requests, lists, journal, ceremony" +
      "\n  register <verb>           propose, accept, sign and publish a change of the register" +
      "\n  revoke <agency>           take an agency's certificates out of force",
  );
  return program;
}
