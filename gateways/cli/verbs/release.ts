import { type Command, Option } from "commander";

import type { Language } from "../../../schemas/index.ts";
import {
  runApprove,
  runReleaseList,
  runReleaseShow,
  runReturn,
  runWithdraw,
} from "../releasing.ts";
import { languageOption, type Start } from "./options.ts"; // prettier-ignore

const states = ["WAITING", "RELEASED", "RETURNED", "WITHDRAWN", "EXPIRED"] as const;

/** Adds `release …`: messages that take two officers. */
export function addRelease(program: Command, start: Start): void {
  const release = program.command("release").description("messages that take two officers");
  release
    .command("ls")
    .alias("list")
    .description("what waits for a second officer, or has waited")
    .addOption(new Option("--state <state>", "only these").choices(states))
    .action((options: { readonly state?: string }) => {
      start(program.opts(), (desk) => runReleaseList(desk, options));
    });
  release
    .command("show <id>")
    .description("exactly what would be sent now, to whom, and what it costs")
    .addOption(languageOption())
    .action((id: string, { lang }: { readonly lang: Language }) => {
      start(program.opts(), (desk) => runReleaseShow(desk, id, lang));
    });
  release
    .command("approve <id>")
    .description("send it, as the second officer: just as it was shown, or not at all")
    .requiredOption("--shown <version>", "the version that `release show` ended with")
    .action((id: string, { shown }: { readonly shown: string }) => {
      start(program.opts(), (desk) => runApprove(desk, id, shown));
    });
  release
    .command("return <id>")
    .description("give it back to who wrote it")
    .requiredOption("--reason <words>", "what is to be changed")
    .action((id: string, { reason }: { readonly reason: string }) => {
      start(program.opts(), (desk) => runReturn(desk, id, reason));
    });
  release
    .command("withdraw <id>")
    .description("take back what you handed in: nothing is sent")
    .action((id: string) => {
      start(program.opts(), (desk) => runWithdraw(desk, id));
    });
}
