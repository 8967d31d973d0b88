import { createInterface, type Interface } from "node:readline";
import { type Readable, Writable } from "node:stream";

import { Fault } from "../../schemas/ground/index.ts";

/** Questions put to whoever sits at the terminal, or answered from a pipe line by line. */
export interface Terminal {
  readonly ask: (question: string) => Promise<string>;
  /** The same without showing what is typed. */
  readonly askHidden: (question: string) => Promise<string>;
  readonly stop: () => void;
}

interface Streams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: { readonly write: (text: string) => unknown };
}

/** What is typed is shown by whoever reads it, unless it is a PIN. */
function makeEcho(output: Streams["output"], isHidden: () => boolean): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!isHidden()) output.write(chunk.toString("utf8"));
      done();
    },
  });
}

/** Begins to listen when the first question is put, so that commands without questions leave input alone. */
export function startTerminal({ input, output }: Streams): Terminal {
  let isHidden = false;
  let open: { readonly reader: Interface; readonly lines: AsyncIterator<string> } | undefined;
  const echo = makeEcho(output, () => isHidden);
  const listen = (): NonNullable<typeof open> => {
    const isTerminal = input.isTTY === true;
    const reader = createInterface({ input, output: echo, terminal: isTerminal });
    open = { reader, lines: reader[Symbol.asyncIterator]() };
    return open;
  };
  const ask = async (question: string): Promise<string> => {
    output.write(`${question}: `);
    const next = await (open ?? listen()).lines.next();
    if (next.done !== true) return next.value;
    throw new Fault("CEREMONY_REFUSED", "the answers ended before the questions did");
  };
  const askHidden = async (question: string): Promise<string> => {
    const asked = ask(question);
    isHidden = true;
    try {
      return await asked;
    } finally {
      isHidden = false;
      output.write("\n");
    }
  };
  return { ask, askHidden, stop: () => open?.reader.close() };
}
