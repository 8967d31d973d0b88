import type { Command } from "commander";

import { runCarryExport, runCarryImport, runCarryVerify } from "../carrying.ts";
import type { Start } from "./options.ts";

/** Adds `carry …`: what two gateways have for each other, by stick. */
export function addCarry(program: Command, start: Start): void {
  const carry = program.command("carry").description("exchange with another gateway by stick");
  carry
    .command("export")
    .description("write everything that waits for another agency, its receipts and the register")
    .requiredOption("--to <agency>", "the agency whose gateway reads it, such as gh/tcu")
    .requiredOption(
      "--out <place>",
      "the file, or the folder it is put into under a name of its own",
    )
    .option(
      "--with-files [megabytes]",
      "files beside these messages too, up to so many megabytes (256)",
    )
    .option("--dry-run", "say what it would hold; nothing is written or noted")
    .action((options: { to: string; out: string; withFiles?: string | true; dryRun?: true }) => {
      start(program.opts(), (desk) => runCarryExport(desk, options));
    });
  carry
    .command("import <file>")
    .description("take in what a file brings; bringing it again changes nothing")
    .option("--dry-run", "look whether it could be taken in; nothing is")
    .action((file: string, options: { dryRun?: true }) => {
      start(program.opts(), (desk) => runCarryImport(desk, file, options));
    });
  carry
    .command("verify <file>")
    .description("look whether a file is whole, for us and signed; take nothing in")
    .action((file: string) => start(program.opts(), (desk) => runCarryVerify(desk, file)));
}
