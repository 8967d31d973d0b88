import type { Readable } from "node:stream";

import type { Terminal } from "./office/index.ts";

/** Whoever sits at a terminal, asked only when a command has a question. */
export interface Seat {
  readonly ask: (question: string, isSecret: boolean) => Promise<string>;
  readonly stop: () => void;
}

/** Builds a seat. Nothing is loaded or read before the first question: commands without one leave input alone. */
export function makeSeat(streams: {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: { readonly write: (text: string) => unknown };
}): Seat {
  let terminal: Terminal | undefined;
  return {
    ask: async (question, isSecret) => {
      const { startTerminal } = await import("./office/index.ts");
      terminal ??= startTerminal(streams);
      return await (isSecret ? terminal.askHidden(question) : terminal.ask(question));
    },
    stop: () => terminal?.stop(),
  };
}
