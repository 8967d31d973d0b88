import type { Command } from "commander";

import { runSchemaList, runSchemaShow } from "../showing-schemas.ts";
import type { Start } from "../start.ts";

/** Adds `schema …`: what messages may say. */
export function addSchema(program: Command, start: Start): void {
  const schema = program.command("schema").description("message types, their fields and code lists");
  schema
    .command("ls")
    .description("list the message types; with --lists the code lists")
    .option("--lists", "the code lists")
    .action((options: { lists?: true }) =>
      start(program.opts(), (desk) => runSchemaList(desk, options)),
    );
  schema
    .command("show <name>")
    .description("the fields of a type, or the codes of a list; --json: JSON Schema")
    .action((name: string) => start(program.opts(), (desk) => runSchemaShow(desk, name)));
} // prettier-ignore
