import type { Command } from "commander";

import { type CareOptions, runStoreCheck, runStoreRollback } from "../store-care.ts";
import type { Start } from "./options.ts";

/** Names the folder, and what opens an encrypted store in it. */
export function addCareOptions(command: Command): Command {
  return command
    .option("--folder <dir>", "the gateway's folder, when no context leads to it")
    .option("--with <what>", "what opens an encrypted store: passphrase, recovery or a key file")
    .option("--from <file>", "a private file with the answers, one a line; - is standard input");
}

/** Adds `store check` and `store rollback`, for a gateway that does not run. */
export function addStoreCare(program: Command, start: Start): void {
  const store =
    program.commands.find((command) => command.name() === "store") ?? program.command("store");
  addCareOptions(
    store.command("check").description("check every row of a store; the gateway is stopped"),
  ).action((options: CareOptions) => start(program.opts(), (desk) => runStoreCheck(desk, options)));
  addCareOptions(
    store
      .command("rollback")
      .description("put back the store as it was before the last upgrade; the gateway is stopped"),
  ).action((options: CareOptions) =>
    start(program.opts(), (desk) => runStoreRollback(desk, options)),
  );
}
