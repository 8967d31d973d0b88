import type { Command } from "commander";

import { runContexts, runStatus } from "../reading.ts";
import type { Start } from "./options.ts";

/** Adds `status` and `contexts`: how things stand. */
export function addState(program: Command, start: Start): void {
  program
    .command("status")
    .description("what waits and what works")
    .action(() => start(program.opts(), runStatus));
  program
    .command("contexts")
    .description("the gateways this folder knows")
    .action(() => start(program.opts(), runContexts));
}
