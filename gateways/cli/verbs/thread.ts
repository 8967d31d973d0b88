import type { Command } from "commander";

import { runBreaches } from "../breaches.ts";
import { runAwaited, runThread } from "../threads.ts";
import { agencyText } from "../typed-words.ts";
import type { Start } from "./options.ts";

/** Adds `thread show`: how the matters of a thread stand, and who may say what next. */
export function addThread(program: Command, start: Start): void {
  const thread = program.command("thread").description("matters in hand, message by message");
  thread
    .command("show <id>")
    .description("how a thread stands: what is awaited of whom, and who may say what next")
    .action((id: string) => {
      start(program.opts(), (desk) => runThread(desk, id));
    });
}

/** Adds `awaited`: what is awaited in all threads. */
export function addAwaited(program: Command, start: Start): void {
  program
    .command("awaited")
    .description("what is awaited of whom in all threads, the earliest first")
    .option("--overdue", "only what is late")
    .option("--of <agency>", "only of this agency, such as ng/tcu", agencyText)
    .action((options: { readonly overdue?: true; readonly of?: string }) => {
      start(program.opts(), (desk) => runAwaited(desk, options));
    });
}

/** Adds `breaches`: deadlines that passed. */
export function addBreaches(program: Command, start: Start): void {
  program
    .command("breaches")
    .description("deadlines that passed, the latest first, and when what was awaited came")
    .option("--open", "only what is awaited still")
    .option("--of <agency>", "only of this agency, such as ng/tcu", agencyText)
    .action((options: { readonly open?: true; readonly of?: string }) => {
      start(program.opts(), (desk) => runBreaches(desk, options));
    });
}
