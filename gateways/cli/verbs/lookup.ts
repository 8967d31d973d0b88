import { type Command, Option } from "commander";

import { codeList } from "../../../schemas/index.ts";
import { type LookupOptions, runLookup } from "../looking-up.ts";
import type { Start } from "./options.ts";

const kinds = (codeList("QUERY_KIND")?.codes ?? []).map((code) => code.toLowerCase());

/** Adds `lookup`: whether something or somebody is sought, by what this gateway holds. */
export function addLookup(program: Command, start: Start): void {
  program
    .command("lookup <kind> <what>")
    .description(
      `look something up in what the gateway holds, with a link or without: ${kinds.join(", ")}; such as: lookup document A0123456 --country NG`,
    )
    .option("--country <code>", "who issued or registered it, such as NG")
    .option("--type <code>", "of a document, such as PASSPORT")
    .option("--born <date>", "of a person, as far as it is known: 1979, 1979-02 or 1979-02-14")
    .addOption(new Option("--draft <file>", "put the notice to the owner of the only hit there"))
    .action((...[kind, what, options]: [string, string, LookupOptions]) => {
      start(program.opts(), (desk) => runLookup(desk, { kind, what }, options));
    });
}
