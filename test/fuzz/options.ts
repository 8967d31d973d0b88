import { parseArgs } from "node:util";

import { type Bytes, type Chance, parseBase64url } from "../../schemas/ground/index.ts";

/** What fuzzing was asked for. */
export interface FuzzOptions {
  /** In all, shared out over the targets. */
  readonly seconds: number;
  /** Runs of each target, in place of the seconds. */
  readonly runs?: number | undefined;
  /** Part of the names of the targets wanted; all when left out. */
  readonly target?: string | undefined;
  readonly seed: number;
  /** The number of the first run of each target. */
  readonly from: number;
  /** One input to be tried in place of made ones. */
  readonly input?: Bytes | undefined;
}

/** How it is called. */
export const usage = `npm run fuzz -- [--seconds N | --runs N] [--target NAME] [--seed S[:RUN]] [--input BASE64URL]
`;

const usualSeconds = 120;

function readNumber(text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || !Number.isSafeInteger(value)) {
    throw new Error(`a whole number of at least ${least} is needed`);
  }
  return value;
}

/** Reads the command line; without a seed chance gives one. Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[], chance: Chance): FuzzOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: text, runs: text, target: text, seed: text, input: text },
  });
  const drawn = Buffer.from(chance.bytes(4)).readUInt32LE();
  const [seed = "", from = "0", ...more] = (values.seed ?? String(drawn)).split(":");
  if (more.length > 0) throw new Error("--seed is a number, or a number and the run to begin with");
  if (values.seconds !== undefined && values.runs !== undefined) {
    throw new Error("--seconds and --runs are two ways to say how long; choose one");
  }
  return {
    runs: values.runs === undefined ? undefined : readNumber(values.runs, 1),
    seconds: values.seconds === undefined ? usualSeconds : readNumber(values.seconds, 1),
    target: values.target,
    seed: readNumber(seed, 0),
    from: readNumber(from, 0),
    input: values.input === undefined ? undefined : parseBase64url(values.input),
  };
}
