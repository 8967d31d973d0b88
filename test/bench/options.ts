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
  /** Only what it costs to say how threads stand. No server, no processes. */
  readonly work: boolean;
  /** Only logins: nats-server and broker, no gateways. Takes --seconds, --rounds and --profile. */
  readonly login: boolean;
  /** Only what trust costs: proofs, the register, decisions and seals. No server, no processes. */
  readonly trust: boolean;
  /** Only how long it takes until a revoked agency is out. Takes --rounds. */
  readonly revocation: boolean;
  /** Only how fast one reader drains what waits at the hub. Takes --count and --profile. */
  readonly links: boolean;
  /** Only what the gateway's API costs, against node:http. Takes --seconds. */
  readonly http: boolean;
  /** Only what a gateway with many stored messages costs. Takes --count: how many. */
  readonly store: boolean;
  /** Only what the index of words costs each message. No server, no processes. Takes --count: how many. */
  readonly index: boolean;
  /** Only what it costs to count figures. No server. Takes --count and --profile. */
  readonly statistics: boolean;
  /** Only what the hub's log costs: nats-server, no broker. Takes --seconds, --rounds and --count: how many leaves. */
  readonly log: boolean;
}

/** How it is called. */
export const usage = `npm run bench -- [--seconds N] [--count N] [--rounds N] [--only open|sealed] [--profile FOLDER]
npm run bench -- --schemas | --trust | --work
npm run bench -- --login [--seconds N] [--rounds N] [--profile FOLDER]
npm run bench -- --revocation [--rounds N]
npm run bench -- --links [--count N] [--profile FOLDER]
npm run bench -- --store [--count N]
npm run bench -- --index [--count N]
npm run bench -- --statistics [--count N] [--profile FOLDER]
npm run bench -- --http [--seconds N]
npm run bench -- --log [--seconds N] [--rounds N] [--count N]
`;

function readNumber(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error("a number above 0 is needed");
  return value;
}

/** What may be said beside each kind of measurement. */
const takes = {
  schemas: [],
  trust: [],
  work: [],
  login: ["seconds", "rounds", "profile"],
  revocation: ["rounds"],
  links: ["count", "profile"],
  store: ["count"],
  index: ["count"],
  statistics: ["count", "profile"],
  http: ["seconds"],
  log: ["seconds", "rounds", "count"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Kind = keyof typeof takes;

function renderTakes(kind: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return `--${kind} stands alone`;
  const names = allowed.map((one) => `--${one}`);
  const last = names.pop() ?? "";
  return `--${kind} takes ${names.length === 0 ? last : `${names.join(", ")} and ${last}`}`;
}

/** Refuses options that say nothing beside one another. */
function checkTogether(given: readonly string[]): void {
  for (const [kind, allowed] of Object.entries<readonly string[]>(takes)) {
    const others = given.filter((one) => one !== kind && !allowed.includes(one));
    if (given.includes(kind) && others.length > 0) throw new Error(renderTakes(kind, allowed));
  }
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
      work: { type: "boolean" },
      login: { type: "boolean" },
      trust: { type: "boolean" },
      revocation: { type: "boolean" },
      links: { type: "boolean" },
      store: { type: "boolean" },
      index: { type: "boolean" },
      statistics: { type: "boolean" },
      http: { type: "boolean" },
      log: { type: "boolean" },
    },
  });
  checkTogether(Object.keys(values));
  const { only } = values;
  const isSaid = (kind: Kind): boolean => values[kind] === true;
  if (only !== undefined && only !== "open" && only !== "sealed") {
    throw new Error("--only is open or sealed");
  }
  return {
    seconds: readNumber(values.seconds, 3),
    count: values.count === undefined ? undefined : readNumber(values.count, 0),
    rounds: readNumber(values.rounds, 3),
    only,
    profile: values.profile,
    schemas: isSaid("schemas"),
    work: isSaid("work"),
    login: isSaid("login"),
    trust: isSaid("trust"),
    revocation: isSaid("revocation"),
    links: isSaid("links"),
    store: isSaid("store"),
    index: isSaid("index"),
    statistics: isSaid("statistics"),
    http: isSaid("http"),
    log: isSaid("log"),
  };
}
