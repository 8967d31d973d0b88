import { Command, Option } from "commander";

import { examplesOf } from "./examples.ts";
import type { Start } from "./start.ts";
import { wholeNumber } from "./whole-number.ts";
import type { World } from "./world.ts";

type Add = (program: Command, start: Start) => unknown;

/**
 * One line for each file of `verbs/`: the words it adds below `atumpan`, and how it is loaded. A command loads the files
 * of the words among its arguments only, so that no one waits for what is not asked.
 */
const verbs: readonly (readonly [words: readonly string[], load: () => Promise<Add>])[] = [
  [["message"], async () => (await import("./verbs/message.ts")).addMessage],
  [["inbox"], async () => (await import("./verbs/inbox.ts")).addInbox],
  [["lookup"], async () => (await import("./verbs/lookup.ts")).addLookup],
  [["status"], async () => (await import("./verbs/state.ts")).addState],
  [["keys"], async () => (await import("./verbs/keys.ts")).addKeys],
  [["people"], async () => (await import("./verbs/people.ts")).addPeople],
  [["machine"], async () => (await import("./verbs/people.ts")).addMachine],
  [["store"], async () => (await import("./verbs/store.ts")).addStore],
  [["store"], async () => (await import("./verbs/store-care.ts")).addStoreCare],
  [["why"], async () => (await import("./verbs/why.ts")).addWhy],
  [["attachment"], async () => (await import("./verbs/attachment.ts")).addAttachment],
  [["audit"], async () => (await import("./verbs/audit.ts")).addAudit],
  [["webhook"], async () => (await import("./verbs/webhook.ts")).addWebhook],
  [["import"], async () => (await import("./verbs/import.ts")).addImport],
  [["drop"], async () => (await import("./verbs/drop.ts")).addDrop],
  [["carry"], async () => (await import("./verbs/carry.ts")).addCarry],
  [["backup"], async () => (await import("./verbs/backup.ts")).addBackup],
  [["context", "contexts"], async () => (await import("./verbs/context.ts")).addContext],
  [["doctor"], async () => (await import("./verbs/doctor.ts")).addDoctor],
  [["check"], async () => (await import("./verbs/doctor.ts")).addCheck],
  [["completion", "cheat"], async () => (await import("./verbs/help.ts")).addHelp],
];

const maxSeconds = 3600;
const helpColumns = 80;
const languages = ["en", "fr", "pt", "ar", "es", "sw"];

function makeRoot({ version, out, err }: World): Command {
  return new Command("atumpan")
    .description("Signed crime alerts between agencies: the command of a gateway's people")
    .version(version, "--version")
    .option("--as <agency>", "the gateway to ask, such as ng/tcu")
    .option("--context <agency>", "the same as --as")
    .option("--json", "print results as JSON; --json=lines: one line for each of a list")
    .addOption(new Option("--json-lines").hideHelp())
    .option("--quiet", "print results only")
    .option("--no-input", "ask nothing; what would be asked is refused")
    .option("--yes", "the answer to whether it is meant is yes")
    .addOption(new Option("--lang <lang>", "language").choices(languages).default("en"))
    .option(
      "--timeout <seconds>",
      "how long a gateway may take to answer",
      wholeNumber(maxSeconds),
      30,
    )
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: err,
      getOutHelpWidth: () => helpColumns,
      getErrHelpWidth: () => helpColumns,
      // told by runCli, as a fault like every other
      outputError: () => undefined,
    });
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null ? "" : `${pathOf(parent)} ${command.name()}`.trim();
}

/** Every command ends its help with what people type. */
function addExamples(command: Command): void {
  const lines = examplesOf(pathOf(command));
  if (lines.length > 0 && command.parent !== null) {
    command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
  for (const below of command.commands) addExamples(below);
}

const others = `
  hub show <id>             what the hub on this machine holds of a message
  simulate country <code>   play another country of a region on this machine
  verify <what>             check a path, signature, message or register
  authority <verb>          an office: CAs, requests, lists, journal, ceremony
  register <verb>           propose, accept, sign and publish a change
  revoke <agency>           take an agency's certificates out of force

What people type: atumpan cheat. What is wrong: atumpan doctor.`;

/**
 * Builds the command line, or of it what the arguments name. Parsing it calls `start` once with what is to be done,
 * and does nothing else.
 */
export async function makeProgram(world: World, start: Start): Promise<Command> {
  const program = makeRoot(world);
  const named = verbs.filter(([words]) => words.some((word) => world.args.includes(word)));
  for (const [, load] of named.length === 0 ? verbs : named) (await load())(program, start);
  // a language is said for the whole command, wherever it stands
  program.hook("preAction", (_, action) => {
    if (action.options.some((option) => option.long === "--lang")) {
      action.setOptionValue("lang", program.getOptionValue("lang"));
    }
  });
  addExamples(program);
  program.addHelpText("after", others);
  return program;
}

/** Builds all of the command line, for whoever writes about it: completion, cheat sheets, manual. */
export async function makeWholeProgram(world: World): Promise<Command> {
  return await makeProgram({ ...world, args: [] }, () => undefined);
}
