import { type Command, InvalidArgumentError } from "commander";

import { type CheckOptions, checkWords, runCheck } from "../checking.ts";
import { type DoctorOptions, runDoctor } from "../doctoring.ts";
import type { Start } from "../start.ts";

function addFolder(command: Command): Command {
  return command.option("--folder <dir>", "the gateway's folder, when no context leads to it");
}

/** Adds `doctor`: what is wrong, and what to do. */
export function addDoctor(program: Command, start: Start): void {
  addFolder(program.command("doctor"))
    .description("find what keeps a gateway from its work, and say what to do")
    .option("--all", "what is well too")
    .action((options: DoctorOptions) => start(program.opts(), (desk) => runDoctor(desk, options)));
}

function threshold(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number.");
}

/** Adds `check …`: one line and one number for a monitor. */
export function addCheck(program: Command, start: Start): void {
  const check = program
    .command("check")
    .description("one line for a monitor: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN");
  for (const { name, says, unit } of checkWords) {
    addFolder(check.command(name))
      .description(says)
      .option("--warn <n>", `WARNING from here on, ${unit}`, threshold)
      .option("--crit <n>", `CRITICAL from here on, ${unit}`, threshold)
      .action((options: CheckOptions) => {
        start(program.opts(), (desk) => runCheck(desk, name, options));
      });
  }
}
