import { type Command, Option } from "commander";

import { runWhy, type WhyOptions } from "../why.ts";
import { languageOption, type Start } from "./options.ts";

const handlings = ["H0", "H1", "H2", "H3"] as const;

/** Adds `why`: may an agency read or publish something, and why. */
export function addWhy(program: Command, start: Start): void {
  program
    .command("why <agency> <act> <type>")
    .description(
      "say why an agency may, or may not, read or publish a type of message, such as: why gh/tcu read alert.incident",
    )
    .requiredOption("--crime <crime>", "about which crime, such as drugs")
    .option("--of <agency>", "whose message is read")
    .requiredOption("--in <scope>", "the community, or direct for mail by name")
    .addOption(
      new Option("--at <handling>", "up to which handling").choices(handlings).default("H0"),
    )
    .option("--to <agency>", "to whom it is written by name")
    .option("--purpose <purpose...>", "what it is for, codes of PURPOSE")
    .option("--protected-from <state...>", "states the sender keeps it from, such as GH")
    .option("--excluded <agency...>", "agencies the sender keeps it from")
    .addOption(languageOption())
    .option("--register <file>", "ask a register in a file, and no gateway")
    .option("--root <file>", "its root that is trusted; root.json beside it unless said")
    .option(
      "--time <moment>",
      "with --register: another moment than now, such as 2026-03-09T14:05:00Z",
    )
    .action((...[agency, act, type, options]: [string, string, string, WhyOptions]) => {
      start(program.opts(), (desk) => runWhy(desk, { agency, act, type }, options));
    });
}
