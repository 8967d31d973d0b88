import { resolve } from "node:path";

import type { Command } from "commander";

import type { Desk, Start } from "../../gateways/cli/index.ts";
import { type ChallengeOptions, runChallenge } from "./challenge.ts";
import { type FollowRunOptions, runFollow } from "./run-follow.ts";
import { runCheck } from "./run-check.ts";
import type { TrustOptions } from "./trust.ts";

function addTrust(command: Command): Command {
  return command
    .option("--register <path>", "the register's file or folder, which names the log's keys")
    .option("--root <file>", "a root of the register that you trust; beside it when left out")
    .option("--hub <hub>", "whose log it is, such as ecowas/hub")
    .option("--log-key <key...>", "in place of the register: verifier keys of the log");
}

function addFollow(log: Command, act: Act): void {
  addTrust(log.command("follow <address>"))
    .description("mirror a hub's log from its URL or a folder, and check all of it")
    .requiredOption("--into <dir>", "the mirror; begun when there is none")
    .option("--once", "look once and end; otherwise every minute until stopped")
    .option("--certificate <file>", "for https: your link certificate")
    .option("--key <file>", "for https: its key")
    .action((address: string, options: FollowRunOptions) => act((desk) => runFollow(desk, address, options)));
} // prettier-ignore

function addChallenge(log: Command, act: Act): void {
  log
    .command("challenge [file]")
    .description("ask a mirror whether a message stands in the log: a file of id, digest, salt and channel, or each")
    .requiredOption("--mirror <dir>", "the mirror to look in")
    .option("--id <id>", "the message's id")
    .option("--digest <hex>", "SHA-256 of its envelope")
    .option("--salt <hex>", "the 16 bytes that its parties keep")
    .option("--channel <channel>", "where it was published")
    .option("--out <file>", "where the proof is written (C2SP tlog-proof)")
    .action((file: string | undefined, options: ChallengeOptions) => act((desk) => runChallenge(desk, file, options)));
} // prettier-ignore

type Act = (run: (desk: Desk) => number | Promise<number>) => void;

/** Adds `log follow`, `log challenge` and `log check`: 0 all is as it should be, 8 something is wrong, 5 not in the log. */
export function addLog(program: Command, start: Start): void {
  const log =
    program.commands.find((command) => command.name() === "log") ??
    program.command("log").description("the hubs' logs: what was taken, and that nobody changed it");
  const act: Act = (run) => start(program.opts(), run);
  addFollow(log, act);
  addChallenge(log, act);
  addTrust(log.command("check <dir>"))
    .description("read a mirror again from the first entry to the last, and check all of it")
    .action((dir: string, options: TrustOptions) =>
      act((desk) => runCheck(desk, resolve(desk.world.cwd, dir), options)),
    );
} // prettier-ignore
