import { type Command, Option } from "commander";

import { type ImportOptions, runImportMaritime } from "../import-maritime.ts";
import { type GoamlImportOptions, runImportGoaml, runImportHtcds } from "../import-reports.ts";
import { type Start, wholeNumber } from "./options.ts";

const dialects = ["base", "lk", "np"];

function addReportImports(parent: Command, program: Command, start: Start): void {
  parent
    .command("goaml <file>")
    .description("read a report in goAML XML into a message; prints it, or sends it with --send")
    .requiredOption("--to <agency...>", "the units it is for, such as gh/fiu")
    .addOption(new Option("--dialect <name>", "whose code lists").choices(dialects).default("base"))
    .option("--text-lang <lang>", "the language of its texts, when not the dialect's")
    .option("--send", "hand it to the gateway at once")
    .option("--dry-run", "ask the gateway what it would say; nothing is stored")
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

/** Adds `import …`: files of other formats. */
export function addImport(program: Command, start: Start): void {
  const parent = program.command("import").description("read a file of another format");
  addReportImports(parent, program, start);
  parent
    .command("maritime <file>")
    .description("send rows of 'Crime at Sea' as maritime.incident, each from the centre concerned")
    .option("--as-gateway <agency>", "the gateway to ask who reports what; any of the contexts")
    .option("--report <file>", "write the rows that were not sent there, as JSON lines")
    .option("--dry-run", "ask what would become of each row; nothing is stored")
    .option("--in-flight <n>", "requests under way at once", wholeNumber(32), 16)
    .action((file: string, options: ImportOptions) => {
      start(program.opts(), (desk) => runImportMaritime(desk, file, options));
    });
}
