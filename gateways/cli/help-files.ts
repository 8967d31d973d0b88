import { findWords, renderCompletion, shells } from "./completion.ts";
import { renderManual } from "./manual.ts";
import { makeWholeProgram } from "./program.ts";
import type { World } from "./world.ts";

/** What is written down of the commands there are: the manual page, and for each shell what completes their words. */
export async function renderHelpFiles(world: World): Promise<ReadonlyMap<string, string>> {
  const words = findWords(await makeWholeProgram(world));
  return new Map([
    ["atumpan.1", await renderManual(world)],
    ...shells.map((shell) => [`completion/${shell}`, renderCompletion(shell, words)] as const),
  ]);
}
