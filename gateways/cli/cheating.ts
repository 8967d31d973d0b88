import { findWords, renderCompletion } from "./completion.ts";
import type { Desk } from "./desk.ts";
import { topicExamples, topics } from "./examples.ts";
import { exitCodes } from "./exit-codes.ts";
import { makeWholeProgram } from "./program.ts";

/** Prints a shell's completion, made from the commands there are. */
export async function runCompletion({ world }: Desk, shell: string): Promise<number> {
  world.out(renderCompletion(shell, findWords(await makeWholeProgram(world))));
  return exitCodes.ok;
}

/** Prints what people type. */
export function runCheat(desk: Desk, topic: string | undefined): number {
  const asked = topic === undefined ? topics : [topic];
  const items = asked.flatMap((one) =>
    topicExamples(one).map(([command, examples]) => ({ command, examples })),
  );
  desk.result({ items }, items.flatMap(({ examples }) => examples).join("\n"));
  return exitCodes.ok;
}
