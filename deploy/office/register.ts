import type { Command } from "commander";

import type { Start } from "../../gateways/cli/index.ts";
import {
  type ChangeOptions,
  runAccept,
  runDiff,
  runPropose,
  runWithdraw,
} from "./register-change.ts";
import { type AskedOptions, runAsked } from "./register-asked.ts";
import { addInit } from "./register-init.ts";
import { addKeys } from "./register-keys.ts";
import {
  type PublishOptions,
  runExport,
  runImport,
  runPublish,
  runRefresh,
} from "./register-publish.ts";
import { runShow, runVerify, type ShowOptions } from "./register-show.ts";
import { type RotateOptions, runRotate, runSign, type SignOptions } from "./register-sign.ts";
import type { Common } from "./register-world.ts";
import { trialOption } from "./trial.ts";
import { makeOfficeStart, type OfficeStart } from "./world.ts";

/** A command on a register's folder. */
function onFolder(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--folder <folder>", "the office's folder", ".")
    .option("--lang <language>", "language of what is told: en, fr, pt, ar, es, sw", "en")
    .option("--json", "print the result as JSON");
}

const partWords = "region, officers, or an authority such as ng";
const asWords = "the officer's key: a file, or a PKCS #11 URI";
const yesWords = "do not ask; what it means was read before";

function addLooking(program: Command, start: OfficeStart): void {
  addInit(
    onFolder(program, "init", "begin an office: its officers, and for the region its keys"),
    start,
  );
  onFolder(program, "show", "what stands, who may sign it, what is pending")
    .option("--part <part>", `one part, as people edit it: ${partWords}`)
    .option("--out <file>", "write it to a new file")
    .action((options: ShowOptions) => start((world) => runShow(world, options)));
  onFolder(
    program,
    "diff [part]",
    "what is pending, in plain words: what it says, who gains, who loses",
  ).action((part: string | undefined, options: Common) =>
    start((world) => runDiff(world, part, options)),
  );
  onFolder(
    program,
    "verify",
    "prove everything in the folder; exit code 8 when it does not hold",
  ).action((options: Common) => start((world) => runVerify(world, options)));
}

function addChanges(program: Command, start: OfficeStart): void {
  trialOption(
    onFolder(program, "propose <file>", "propose the content of an edited file, as one officer"),
  )
    .requiredOption("--as <key>", asWords)
    .requiredOption("--reason <text>", "why, for whoever accepts it")
    .option("--days <days>", "how long the part lives from its acceptance on; 365 unless said")
    .action((file: string, options: ChangeOptions) =>
      start((world) => runPropose(world, file, options)),
    );
  trialOption(
    onFolder(
      program,
      "asked <file>",
      "propose what a console asked for: an agency that comes, or is suspended",
    ),
  )
    .requiredOption("--as <key>", asWords)
    .requiredOption(
      "--fingerprint <text>",
      "of the file, as who made it reads it to you by another way",
    )
    .option(
      "--part <part>",
      "region, for what the region grants; the agency's own state unless said",
    )
    .option("--days <days>", "how long the part lives from its acceptance on; 365 unless said")
    .action((file: string, options: AskedOptions) =>
      start((world) => runAsked(world, file, options)),
    );
  trialOption(
    onFolder(program, "accept <part>", "accept what another officer proposed, after reading it"),
  )
    .requiredOption("--as <key>", asWords)
    .option("--yes", yesWords)
    .action((part: string, options: ChangeOptions) =>
      start((world) => runAccept(world, part, options)),
    );
  onFolder(program, "withdraw <part>", "take back what is pending").action(
    (part: string, options: Common) => start((world) => runWithdraw(world, part, options)),
  );
  trialOption(onFolder(program, "sign", "sign what is pending of a role, after reading it"))
    .requiredOption(
      "--role <role>",
      "root, targets (the region's part), or an authority such as ng",
    )
    .requiredOption("--key <key>", "a key of the role: a file, or a PKCS #11 URI")
    .option("--yes", yesWords)
    .action((options: SignOptions) => start((world) => runSign(world, options)));
  trialOption(
    onFolder(
      program,
      "rotate",
      "other keys for a role: a next root, or for an authority a proposal of the region",
    ),
  )
    .requiredOption(
      "--role <role>",
      "root, targets, snapshot, timestamp, or an authority such as ng",
    )
    .option("--add <file...>", "keys that come, each FILE.pub")
    .option("--drop <key...>", "keys that go, each FILE.pub or a fingerprint")
    .option("--threshold <number>", "how many of them must sign")
    .option("--days <days>", "how long the root, or the region's part, lives")
    .option("--as <key>", `of an authority: ${asWords}`)
    .option("--reason <text>", "of an authority: why")
    .action((options: RotateOptions) => start((world) => runRotate(world, options)));
}

function addPublishing(program: Command, start: OfficeStart): void {
  const keyWords = "keys of snapshot and timestamp: files, or PKCS #11 URIs";
  const hoursWords = "how long the timestamp is relied on; 72 unless said";
  trialOption(onFolder(program, "publish", "the next epoch of all that was signed"))
    .requiredOption("--key <key...>", keyWords)
    .option("--days <days>", "how long the snapshot is relied on; 30 unless said")
    .option("--hours <hours>", hoursWords)
    .action((options: PublishOptions) => start((world) => runPublish(world, options)));
  trialOption(onFolder(program, "refresh", "say again that this epoch is the newest; for a timer"))
    .requiredOption("--key <key...>", "keys of the timestamp")
    .option("--hours <hours>", hoursWords)
    .action((options: PublishOptions) => start((world) => runRefresh(world, options)));
  onFolder(program, "export <folder>", "the register for a web server or a stick, without anything of the office's own")
    .action((folder: string, options: Common) => start((world) => runExport(world, folder, options)));
  onFolder(program, "import <file>", "a register.bin, an exported folder, or a pending change that was carried here")
    .action((file: string, options: Common) => start((world) => runImport(world, file, options)));
} // prettier-ignore

/**
 * Adds `register …`: changes the register in a folder: proposed by one, accepted by another, signed by the keys of its
 * part. Never opens a socket, and never writes a private key but one it made, 0600.
 */
export function addRegister(program: Command, start: Start): void {
  const register = program
    .command("register")
    .description("for who changes the register: works on a folder, without a network (certs/REGISTER.md)");
  const begin = makeOfficeStart(() => program.opts(), start);
  addLooking(register, begin);
  addChanges(register, begin);
  addPublishing(register, begin);
  addKeys(register, begin);
} // prettier-ignore
