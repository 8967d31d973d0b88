import type { Command } from "commander";

import {
  type ProtectorOptions,
  runProtectorsAdd,
  runProtectorsInit,
  runProtectorsList,
  runProtectorsRemove,
  runRekey,
} from "../store-keys.ts";
import { runLock, runUnlock, runWipe, type UnlockOptions } from "../store.ts";
import type { Start } from "./options.ts";

const folder = ["--folder <dir>", "the gateway's folder, when no context leads to it"] as const;
const from = [
  "--from <file>",
  "a private file with the answers, one a line; - is standard input",
] as const;

function addLock(store: Command, program: Command, start: Start): void {
  store
    .command("unlock")
    .description("open the store of a gateway; the passphrase is asked for")
    .option("--recovery", "by the recovery code")
    .option("--pin", "by the PIN of the gateway's token")
    .option("--own", "by the gateway's own key file or token")
    .option(...from)
    .action((options: UnlockOptions) => start(program.opts(), (desk) => runUnlock(desk, options)));
  store
    .command("lock")
    .description("lock the store of a gateway; its link goes down, nothing is lost")
    .action(() => start(program.opts(), runLock));
  store
    .command("wipe")
    .description("wipe the store of a gateway; there is no way back")
    .action(() => start(program.opts(), runWipe));
}

/** The options that name new protectors. */
function naming(command: Command): Command {
  return command
    .option("--passphrase", "a passphrase, which is asked for")
    .option("--key-file <path>", "a key file outside the folder; made when it is not there")
    .option("--token <uri>", "an AES key in a token, as a PKCS #11 URI")
    .option(...folder)
    .option(...from);
}

const opened = [
  "--with <what>",
  "what opens it now: passphrase, recovery, a key file or a PKCS #11 URI",
] as const;

function addProtectors(store: Command, program: Command, start: Start): void {
  const protectors = store
    .command("protectors")
    .description("what opens the store of a gateway on this machine");
  naming(
    protectors.command("init").description("encrypt the store; the gateway is stopped"),
  ).action((options: ProtectorOptions) =>
    start(program.opts(), (desk) => runProtectorsInit(desk, options)),
  );
  naming(protectors.command("add").description("let something more open the store"))
    .option("--name <name>", "its name, when its kind is there already")
    .option(...opened)
    .action((options: ProtectorOptions) =>
      start(program.opts(), (desk) => runProtectorsAdd(desk, options)),
    );
  protectors
    .command("ls")
    .description("say what opens the store")
    .option(...folder)
    .action((options: ProtectorOptions) =>
      start(program.opts(), (desk) => runProtectorsList(desk, options)),
    );
  protectors
    .command("remove <name>")
    .description("take one away; the last one stays")
    .option(...folder)
    .action((name: string, options: ProtectorOptions) =>
      start(program.opts(), (desk) => runProtectorsRemove(desk, name, options)),
    );
  naming(
    store.command("rekey").description("bring the store under another key; the gateway is stopped"),
  )
    .option(...opened)
    .action((options: ProtectorOptions) =>
      start(program.opts(), (desk) => runRekey(desk, options)),
    );
}

/** Adds `store …`: the lock before a gateway's store, and what opens it. Returns the command, for other verbs of the store. */
export function addStore(program: Command, start: Start): Command {
  const store = program.command("store").description("the store of a gateway: lock, unlock, keys, wipe");
  addLock(store, program, start);
  addProtectors(store, program, start);
  return store;
} // prettier-ignore
