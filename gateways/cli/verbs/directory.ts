import type { Command } from "commander";

import { type FindOptions, runFind, runPing } from "../directory.ts";
import type { Start } from "./options.ts";

/** Adds `directory`: whom to ask in another state, and whether they still answer. */
export function addDirectory(program: Command, start: Start): void {
  const directory = program.command("directory").description("authorities of states, and how to reach them");
  directory
    .command("find")
    .description("whom to ask: channels, languages and urgent procedure; the first to ask first")
    .option("--country <code>", "whose authorities, such as GH")
    .option("--function <code>", "for what, such as MLA or POLICE_SPOC")
    .option("--crime <code>", "about which crime, such as drugs")
    .action((options: FindOptions) => {
      start(program.opts(), (desk) => runFind(desk, options));
    });
  directory
    .command("ping <entry>")
    .description("ask an authority whether its entry still holds; the answer verifies it")
    .option("--dry-run", "say what would be sent and to whom; send nothing")
    .action((entry: string, options: { readonly dryRun?: true }) => {
      start(program.opts(), (desk) => runPing(desk, entry, options));
    });
} // prettier-ignore
