import type { Command } from "commander";

import { runConfigCheck, runConfigShow } from "../configuring.ts";
import type { Start } from "../start.ts";

const folder = ["--folder <dir>", "the gateway's folder, when no context leads to it"] as const;

/** Adds `config …`: what a gateway's folder says of itself. */
export function addConfig(program: Command, start: Start): void {
  const config = program.command("config").description("the configuration of a gateway");
  config
    .command("check")
    .description("read gateway.json and every file it names; say all that is wrong")
    .option(...folder)
    .action((options: { folder?: string }) =>
      start(program.opts(), (desk) => runConfigCheck(desk, options)),
    );
  config
    .command("show")
    .description("print the configuration without its secrets")
    .option(...folder)
    .action((options: { folder?: string }) =>
      start(program.opts(), (desk) => runConfigShow(desk, options)),
    );
}
