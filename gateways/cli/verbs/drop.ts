import type { Command } from "commander";

import { runDropStatus } from "../dropping.ts";
import type { Start } from "./options.ts";

/** Adds `drop …`: the folder that another system puts files into. */
export function addDrop(program: Command, start: Start): void {
  const drop = program.command("drop").description("the folder another system puts files into");
  drop
    .command("status")
    .description("what it took, wrote and refused, and what keeps files waiting")
    .action(() => start(program.opts(), runDropStatus));
}
