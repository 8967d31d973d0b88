import type { Command } from "commander";

import {
  type AddOptions,
  runContextAdd,
  runContexts,
  runContextSelect,
  runContextShow,
  runContextValidate,
} from "../context-care.ts";
import type { Start } from "../start.ts";

function addChanges(context: Command, program: Command, start: Start): void {
  context
    .command("add <agency>")
    .description("name a gateway and how it is asked; secrets stay in their own files")
    .requiredOption("--url <url>", "where the gateway answers, such as https://gw.tcu.example")
    .option("--token-file <file>", "a file with the gateway's token")
    .option("--client <id>", "or the id of a machine that asks for tokens")
    .option("--secret-file <file>", "with --client: a file with its secret")
    .option("--ca-file <file>", "the only authorities to believe of its server, in PEM")
    .option("--here", "for this folder, and not for all of this person's")
    .action((agency: string, options: AddOptions) => {
      start(program.opts(), (desk) => runContextAdd(desk, agency, options));
    });
  context
    .command("select <agency>")
    .description("the gateway that is asked when none is named")
    .action((agency: string) => start(program.opts(), (desk) => runContextSelect(desk, agency)));
}

/** Adds `context …`: the gateways that may be asked; and `contexts`, the same as `context ls`. */
export function addContext(program: Command, start: Start): void {
  const context = program.command("context").description("the gateways that may be asked");
  context
    .command("ls")
    .description("list the gateways that are known here; ask none of them")
    .action(() => start(program.opts(), runContexts));
  addChanges(context, program, start);
  context
    .command("show [agency]")
    .description("the gateway that is asked, and what from; a secret is never shown")
    .action((agency: string | undefined) => {
      start(program.opts(), (desk) => runContextShow(desk, agency));
    });
  context
    .command("validate [agency]")
    .description("try whether the gateway answers, knows us and is the one that is named")
    .action((agency: string | undefined) => {
      start(program.opts(), (desk) => runContextValidate(desk, agency));
    });
  program
    .command("contexts")
    .description("the same as context ls")
    .action(() => start(program.opts(), runContexts));
}
