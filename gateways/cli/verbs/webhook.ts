import { type Command, Option } from "commander";

import { type EchoOptions, runEcho } from "../echoing.ts";
import {
  type HookOptions,
  type HookTrial,
  type ReplayOptions,
  runHookAdd,
  runHookAttempts,
  runHookList,
  runHookRemove,
  runHookReplay,
  runHookRotate,
  runHookState,
  runHookTest,
} from "../webhooks.ts";
import { type Start, wholeNumber } from "./options.ts";

function trialOption(command: Command): Command {
  return command.option("--dry-run", "say what would change; change nothing");
}

function addMaking(webhook: Command, program: Command, start: Start): void {
  trialOption(webhook.command("add <url>"))
    .description("have changes told to an address; prints its secret, once")
    .option("--type <type...>", "only messages of these types")
    .option("--crime <crime...>", "only messages about these crimes")
    .addOption(new Option("--box <box>", "only this box").choices(["in", "out"]))
    .option("--state <state...>", "only messages that come to these states")
    .option("--up-to <handling>", "nothing above this handling; your own ceiling when left out")
    .option("--fat", "with the line of each message as lists show it")
    .action((url: string, options: HookOptions) => {
      start(program.opts(), (desk) => runHookAdd(desk, url, options));
    });
  trialOption(webhook.command("rotate <id>"))
    .description("a new secret; the one before goes on for a while")
    .option("--overlap <hours>", "for so many hours", wholeNumber(168), 24)
    .action((id: string, options: HookTrial & { overlap: number }) => {
      start(program.opts(), (desk) => runHookRotate(desk, id, options));
    });
}

function addWatching(webhook: Command, program: Command, start: Start): void {
  webhook
    .command("ls")
    .description("list webhooks, and how each stands")
    .action(() => start(program.opts(), runHookList));
  webhook
    .command("test <id>")
    .description("call a webhook once, now, with an event about nothing")
    .action((id: string) => start(program.opts(), (desk) => runHookTest(desk, id)));
  trialOption(webhook.command("replay <id>"))
    .description("tell a webhook again what came after a time or a cursor")
    .option("--since <time>", "such as 2026-03-09T14:05:00Z")
    .option("--cursor <cursor>", "of a change")
    .action((id: string, options: ReplayOptions) => {
      start(program.opts(), (desk) => runHookReplay(desk, id, options));
    });
  webhook
    .command("attempts <id>")
    .description("say how its last calls went, newest first")
    .option("--limit <n>", "at most so many", wholeNumber(1_000), 50)
    .action((id: string, { limit }: { limit: number }) => {
      start(program.opts(), (desk) => runHookAttempts(desk, id, limit));
    });
}

/** Adds `webhook …`: calls that tell your systems what became of messages. */
export function addWebhook(program: Command, start: Start): void {
  const webhook = program.command("webhook").description("tell your systems what became of messages");
  addMaking(webhook, program, start);
  addWatching(webhook, program, start);
  for (const [name, state] of [["pause", "PAUSED"], ["resume", "ACTIVE"]] as const) {
    trialOption(webhook.command(`${name} <id>`))
      .description(state === "PAUSED" ? "tell it nothing for now; what comes waits" : "let it work again")
      .action((id: string, options: HookTrial) =>
        start(program.opts(), (desk) => runHookState(desk, id, { ...options, state })));
  }
  webhook
    .command("echo")
    .description("receive webhooks on this machine and print them, to try yours")
    .option("--port <n>", "where to listen; 0 is any free port", wholeNumber(65_535), 8787)
    .option("--secret-file <file>", "what webhook add printed: each call is checked by it")
    .option("--count <n>", "end after so many calls", wholeNumber(100_000), 100_000)
    .action((options: EchoOptions) => start(program.opts(), (desk) => runEcho(desk, options)));
  trialOption(webhook.command("rm <id>"))
    .description("remove a webhook")
    .action((id: string, options: HookTrial) =>
      start(program.opts(), (desk) => runHookRemove(desk, id, options)));
} // prettier-ignore
