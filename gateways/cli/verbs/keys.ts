import type { Command } from "commander";

import { type KeyWordOptions, runKeysList, runKeyWord } from "../sealing-keys.ts";
import type { Start } from "./options.ts";

type KeyWord = Pick<KeyWordOptions, "by" | "dryRun">;

/** Adds `keys …`: sealing keys of others that changed. */
export function addKeys(program: Command, start: Start): void {
  const keys = program.command("keys").description("sealing keys of other agencies that changed");
  keys
    .command("list")
    .description("say which keys changed, and what is known of them")
    .option("--all", "every key that was met")
    .action((options: { all?: true }) =>
      start(program.opts(), (desk) => runKeysList(desk, options)),
    );
  const words = { confirm: "CONFIRMED", refuse: "REFUSED" } as const;
  for (const [name, state] of Object.entries(words)) {
    keys
      .command(`${name} <agency> <fingerprint...>`)
      .description(`${name} a key once its fingerprint was compared with the agency`)
      .requiredOption("--by <name>", "who says so")
      .option("--dry-run", "say what would change; change nothing")
      .action((agency: string, fingerprint: string[], options: KeyWord) => {
        start(program.opts(), (desk) =>
          runKeyWord(desk, agency, { ...options, state, fingerprint }),
        );
      });
  }
}
