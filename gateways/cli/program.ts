import { Command, Option } from "commander";

import { examplesOf } from "./examples.ts";
import { firstWord } from "./first-word.ts";
import type { Start, Verb } from "./start.ts";
import { wholeNumber } from "./whole-number.ts";
import type { World } from "./world.ts";

/** One line for each file of `verbs/`. A command loads the files of its first word only: nobody waits for what is not asked. */
const verbs: readonly Verb[] = [
  [["message"], async () => (await import("./verbs/message.ts")).addMessage],
  [["inbox"], async () => (await import("./verbs/inbox.ts")).addInbox],
  [["thread"], async () => (await import("./verbs/thread.ts")).addThread],
  [["export"], async () => (await import("./verbs/export.ts")).addExport],
  [["uses"], async () => (await import("./verbs/uses.ts")).addUses],
  [["awaited"], async () => (await import("./verbs/thread.ts")).addAwaited],
  [["breaches"], async () => (await import("./verbs/thread.ts")).addBreaches],
  [["directory"], async () => (await import("./verbs/directory.ts")).addDirectory],
  [["mla"], async () => (await import("./verbs/mla.ts")).addMla],
  [["recall"], async () => (await import("./verbs/recall.ts")).addRecall],
  [["hold"], async () => (await import("./verbs/recall.ts")).addHold],
  [["retention"], async () => (await import("./verbs/recall.ts")).addRetention],
  [["inspection"], async () => (await import("./verbs/inspection.ts")).addInspection],
  [["operation"], async () => (await import("./verbs/operation.ts")).addOperation],
  [["statistics"], async () => (await import("./verbs/statistics.ts")).addStatistics],
  [["oversight"], async () => (await import("./verbs/oversight.ts")).addOversight],
  [["lookup"], async () => (await import("./verbs/lookup.ts")).addLookup],
  [["release"], async () => (await import("./verbs/release.ts")).addRelease],
  [["status"], async () => (await import("./verbs/state.ts")).addState],
  [["log"], async () => (await import("./verbs/log.ts")).addLog],
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
  [["config"], async () => (await import("./verbs/config.ts")).addConfig],
  [["schema"], async () => (await import("./verbs/schema.ts")).addSchema],
  [["support-bundle"], async () => (await import("./verbs/support.ts")).addSupport],
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

const ending = `
What people type: atumpan cheat. What is wrong: atumpan doctor.`;

/** What was said of the whole command is told to a command that asks for it by the same name, wherever it was said. */
function handDown(program: Command, group: Command): void {
  group.hook("preSubcommand", (_, below) => {
    for (const option of below.options) {
      const name = option.attributeName();
      const isCommon = program.options.some(({ long }) => long === option.long);
      if (!isCommon || program.getOptionValueSource(name) !== "cli") continue;
      below.setOptionValueWithSource(name, program.getOptionValue(name), "cli");
    }
  });
  for (const below of group.commands) handDown(program, below);
}

/** Those of the first word; where there is none that is known, all of them, to be told of. */
function chooseVerbs(all: readonly Verb[], args: readonly string[]): readonly Verb[] {
  const first = firstWord(args);
  if (first === undefined && args.includes("--version")) return [];
  const named = all.filter(([words]) => first !== undefined && words.includes(first));
  return named.length === 0 ? all : named;
}

/**
 * Builds the command line, or of it what the arguments name. Parsing it calls `start` once with what is to be done,
 * and does nothing else.
 */
export async function makeProgram(world: World, start: Start): Promise<Command> {
  const program = makeRoot(world);
  const all = [...verbs, ...(world.verbs ?? [])];
  for (const [, load] of chooseVerbs(all, world.args)) (await load())(program, start);
  handDown(program, program);
  addExamples(program);
  program.addHelpText("after", ending);
  return program;
}

/** Builds all of the command line, for whoever writes about it: completion, cheat sheets, manual. */
export async function makeWholeProgram(world: World): Promise<Command> {
  return await makeProgram({ ...world, args: [] }, () => undefined);
}
