import { parseArgs } from "node:util";

/** What the bench was asked for. */
export interface BenchOptions {
  /** Of one measurement. */
  readonly seconds: number;
  /** Messages of one measurement at full speed, in place of the seconds. */
  readonly count?: number | undefined;
  /** How often full speed is measured, bare and path in turns. */
  readonly rounds: number;
  /** Which bodies; both when left out. */
  readonly only?: "open" | "sealed" | undefined;
  /** A folder for CPU profiles of broker and gateways; their summary is printed. Slows what it watches. */
  readonly profile?: string | undefined;
  /** Only what a message costs in the schemas: no server, no processes. */
  readonly schemas: boolean;
}

/** How it is called. */
export const usage = `npm run bench -- [--seconds N] [--count N] [--rounds N] [--only open|sealed] [--profile FOLDER]
npm run bench -- --schemas
`;

function readNumber(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error("a number above 0 is needed");
  return value;
}

/** Reads the command line. Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: text,
      count: text,
      rounds: text,
      only: text,
      profile: text,
      schemas: { type: "boolean" },
    },
  });
  const { schemas = false } = values;
  if (schemas && Object.keys(values).length > 1) throw new Error("--schemas stands alone");
  const { only } = values;
  if (only !== undefined && only !== "open" && only !== "sealed") {
    throw new Error("--only is open or sealed");
  }
  return {
    seconds: readNumber(values.seconds, 3),
    count: values.count === undefined ? undefined : readNumber(values.count, 0),
    rounds: readNumber(values.rounds, 3),
    only,
    profile: values.profile,
    schemas,
  };
}
