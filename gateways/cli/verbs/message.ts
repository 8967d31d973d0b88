import { type Command, Option } from "commander";

import type { Language } from "../../../schemas/index.ts";
import { runAccept } from "../accepting.ts";
import { type CopyOptions, runCheckCopy, runCopy } from "../copying.ts";
import type { Common } from "../desk.ts";
import { runMakeEvidence } from "../evidencing.ts";
import { type ReaderOptions, runExplain } from "../explaining.ts";
import { runNew, runSend, runValidate, type SendOptions } from "../messages.ts";
import { type ListOptions, runList, runShow } from "../reading.ts";
import { runRedraft } from "../redrafting.ts";
import { runStop } from "../releasing.ts";
import { runCheckTranslation, runTranslate, type TranslateOptions } from "../translating.ts";
import { languageOption, listOptions, purposeOption, type Start, zoneOption } from "./options.ts";
import { addWatch } from "./inbox.ts";

type Purposed = Pick<Common, "purpose">;

/** In the words of a command line; the gateway knows the same kinds. */
const copies = ["nominal", "regional", "court", "defence"] as const;
const boxes = ["in", "out"] as const;

/** Adds `message …`: write, check, send and read. */
export function addMessage(program: Command, start: Start): void {
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
    .option("--attach <file...>", "files that go beside it, such as photographs and reports")
    .option("--dry-run", "say what is wrong and who would read it; send nothing")
    .action((file: string, options: SendOptions) => {
      start(program.opts(), (desk) => runSend(desk, file, options));
    });
  message
    .command("stop <id>")
    .description(
      "stop a message before it leaves this gateway; what left is withdrawn by a message",
    )
    .action((id: string) => {
      start(program.opts(), (desk) => runStop(desk, id));
    });
  message
    .command("redraft <id>")
    .description(
      "make a draft of a message that was refused or stopped, to be mended and sent anew",
    )
    .option("--out <file>", "a new file instead")
    .addOption(purposeOption())
    .action((id: string, options: { readonly out?: string } & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runRedraft(desk, id, options),
      );
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
    .addOption(purposeOption())
    .action((id: string, options: ReaderOptions & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runShow(desk, id, options),
      );
    });
  message
    .command("accept <id>")
    .description("read and accept the words by which a message of handling H3 may be used")
    .action((id: string) => start(program.opts(), (desk) => runAccept(desk, id)));
  message
    .command("copy <id>")
    .description("write a redacted copy of a message to a file, the signer's own words")
    .addOption(new Option("--for <whom>", "for whom").choices(copies).makeOptionMandatory())
    .option("--to <agency>", "who is given it; needed of what is kept from somebody")
    .option("--country <code>", "the state of a body outside that is given it, with --body")
    .option("--body <name>", "a body outside, such as a court, with --country")
    .option("--crime <code>", "the offence it is for; its main one when left out")
    .requiredOption("--out <file>", "a new file")
    .addOption(purposeOption())
    .action((id: string, options: CopyOptions & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runCopy(desk, id, options),
      );
    });
  message
    .command("evidence <id>")
    .description("write one file that proves a message to a court, without us and offline")
    .addOption(
      new Option("--for <whom>", "for whom; none: digests alone")
        .choices([...copies, "none"])
        .default("court"),
    )
    .option("--to <agency>", "who is given it; needed of what is kept from somebody")
    .option("--country <code>", "the state of a body outside that is given it, with --body")
    .option("--body <name>", "a body outside, such as a court, with --country")
    .option("--crime <code>", "the offence it is for; its main one when left out")
    .requiredOption("-o, --out <file>", "a new file")
    .addOption(purposeOption())
    .action((id: string, options: CopyOptions & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runMakeEvidence(desk, id, options),
      );
    });
  message
    .command("check-copy <file>")
    .description("say what a redacted copy shows, and prove who signed it")
    .addOption(languageOption())
    .addOption(zoneOption())
    .addOption(purposeOption())
    .action((file: string, options: ReaderOptions & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runCheckCopy(desk, file, options),
      );
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
    .addOption(purposeOption())
    .action((id: string, options: TranslateOptions & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runTranslate(desk, id, options),
      );
    });
  message
    .command("check-translation <id>")
    .description("say whether a translation is of the message it names")
    .action((id: string) => {
      start(program.opts(), (desk) => runCheckTranslation(desk, id));
    });
}
