import type { Command } from "commander";

import { runSupportBundle, type SupportOptions } from "../supporting.ts";
import type { Start } from "../start.ts";

/** Adds `support-bundle`: what whoever helps needs to see, and nothing else. */
export function addSupport(program: Command, start: Start): void {
  program
    .command("support-bundle")
    .description("write a folder for whoever helps: versions, configuration, state, findings, log; no content, no keys")
    .requiredOption("--out <folder>", "a new folder")
    .option("--folder <dir>", "the gateway's folder, when no context leads to it")
    .option("--log <file>", "a log of the gateway; its last lines are taken, without ids")
    .option("--dry-run", "list what would be in it, and write nothing")
    .action((options: SupportOptions) => {
      start(program.opts(), (desk) => runSupportBundle(desk, options));
    });
} // prettier-ignore
