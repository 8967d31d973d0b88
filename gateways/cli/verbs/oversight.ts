import { type Command, Option } from "commander";

import {
  type OversightExportOptions,
  type OversightOptions,
  runOversightCounts,
  runOversightExport,
  runOversightFigures,
} from "../oversight.ts";
import type { Start } from "./options.ts";

const types = ["tip.statistics", "statistics.crime", "statistics.exchange"];

function groupOf(program: Command): Command {
  return (
    program.commands.find((command) => command.name() === "oversight") ??
    program.command("oversight").description("what a seat of oversight sees: how much, never what")
  );
}

function addExport(group: Command, program: Command, start: Start): void {
  group
    .command("export <what>")
    .description("write a file for others: counts, sdg or tipnet; what is small is withheld")
    .requiredOption("--from <day>", "the first day of a month, such as 2026-01-01")
    .requiredOption("--until <day>", "the first day of a month that has begun")
    .option("--by <dimensions>", "of counts: what they are counted by, with commas between")
    .addOption(new Option("--format <format>", "form").choices(["csv", "json"]).default("csv"))
    .option("--population <file>", "of sdg: CSV of country, sex, age and persons, for rates")
    .requiredOption("-o, --out <file>", "the file")
    .action((what: string, options: OversightExportOptions) => {
      start(program.opts(), (desk) => runOversightExport(desk, what, options));
    });
}

/** Adds `oversight counts`, `figures` and `export`. */
export function addOversight(program: Command, start: Start): void {
  const group = groupOf(program);
  group
    .command("counts")
    .description("counts of the hub's log, each with where its entries stand")
    .option("--from <day>", "the first day, such as 2026-01-31")
    .option("--until <day>", "the first day that is not counted")
    .option("--by <dimensions>", "what they are counted by, with commas between")
    .option("--all-positions", "all positions, not the first hundred runs of each")
    .option("--log <origin>", "an earlier log")
    .action((options: OversightOptions) => {
      start(program.opts(), (desk) => runOversightCounts(desk, options));
    });
  group
    .command("figures")
    .description("figures that agencies told in messages, summed over states")
    .option("--from <day>", "messages whose time lies whole after this day")
    .option("--until <day>", "and before this day")
    .addOption(new Option("--type <type>", "only of this type").choices(types))
    .addOption(new Option("--by <whom>", "one sum, or by state").choices(["region", "state"]))
    .action((options: OversightOptions) => {
      start(program.opts(), (desk) => runOversightFigures(desk, options));
    });
  addExport(group, program, start);
}
