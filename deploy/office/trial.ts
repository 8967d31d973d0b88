import type { Command } from "commander";

import { type AuthorityWorld, writeResult } from "./world.ts";

/** Option of every act that can be tried. */
export interface Trial {
  /** Only what would come of it; nothing is changed, and nobody is asked. */
  readonly dryRun?: true;
}

/** Lets an act be tried. */
export function trialOption(command: Command): Command {
  return command.option("--dry-run", "say what would change; change nothing");
}

/** Writes what would come of an act. Whoever reads on learns first that nothing has. */
export function writeTrial(
  world: Pick<AuthorityWorld, "out" | "say">,
  { json, result, words: [first = "", ...more] }: { json: boolean | undefined; result: object; words: readonly string[] },
): void {
  const words = [`${world.say("dry.nothing")} ${first}`, ...more];
  writeResult(world, { json, result: { tried: true, ...result }, words });
} // prettier-ignore
