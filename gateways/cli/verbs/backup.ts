import type { Command } from "commander";

import {
  type ReadOptions,
  runBackup,
  runBackupDrill,
  runBackupList,
  runBackupRestore,
  runBackupVerify,
  runRecoveryKey,
} from "../backing-up.ts";
import type { CareOptions } from "../store-care.ts";
import type { Start } from "./options.ts";
import { addCareOptions } from "./store-care.ts";

function addReading(command: Command): Command {
  return addCareOptions(command)
    .requiredOption("--key <file>", "the private half of a recovery key")
    .option("--root <file>", "a root of the register, when the folder has none");
}

function addReaders(backup: Command, program: Command, start: Start): void {
  addReading(
    backup.command("verify <file>").description("read and check a backup whole; change nothing"),
  ).action((file: string, options: ReadOptions) =>
    start(program.opts(), (desk) => runBackupVerify(desk, file, options)),
  );
  addReading(
    backup
      .command("restore <file>")
      .description("put a backup in the store's place; the gateway is stopped"),
  )
    .option("--dry-run", "check all of it and change nothing")
    .action((file: string, options: ReadOptions) =>
      start(program.opts(), (desk) => runBackupRestore(desk, file, options)),
    );
  addReading(
    backup
      .command("drill [file]")
      .description(
        "try whether a backup could be put back; without one, make one first; leaves a signed report",
      ),
  ).action((file: string | undefined, options: ReadOptions) =>
    start(program.opts(), (desk) => runBackupDrill(desk, file, options)),
  );
}

/** Adds `backup …`: copies of a gateway that only a recovery key opens. */
export function addBackup(program: Command, start: Start): void {
  const backup = program.command("backup").description("backups of a gateway, sealed and signed");
  backup
    .command("run")
    .description("make a backup; the gateway goes on")
    .option("--with-keys", "the gateway's private keys too")
    .option("--no-files", "without files beside messages")
    .action((options: { withKeys?: true; files?: boolean }) =>
      start(program.opts(), (desk) => runBackup(desk, options)),
    );
  backup
    .command("ls")
    .description("list the backups of a folder")
    .option("--folder <dir>", "the gateway's folder, when no context leads to it")
    .option("--in <dir>", "another folder than the gateway's own")
    .action((options: CareOptions & { in?: string }) =>
      start(program.opts(), (desk) => runBackupList(desk, options)),
    );
  addReaders(backup, program, start);
  backup
    .command("key")
    .description("recovery keys")
    .command("new <file>")
    .description("make a recovery key")
    .action((file: string) => start(program.opts(), (desk) => runRecoveryKey(desk, file)));
}
