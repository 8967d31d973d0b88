import { type Command, InvalidArgumentError, Option } from "commander";

import { codeList } from "../../../schemas/index.ts";
import { type HoldOptions, runHoldList, runHoldSet, runHoldWord, runRetention } from "../holds.ts";
import {
  type RecallOptions,
  runRecallConfirm,
  runRecallList,
  runRecallOrders,
  runRecallShow,
  runRecallStart,
} from "../recalls.ts";
import { momentText } from "../typed-words.ts";
import { type Start, wholeNumber } from "./options.ts";

const maxUse = 2_147_483_647;

const maxFiles = 50;

function fileDigest(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[0-9a-f]{64}$/i.test(text) && before.length < maxFiles) return [...before, text.toLowerCase()];
  throw new InvalidArgumentError(`say up to ${maxFiles} SHA-256, each 64 hex digits.`);
} // prettier-ignore

function codesOf(list: string): readonly string[] {
  return codeList(list)?.codes ?? [];
}

function addFollowing(recall: Command, run: (act: Parameters<Start>[1]) => void): void {
  recall
    .command("list")
    .description("which of our messages are taken back, and how far each is")
    .action(() => run((desk) => runRecallList(desk)));
  recall
    .command("show <id>")
    .description("who holds a message that is taken back, and what each has answered")
    .action((id: string) => run((desk) => runRecallShow(desk, id)));
  recall
    .command("orders")
    .description("what others ordered us, and how far it is carried out")
    .action(() => run((desk) => runRecallOrders(desk)));
}

/** Adds `recall …`: messages that are taken back, by us and by others. */
export function addRecall(program: Command, start: Start): void {
  const run = (act: Parameters<Start>[1]): void => start(program.opts(), act);
  const recall = program.command("recall").description("messages that are taken back");
  addFollowing(recall, run);
  recall
    .command("start <id...>")
    .description("have every holder delete messages of ours, and answer for it")
    .addOption(
      new Option("--reason <code>", "why").choices(codesOf("PURGE_REASON")).makeOptionMandatory(),
    )
    .requiredOption("--by <moment>", "until when, such as 2026-12-01T12:00:00Z", momentText)
    .addOption(
      new Option("--scope <code>", "what of it; for a person in it the whole copy goes").choices(
        codesOf("PURGE_SCOPE"),
      ),
    )
    .option(
      "--file <sha256...>",
      "with ATTACHMENT: which files, by their SHA-256 in hex",
      fileDigest,
    )
    .option("--order-ref <number>", "of the court's or overseer's order")
    .option("--key <key>", "under the same key nothing is sent twice; made of the rest unless said")
    .action((ids: string[], options: RecallOptions) => {
      run((desk) => runRecallStart(desk, ids, options));
    });
  recall
    .command("confirm <order>")
    .description("say that a body outside the network has undone what it was given")
    .requiredOption("--use <number>", "as recall orders names it", wholeNumber(maxUse))
    .requiredOption("--ref <text>", "of the letter that says so")
    .action((order: string, said: { use: number; ref: string }) => {
      run((desk) => runRecallConfirm(desk, order, said));
    });
}

/** Adds `hold …`: messages that an authority has kept. */
export function addHold(program: Command, start: Start): void {
  const run = (act: Parameters<Start>[1]): void => start(program.opts(), act);
  const hold = program.command("hold").description("messages that an authority has kept");
  hold
    .command("list")
    .description("which messages are kept, by which order and until when")
    .action(() => run((desk) => runHoldList(desk)));
  hold
    .command("set <id...>")
    .description("keep messages, whoever takes them back")
    .requiredOption("--ref <number>", "of the order")
    .requiredOption("--country <code>", "whose authority ordered it, such as GH")
    .requiredOption("--ground <text>", "why")
    .requiredOption("--until <moment>", "it ends then", momentText)
    .action((ids: string[], options: HoldOptions) => run((desk) => runHoldSet(desk, ids, options)));
  hold
    .command("confirm <id>")
    .description("agree to a hold that another person set")
    .action((id: string) => run((desk) => runHoldWord(desk, id, {})));
  hold
    .command("lift <id>")
    .description("end a hold that another person set")
    .requiredOption("--ground <text>", "why")
    .action((id: string, { ground }: { ground: string }) => {
      run((desk) => runHoldWord(desk, id, { lift: ground }));
    });
}

/** Adds `retention`: what is to be looked at again, and what goes soon. */
export function addRetention(program: Command, start: Start): void {
  program
    .command("retention")
    .description("messages to be looked at again, and those that go within thirty days")
    .action(() => start(program.opts(), (desk) => runRetention(desk)));
}
