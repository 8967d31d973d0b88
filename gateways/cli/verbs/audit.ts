import type { Command } from "commander";

import { type AuditListOptions, runAuditHead, runAuditList, runAuditVerify } from "../auditing.ts";
import { type Start, wholeNumber } from "./options.ts";

/** Adds `audit …`: who did and read what at a gateway. */
export function addAudit(program: Command, start: Start): void {
  const audit = program.command("audit").description("who did and read what at this gateway");
  audit
    .command("ls")
    .description("the newest lines of the audit record")
    .option("--who <id>", "only of this caller")
    .option("--act <act>", "only this act, such as MESSAGE_READ")
    .option("--object <id>", "only about this message or person")
    .option("--limit <n>", "at most so many", wholeNumber(1000), 50)
    .action((options: AuditListOptions) =>
      start(program.opts(), (desk) => runAuditList(desk, options)),
    );
  audit
    .command("head")
    .description("where the record stands; write it down elsewhere")
    .action(() => start(program.opts(), runAuditHead));
  audit
    .command("verify")
    .description("check that nothing was changed or taken away")
    .option("--head <head>", "a head that was written down before")
    .action((options: { head?: string }) =>
      start(program.opts(), (desk) => runAuditVerify(desk, options)),
    );
}
