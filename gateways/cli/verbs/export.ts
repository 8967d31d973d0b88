import { type Command, Option } from "commander";

import {
  type ExportOptions,
  runExportAsk,
  runExportGet,
  runExportList,
  runExportShow,
  runExportWord,
} from "../exporting.ts";
import type { Common } from "../desk.ts";
import { purposeOption, type Start } from "./options.ts";

interface Purposed {
  readonly purpose?: string;
}

function addAsk(group: Command, program: Command, start: Start): void {
  group
    .command("ask")
    .description("ask for messages as a file for somebody; content waits for an approver")
    .option("--to <agency>", "who is given it; your own agency for what stays there")
    .option("--country <code>", "the state of a body outside that is given it, with --body")
    .option("--body <name>", "a body outside, such as a court, with --country")
    .option("--offence <code>", "the offence it is for; each message's main one when left out")
    .requiredOption("--fields <names...>", "what of each message, such as id type body")
    .addOption(new Option("--format <format>", "form").choices(["csv", "ndjson"]).default("csv"))
    .addOption(new Option("--box <box>", "which list").choices(["in", "out"]))
    .option("--type <type>", "only messages of these types, with commas between")
    .option("--crime <crime>", "only messages about these crimes")
    .option("--since <moment>", "stored here from this time on")
    .option("--until <moment>", "stored here before this time")
    .addOption(purposeOption())
    .action((options: ExportOptions & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runExportAsk(desk, options),
      );
    });
}

/** Adds `export …`: messages as a file, for somebody and for a purpose. */
export function addExport(program: Command, start: Start): void {
  const group = program.command("export").description("messages as a file for somebody");
  addAsk(group, program, start);
  group
    .command("ls")
    .alias("list")
    .description("your own exports; for an approver those that wait too")
    .action(() => start(program.opts(), (desk) => runExportList(desk)));
  group
    .command("show <id>")
    .description("how an export stands, and what was withheld and why")
    .action((id: string) => start(program.opts(), (desk) => runExportShow(desk, id)));
  group
    .command("agree <id>")
    .description("agree to another's export")
    .action((id: string) => start(program.opts(), (desk) => runExportWord(desk, id, true)));
  group
    .command("refuse <id>")
    .description("refuse another's export")
    .action((id: string) => start(program.opts(), (desk) => runExportWord(desk, id, false)));
  group
    .command("get <id>")
    .description("write it to a file; each use of others' messages is written down")
    .requiredOption("--out <file>", "the file")
    .addOption(purposeOption())
    .action((id: string, options: { readonly out: string } & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runExportGet(desk, id, options),
      );
    });
}
