import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import { type Readable, Writable } from "node:stream";

import { Fault, systemChance, systemClock } from "../../schemas/ground/index.ts";
import type { AuthorityWorld } from "./world.ts";

/** Questions put to whoever sits at the terminal, or answered from a pipe line by line. */
export interface Terminal {
  readonly ask: (question: string) => Promise<string>;
  /** The same without showing what is typed. */
  readonly askHidden: (question: string) => Promise<string>;
  /** The PIN of a token, likewise. */
  readonly askPin: (token: string) => Promise<string>;
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
  const askPin = (token: string): Promise<string> => askHidden(`PIN of token ${token}`);
  return { ask, askHidden, askPin, stop: () => open?.reader.close() };
}

/** Runs a command of an office for whoever sits at this process's terminal. Returns its exit code. */
export async function runAtTerminal(
  run: (world: AuthorityWorld) => Promise<number>,
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  stdout.on("error", () => process.exit(0));
  const terminal = startTerminal({ input: stdin, output: stderr });
  const code = await run({
    args: process.argv.slice(3),
    cwd: process.cwd(),
    out: (words) => void stdout.write(words),
    err: (words) => void stderr.write(words),
    ask: terminal.ask,
    askPin: terminal.askPin,
    clock: systemClock,
    chance: systemChance,
  });
  terminal.stop();
  return code;
}
