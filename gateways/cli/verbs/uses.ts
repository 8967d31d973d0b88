import type { Command } from "commander";

import { runUses } from "../uses.ts";
import type { Start } from "./options.ts";

/** Adds `uses`: to whom a message was passed on. */
export function addUses(program: Command, start: Start): void {
  program
    .command("uses <id>")
    .description("to whom a message was passed on, for what, and on which consent")
    .option("--declare", "what its owner is told of it, as a draft to be sent")
    .action((id: string, options: { readonly declare?: true }) => {
      start(program.opts(), (desk) => runUses(desk, id, options));
    });
}
