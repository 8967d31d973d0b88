import { type Command, Option } from "commander";

import { type DocumentOptions, type DraftOptions, runMlaDocument, runMlaDraft } from "../mla.ts";
import type { Start } from "./options.ts";

/** Adds `mla`: formal requests for mutual legal assistance from police threads. */
export function addMla(program: Command, start: Start): void {
  const mla = program.command("mla").description("formal requests for mutual legal assistance");
  mla
    .command("draft <thread>")
    .description("begin a formal request with what may be used of a police thread")
    .option("--to <agency>", "the central authority that is asked, such as tg/central")
    .option("--country <code>", "the state that is asked, such as TG")
    .action((thread: string, options: DraftOptions) => {
      start(program.opts(), (desk) => runMlaDraft(desk, thread, options));
    });
  mla
    .command("document <file>")
    .description("a completed request as a document for the central authority")
    .addOption(new Option("--form <form>", "as text or as HTML").choices(["text", "html"]).default("text"))
    .option("--zone <zone>", "by whose clock, such as Africa/Lome", "UTC")
    .action((file: string, options: DocumentOptions) => {
      start(program.opts(), (desk) => runMlaDocument(desk, file, options));
    });
} // prettier-ignore
