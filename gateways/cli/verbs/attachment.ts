import type { Command } from "commander";

import { runAdd, runFiles, runGet, runStop } from "../attaching.ts";
import type { Common } from "../desk.ts";
import type { AddOptions } from "../handing-in.ts";
import { purposeOption, type Start } from "./options.ts";

type Purposed = Pick<Common, "purpose">;

/** Adds `attachment …`: files beside messages. */
export function addAttachment(program: Command, start: Start): void {
  const attachment = program.command("attachment").description("files beside messages");
  attachment
    .command("add <file>")
    .description("hand a file to the gateway; prints what a message says of it")
    .option("--type <type>", "such as image/jpeg; by the file's ending when left out")
    .option("--role <role>", "what it is, such as PHOTO or REPORT", "OTHER")
    .option("--strip", "take out what the camera wrote, such as the place (JPEG)")
    .action((file: string, options: AddOptions) => {
      start(program.opts(), (desk) => runAdd(desk, file, options));
    });
  attachment
    .command("ls <id>")
    .description("the files of a message, and how far each has come")
    .action((id: string) => start(program.opts(), (desk) => runFiles(desk, id)));
  attachment
    .command("stop <id>")
    .description("stop the fetching of a file; what came of it is kept")
    .option("--digest <digest>", "which one, where there are several; its first letters will do")
    .action((id: string, options: { digest?: string }) => {
      start(program.opts(), (desk) => runStop(desk, id, options));
    });
  attachment
    .command("get <id>")
    .description("fetch a file of a message and write it to disk")
    .option("--digest <digest>", "which one, where there are several; its first letters will do")
    .requiredOption("--out <file>", "where it is written")
    .addOption(purposeOption())
    .action((id: string, options: { digest?: string; out: string } & Purposed) => {
      start({ ...program.opts<Common>(), purpose: options.purpose }, (desk) =>
        runGet(desk, id, options),
      );
    });
}
