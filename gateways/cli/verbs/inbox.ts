import type { Command } from "commander";

import { type ListOptions, runList } from "../reading.ts";
import { runWatch } from "../watching.ts";
import { listOptions, type Start, wholeNumber } from "./options.ts";

/** Adds `watch` below `message` or `inbox`. */
export function addWatch(parent: Command, program: Command, start: Start): void {
  const isInbox = parent.name() === "inbox";
  parent
    .command("watch")
    .description("print messages as they are stored or move on")
    .option("--count <n>", "stop after so many", wholeNumber(1_000_000), 0)
    .action(({ count }: { count: number }) => {
      const options = isInbox ? ({ box: "in", count } as const) : { count };
      start(program.opts(), (desk) => runWatch(desk, options));
    });
}

/** Adds `inbox …`: what others sent us. */
export function addInbox(program: Command, start: Start): void {
  const inbox = program.command("inbox").description("what others sent us");
  listOptions(inbox.command("ls"))
    .description("list the inbox, newest first")
    .action((options: Omit<ListOptions, "box">) => {
      start(program.opts(), (desk) => runList(desk, { ...options, box: "in" }));
    });
  addWatch(inbox, program, start);
}
