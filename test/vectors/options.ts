import { parseArgs } from "node:util";

/** What is to be run. */
export interface VectorOptions {
  readonly pkits?: string | undefined;
  readonly limbo?: string | undefined;
  /** Questions to ask OpenSSL as well. */
  readonly openssl: number;
  readonly seed: number;
}

/** How it is called. */
export const usage = `node test/vectors/main.ts [--pkits FOLDER|FILE] [--limbo FILE] [--openssl RUNS [--seed N]]
`;

function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error("a whole number is needed");
  return Number(text);
}

/** Reads the command line. Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[]): VectorOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { pkits: text, limbo: text, openssl: text, seed: text },
  });
  if ([values.pkits, values.limbo, values.openssl].every((one) => one === undefined)) {
    throw new Error("nothing to run is named");
  }
  return {
    pkits: values.pkits,
    limbo: values.limbo,
    openssl: readNumber(values.openssl ?? "0"),
    seed: readNumber(values.seed ?? "1"),
  };
}
