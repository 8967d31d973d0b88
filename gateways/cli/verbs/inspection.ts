import { type Command, InvalidArgumentError, Option } from "commander";

import { codeList } from "../../../schemas/index.ts";
import {
  type ClosingOptions,
  type InspectionOptions,
  runInspectionAsk,
  runInspectionClose,
  runInspectionList,
  runInspectionRead,
  runInspectionReport,
  runInspectionShow,
  runInspectionWord,
} from "../inspecting.ts";
import type { ReaderOptions } from "../explaining.ts";
import { momentText } from "../typed-words.ts";
import { languageOption, type Start, wholeNumber, zoneOption } from "./options.ts";

const maxDrawn = 50;

type Finding = ClosingOptions["finding"][number];

function codesOf(list: string): readonly string[] {
  return codeList(list)?.codes ?? [];
}

/** Reads a finding such as KEPT_TOO_LONG:3, the place of a message behind the code. */
function findingText(text: string, before: readonly Finding[] = []): readonly Finding[] {
  const [code = "", place, ...more] = text.slice(0, 60).split(":");
  const isKnown = codesOf("INSPECTION_FINDING").includes(code) && more.length === 0 && place !== "0";
  if (!isKnown) throw new InvalidArgumentError("It is a code of INSPECTION_FINDING, such as NO_FAULT or KEPT_TOO_LONG:3.");
  return [...before, place === undefined ? { code } : { code, place: wholeNumber(maxDrawn)(place) }];
} // prettier-ignore

function addAsking(inspection: Command, run: (act: Parameters<Start>[1]) => void): void {
  inspection
    .command("ask")
    .description("ask to read messages here, as an inspector; another person consents")
    .addOption(
      new Option("--ground <code>", "why")
        .choices(codesOf("INSPECTION_GROUND"))
        .makeOptionMandatory(),
    )
    .requiredOption("--reference <number>", "of the case at your authority; no name")
    .option("--until <moment>", "it ends then, within 30 days; in 14 unless said", momentText)
    .option("--message <id...>", "the messages that are meant")
    .option("--thread <id>", "all messages of a thread")
    .option("--from <moment>", "a sample is drawn from this moment on", momentText)
    .option("--to <moment>", "and up to this one", momentText)
    .addOption(new Option("--box <box>", "of what was taken in or sent alone").choices(["in", "out"]))
    .option("--count <n>", "how many are drawn", wholeNumber(maxDrawn), 10)
    .option("--nonce <hex>", "your own random bytes for the draw; made here unless said")
    .action((options: InspectionOptions) => run((desk) => runInspectionAsk(desk, options)));
  inspection
    .command("consent <id>")
    .description("consent to an inspection that another person asked for")
    .action((id: string) => run((desk) => runInspectionWord(desk, id, "consent")));
  inspection
    .command("end <id>")
    .description("say no to an inspection, or end it")
    .action((id: string) => run((desk) => runInspectionWord(desk, id, "ending")));
} // prettier-ignore

/** Adds `inspection …`: messages that an inspector reads here, by two keys. */
export function addInspection(program: Command, start: Start): void {
  const run = (act: Parameters<Start>[1]): void => start(program.opts(), act);
  const inspection = program
    .command("inspection")
    .description("messages that an inspector reads here, by two keys");
  addAsking(inspection, run);
  inspection
    .command("list")
    .description("inspections that were asked for, are open, or are over")
    .action(() => run((desk) => runInspectionList(desk)));
  inspection
    .command("show <id>")
    .description("how one stands; for its inspector with its messages")
    .action((id: string) => run((desk) => runInspectionShow(desk, id)));
  inspection
    .command("read <id> <message>")
    .description("show one message of an open inspection to its inspector")
    .addOption(languageOption())
    .addOption(zoneOption())
    .action((id: string, message: string, options: ReaderOptions) => {
      run((desk) => runInspectionRead(desk, { id, message }, options));
    });
  inspection
    .command("close <id>")
    .description("close one with what was found")
    .requiredOption("--finding <code...>", "a code, and :place for one message alone", findingText)
    .option("--note <text>", "with the first finding; it stays in this gateway")
    .action((id: string, options: ClosingOptions) => {
      run((desk) => runInspectionClose(desk, id, options));
    });
  inspection
    .command("report <id>")
    .description("write the signed report of one that has ended; nothing of any message")
    .requiredOption("-o, --out <file>", "a new file")
    .action((id: string, options: { out: string }) => {
      run((desk) => runInspectionReport(desk, id, options));
    });
}
