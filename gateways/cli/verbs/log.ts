import type { Command } from "commander";

import { runLogShow, runLogTrust } from "../logs.ts";
import type { Start } from "./options.ts";

/** Adds `log show` and `log trust`: the log of the gateway's hub, as the gateway saw it. */
export function addLog(program: Command, start: Start): void {
  const log =
    program.commands.find((command) => command.name() === "log") ??
    program
      .command("log")
      .description("the hubs' logs: what was taken, and that nobody changed it");
  log
    .command("show")
    .description("say what the gateway saw of its hub's log, what others were shown, and alarms")
    .action(() => start(program.opts(), runLogShow));
  log
    .command("trust <hub>")
    .description(
      "go on with the log as the hub shows it now, though it is not the one that was verified",
    )
    .action((hub: string) => start(program.opts(), (desk) => runLogTrust(desk, hub)));
}
