import { Command, InvalidArgumentError, Option } from "commander";

import { type Language, languages } from "../../schemas/index.ts";
import { isTimeZone } from "../../schemas/render/index.ts";
import type { Common, Desk } from "./desk.ts";
import { type CopyOptions, runCheckCopy, runCopy } from "./copying.ts";
import { type ReaderOptions, runExplain } from "./explaining.ts";
import { runImportMaritime, type ImportOptions } from "./import-maritime.ts";
import { runNew, runSend, runValidate, type SendOptions } from "./messages.ts";
import { type GoamlImportOptions, runImportGoaml, runImportHtcds } from "./import-reports.ts";
import { type ListOptions, runContexts, runList, runShow, runStatus } from "./reading.ts";
import { runWhy, type WhyOptions } from "./why.ts";
import { type KeyWordOptions, runKeysList, runKeyWord } from "./sealing-keys.ts";
import { runCheckTranslation, runTranslate, type TranslateOptions } from "./translating.ts";
import type { World } from "./world.ts";
import { runWatch } from "./watching.ts";

/** What the program does once it knows what is wanted: `act` returns the exit code. */
export type Start = (common: Common, act: (desk: Desk) => number | Promise<number>) => void;

function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value >= 0 && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from 0 to ${max}.`);
  };
}

function languageOption(): Option {
  return new Option("--lang <lang>", "language").choices(languages).default("en");
}

function timeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError("It is the name of a time zone, such as Africa/Dakar.");
}

function zoneOption(): Option {
  const option = new Option("--zone <zone>", "time zone, such as Africa/Dakar");
  return option.default("UTC").argParser(timeZone);
}

/** In the words of a command line; the gateway knows the same kinds. */
const copies = ["nominal", "regional", "court", "defence"] as const;

const boxes = ["in", "out"] as const;
const handlings = ["H0", "H1", "H2", "H3"] as const;

function listOptions(command: Command): Command {
  return command
    .option("--state <state>", "only messages in this state")
    .option("--type <type>", "only messages of this type")
    .option("--crime <crime>", "only messages about this crime")
    .option("--limit <n>", "at most so many", wholeNumber(10_000), 50);
}

function addMessage(program: Command, start: Start): void {
  const message = program.command("message").description("write, check, send and read messages");
  message
    .command("new")
    .description("print a message of a type, to be filled in")
    .requiredOption("--type <type>", "such as alert.incident")
    .action((options: { type: string }) => {
      start(program.opts(), (desk) => runNew(desk, options.type));
    });
  message
    .command("validate <file>")
    .description("say what is wrong with a message and who would read it; '-' is standard input")
    .addOption(languageOption())
    .action((file: string, { lang }: { lang: Language }) => {
      start(program.opts(), (desk) => runValidate(desk, file, lang));
    });
  message
    .command("explain <file>")
    .description(
      "without a gateway: every fault of a message, or how it will read; or what a fault code means",
    )
    .addOption(languageOption())
    .addOption(zoneOption())
    .action((subject: string, options: ReaderOptions) => {
      start(program.opts(), (desk) => runExplain(desk, subject, options));
    });
  message
    .command("send <file>")
    .description("hand a message to the gateway; '-' is standard input")
    .option("--key <key>", "Idempotency-Key; the file's digest when left out")
    .option("--new", "send it as another message although the same file was sent before")
    .option("--in-reply-to <id>", "the message it answers")
    .action((file: string, options: SendOptions) => {
      start(program.opts(), (desk) => runSend(desk, file, options));
    });
  listOptions(message.command("ls"))
    .description("list messages, newest first")
    .addOption(new Option("--box <box>", "which list").choices(boxes).default("out"))
    .action((options: ListOptions) => start(program.opts(), (desk) => runList(desk, options)));
  message
    .command("show <id>")
    .description("show one message and how far it came")
    .addOption(languageOption())
    .addOption(zoneOption())
    .action((id: string, options: ReaderOptions) => {
      start(program.opts(), (desk) => runShow(desk, id, options));
    });
  message
    .command("copy <id>")
    .description("write a redacted copy of a message to a file, the signer's own words")
    .addOption(new Option("--for <whom>", "for whom").choices(copies).makeOptionMandatory())
    .option("--to <agency>", "who is given it; needed of what is kept from somebody")
    .requiredOption("--out <file>", "a new file")
    .action((id: string, options: CopyOptions) => {
      start(program.opts(), (desk) => runCopy(desk, id, options));
    });
  message
    .command("check-copy <file>")
    .description("say what a redacted copy shows, and prove who signed it")
    .addOption(languageOption())
    .addOption(zoneOption())
    .action((file: string, options: ReaderOptions) => {
      start(program.opts(), (desk) => runCheckCopy(desk, file, options));
    });
  addTranslation(message, program, start);
  addWatch(message, program, start);
}

function addTranslation(message: Command, program: Command, start: Start): void {
  message
    .command("translate <id>")
    .description(
      "have the gateway's translation service translate one text; prints what could be sent",
    )
    .requiredOption("--field <pointer>", "where the text stands, such as /narrative")
    .requiredOption("--to <lang>", "language, such as fr or sw")
    .option("--out <file>", "a new file instead")
    .action((id: string, options: TranslateOptions) => {
      start(program.opts(), (desk) => runTranslate(desk, id, options));
    });
  message
    .command("check-translation <id>")
    .description("say whether a translation is of the message it names")
    .action((id: string) => {
      start(program.opts(), (desk) => runCheckTranslation(desk, id));
    });
}

function addWatch(parent: Command, program: Command, start: Start): void {
  const isInbox = parent.name() === "inbox";
  parent
    .command("watch")
    .description("print messages as they are stored or move on")
    .option("--count <n>", "stop after so many", wholeNumber(1_000_000), 0)
    .action(({ count }: { count: number }) => {
      const options = isInbox ? ({ box: "in", count } as const) : { count };
      start(program.opts(), (desk) => runWatch(desk, options));
    });
}

function addInbox(program: Command, start: Start): void {
  const inbox = program.command("inbox").description("what others sent us");
  listOptions(inbox.command("ls"))
    .description("list the inbox, newest first")
    .action((options: Omit<ListOptions, "box">) => {
      start(program.opts(), (desk) => runList(desk, { ...options, box: "in" }));
    });
  addWatch(inbox, program, start);
}

function addKeys(program: Command, start: Start): void {
  const keys = program.command("keys").description("sealing keys of other agencies that changed");
  keys
    .command("list")
    .description("say which keys changed, and what is known of them")
    .option("--all", "every key that was met")
    .action((options: { all?: true }) =>
      start(program.opts(), (desk) => runKeysList(desk, options)),
    );
  const words = { confirm: "CONFIRMED", refuse: "REFUSED" } as const;
  for (const [name, state] of Object.entries(words)) {
    keys
      .command(`${name} <agency> <fingerprint...>`)
      .description(`${name} a key once its fingerprint was compared with the agency`)
      .requiredOption("--by <name>", "who says so")
      .action((agency: string, fingerprint: string[], { by }: Pick<KeyWordOptions, "by">) => {
        start(program.opts(), (desk) => runKeyWord(desk, agency, { state, by, fingerprint }));
      });
  }
}

function addWhy(program: Command, start: Start): void {
  program
    .command("why <agency> <act> <type>")
    .description(
      "say why an agency may, or may not, read or publish a type of message, such as: why gh/tcu read alert.incident",
    )
    .requiredOption("--crime <crime>", "about which crime, such as drugs")
    .option("--of <agency>", "whose message is read")
    .requiredOption("--in <scope>", "the community, or direct for mail by name")
    .addOption(
      new Option("--at <handling>", "up to which handling").choices(handlings).default("H0"),
    )
    .option("--to <agency>", "to whom it is written by name")
    .option("--purpose <purpose...>", "what it is for, codes of PURPOSE")
    .option("--protected-from <state...>", "states the sender keeps it from, such as GH")
    .option("--excluded <agency...>", "agencies the sender keeps it from")
    .addOption(languageOption())
    .option("--register <file>", "ask a register in a file, and no gateway")
    .option("--root <file>", "its root that is trusted; root.json beside it unless said")
    .option(
      "--time <moment>",
      "with --register: another moment than now, such as 2026-03-09T14:05:00Z",
    )
    .action((...[agency, act, type, options]: [string, string, string, WhyOptions]) => {
      start(program.opts(), (desk) => runWhy(desk, { agency, act, type }, options));
    });
}

const dialects = ["base", "lk", "np"];

function addReportImports(parent: Command, program: Command, start: Start): void {
  parent
    .command("goaml <file>")
    .description("read a report in goAML XML into a message; prints it, or sends it with --send")
    .requiredOption("--to <agency...>", "the units it is for, such as gh/fiu")
    .addOption(new Option("--dialect <name>", "whose code lists").choices(dialects).default("base"))
    .option("--lang <lang>", "the language of its texts, when it is not the dialect's")
    .option("--send", "hand it to the gateway at once")
    .action((file: string, options: GoamlImportOptions) => {
      start(program.opts(), (desk) => runImportGoaml(desk, file, options));
    });
  parent
    .command("htcds <file>")
    .description(
      "read a record of the Human Trafficking Case Data Standard into messages; prints them",
    )
    .requiredOption(
      "--office <file>",
      "what the record does not say, as JSON: caseRef, personRef, lang, consent …",
    )
    .action((file: string, options: { office: string }) => {
      start(program.opts(), (desk) => runImportHtcds(desk, file, options.office));
    });
}

function addImport(program: Command, start: Start): void {
  const parent = program.command("import").description("read a file of another format");
  addReportImports(parent, program, start);
  parent
    .command("maritime <file>")
    .description("send rows of 'Crime at Sea' as maritime.incident, each from the centre concerned")
    .option("--as-gateway <agency>", "the gateway to ask who reports what; any of the contexts")
    .option("--report <file>", "write the rows that were not sent there, as JSON lines")
    .option("--in-flight <n>", "requests under way at once", wholeNumber(32), 16)
    .action((file: string, options: ImportOptions) => {
      start(program.opts(), (desk) => runImportMaritime(desk, file, options));
    });
}

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
  program
    .command("status")
    .description("what waits and what works")
    .action(() => start(program.opts(), runStatus));
  program
    .command("contexts")
    .description("the gateways this folder knows")
    .action(() => start(program.opts(), runContexts));
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
