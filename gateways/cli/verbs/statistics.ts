import { type Command, Option } from "commander";

import { runStatistics } from "../statistics.ts";
import type { Start } from "./options.ts";

const types = ["tip.statistics", "statistics.crime", "statistics.exchange"];

/** Adds `statistics show`: figures without persons. */
export function addStatistics(program: Command, start: Start): void {
  const statistics = program
    .command("statistics")
    .description("figures without persons, counted at night");
  statistics
    .command("show")
    .description("tables of figures, the newest time first, and from how many messages they were counted")
    .addOption(new Option("--type <type>", "only of this type").choices(types))
    .option("--period <period>", "only of this time, such as 2026-Q1")
    .action((options: { readonly type?: string; readonly period?: string }) => {
      start(program.opts(), (desk) => runStatistics(desk, options));
    });
} // prettier-ignore
