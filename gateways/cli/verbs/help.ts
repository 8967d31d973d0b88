import { Argument, type Command } from "commander";

import { runCheat, runCompletion } from "../cheating.ts";
import { shells } from "../completion.ts";
import { topics } from "../examples.ts";
import type { Start } from "../start.ts";

/** Adds `completion` and `cheat`: help with typing. */
export function addHelp(program: Command, start: Start): void {
  program
    .command("completion")
    .description("print what makes a shell complete the words of atumpan")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .action((shell: string) => start(program.opts(), (desk) => runCompletion(desk, shell)));
  program
    .command("cheat")
    .description("print what people type, of one topic or of all")
    .addArgument(new Argument("[topic]", "the topic").choices(topics))
    .action((topic: string | undefined) => {
      start(program.opts(), (desk) => runCheat(desk, topic));
    });
}
