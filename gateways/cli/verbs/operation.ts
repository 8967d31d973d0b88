import type { Command } from "commander";

import { runOperation, runOperations } from "../operations.ts";
import type { Start } from "./options.ts";

/** Adds `operation list` and `operation show`: joint operations. */
export function addOperation(program: Command, start: Start): void {
  const operation = program.command("operation").description("joint operations");
  operation
    .command("list")
    .description("joint operations, the last opened first")
    .action(() => {
      start(program.opts(), (desk) => runOperations(desk));
    });
  operation
    .command("show <id>")
    .description("who is of an operation, until when, and what was reached of what was aimed at")
    .action((id: string) => {
      start(program.opts(), (desk) => runOperation(desk, id));
    });
}
