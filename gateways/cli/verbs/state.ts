import type { Command } from "commander";

import { runStatus } from "../reading.ts";
import type { Start } from "./options.ts";

/** Adds `status`: how things stand. */
export function addState(program: Command, start: Start): void {
  program
    .command("status")
    .description("what waits and what works")
    .action(() => start(program.opts(), runStatus));
}
