import { limits } from "../../schemas/index.ts";
import { type Bare, startBare } from "./bare.ts";
import { startGround } from "./ground.ts";
import type { RateLoad, WindowLoad } from "./load.ts";
import type { BenchOptions } from "./options.ts";
import { type ByProcess, type Path, type PathRun, startPath } from "./path.ts";
import { median, type Spread, spreadOf } from "./percentile.ts";
import type { MemoryReading } from "./process-reading.ts";
import type { Kind } from "./submissions.ts";
import { measureVerify } from "./verify-unit.ts";

/** What is measured on one ground. */
export interface Scenario {
  readonly name: string;
  readonly kind: Kind;
  readonly readers: readonly string[];
  /** Whether twice the maximum is tried too. */
  readonly overload: boolean;
}

/** Full speed, once: bare and path one after the other, so that each ratio is of one moment. */
export interface Round {
  readonly js: number;
  readonly raw: number;
  readonly path: number;
  readonly bareCpu: number;
  readonly cpu: ByProcess<number>;
  /** Cores that others kept busy, in whichever of the three runs it was most. */
  readonly othersCores: number;
  /** Seconds of one verification in this round. */
  readonly unit: number;
}

/** What came of submitting at twice the maximum, whether or not it was taken. */
export interface Overload {
  readonly offered: number;
  readonly taken: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly held: number;
  readonly perSecond: number;
  /** Median delay of the first and the last tenth, ms. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly answer: Spread;
  readonly waiting: number;
}

/** Everything about one scenario. */
export interface Measured {
  readonly scenario: Scenario;
  readonly bytes: number;
  readonly readersNamed: number;
  readonly rounds: readonly Round[];
  /** Messages that were submitted in all runs and did not arrive. */
  readonly lost: number;
  readonly half: {
    readonly bareRate: number;
    readonly pathRate: number;
    readonly bare: Spread;
    readonly path: Spread;
  };
  readonly overload?: Overload | undefined;
  readonly memory: {
    readonly idle: ByProcess<MemoryReading>;
    readonly loaded: ByProcess<MemoryReading>;
  };
}

/** Told of each step as it begins or ends. */
export type Say = (text: string) => void;

interface Place {
  readonly scenario: Scenario;
  readonly options: BenchOptions;
  readonly path: Path;
  readonly bare: Bare;
  readonly bytes: number;
  readonly say: Say;
  readonly note: (run: PathRun) => PathRun;
}

/** Cores that others may keep busy in a round that counts. */
const quietCores = 0.25;

function windowLoad({ seconds, count }: BenchOptions): WindowLoad {
  return { kind: "window", window: limits.maxUnderWay, seconds, count };
}

async function measureRound(place: Place, number: number): Promise<Round> {
  const { options, path, bare, bytes, scenario, say, note } = place;
  const load = windowLoad(options);
  const js = await bare.run("js", load, bytes);
  const raw = await bare.run("raw", load, bytes);
  const run = note(await path.run(scenario.kind, load));
  const [a, b, c] = [js, raw, run].map(({ perSecond }) => Math.round(perSecond));
  const othersCores = Math.max(js.othersCores, raw.othersCores, run.othersCores);
  const others = othersCores.toFixed(1);
  say(
    `round ${number}: js.publish ${a}/s, raw ${b}/s, path ${c}/s; ${others} cores busy for others`,
  );
  return {
    js: js.perSecond,
    raw: raw.perSecond,
    path: run.perSecond,
    bareCpu: js.cpuEach,
    cpu: run.cpuEach,
    othersCores,
    unit: median([measureVerify(), measureVerify(), measureVerify()]),
  };
}

/**
 * Rounds in which the machine was ours. Others at work slow path and bare transport, and not alike, so the
 * ratio of a disturbed round says little: it is measured again, up to as many times as rounds were asked for.
 */
async function measureRounds(place: Place): Promise<readonly Round[]> {
  const { rounds: wanted } = place.options;
  const rounds: Round[] = [];
  const isQuiet = ({ othersCores }: Round): boolean => !(othersCores > quietCores);
  while (rounds.length < 2 * wanted && rounds.filter(isQuiet).length < wanted) {
    rounds.push(await measureRound(place, rounds.length + 1));
  }
  const others = ({ othersCores }: Round): number => Math.max(0, othersCores);
  return rounds.toSorted((a, b) => others(a) - others(b)).slice(0, wanted);
}

async function measureHalf(place: Place, rounds: readonly Round[]): Promise<Measured["half"]> {
  const { options, path, bare, bytes, scenario, say, note } = place;
  const half = (rates: readonly number[]): RateLoad => ({
    kind: "rate",
    perSecond: median(rates) / 2,
    seconds: options.seconds * 1.5,
  });
  const bareLoad = half(rounds.map(({ js }) => js));
  const pathLoad = half(rounds.map((round) => round.path));
  const ofBare = spreadOf((await bare.run("js", bareLoad, bytes)).delays);
  const ofPath = spreadOf(note(await path.run(scenario.kind, pathLoad)).delays);
  say(`half load: bare p50 ${ofBare.p50.toFixed(1)} ms, path p50 ${ofPath.p50.toFixed(1)} ms`);
  return {
    bareRate: bareLoad.perSecond,
    pathRate: pathLoad.perSecond,
    bare: ofBare,
    path: ofPath,
  };
}

async function measureOverload(place: Place, rounds: readonly Round[]): Promise<Overload> {
  const { options, path, scenario, say, note } = place;
  const offered = 2 * median(rounds.map((round) => round.path));
  const load: RateLoad = { kind: "rate", perSecond: offered, seconds: options.seconds * 1.5 };
  const run = note(await path.run(scenario.kind, load));
  say(`overload: ${Math.round(offered)}/s offered, ${Math.round(run.perSecond)}/s delivered`);
  const tenth = Math.ceil(run.delays.length / 10);
  return {
    offered,
    taken: run.submitted,
    refused: run.refused,
    held: run.held,
    perSecond: run.perSecond,
    firstMs: median(run.delays.slice(0, tenth)),
    lastMs: median(run.delays.slice(-tenth)),
    answer: spreadOf(run.answerDelays),
    waiting: run.waiting,
  };
}

async function measureOn(place: Place): Promise<Omit<Measured, "scenario" | "readersNamed">> {
  const { path, scenario, options, bytes, bare, say, note } = place;
  const idle = path.memory();
  say("warming up …");
  const warm = { ...windowLoad(options), seconds: 2 };
  await bare.run("js", { ...warm, seconds: 1 }, bytes);
  note(await path.run(scenario.kind, warm));
  const rounds = await measureRounds(place);
  const half = await measureHalf(place, rounds);
  const overload = scenario.overload ? await measureOverload(place, rounds) : undefined;
  return { bytes, rounds, lost: 0, half, overload, memory: { idle, loaded: path.memory() } };
}

function execArgvOf({ name }: Scenario, { profile }: BenchOptions) {
  const folder = profile === undefined ? "" : `${profile}/${name.replaceAll(/[^a-z0-9]+/g, "-")}`;
  return (process: string): readonly string[] =>
    folder === ""
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${process}.cpuprofile`];
}

/** Measures one scenario on a ground of its own. Throws when it cannot run at all. */
export async function measureScenario(
  scenario: Scenario,
  options: BenchOptions,
  say: Say,
): Promise<Measured> {
  const own: Say = (text) => say(`${scenario.name}: ${text}`);
  own("making a region, starting nats-server, broker and gateways …");
  const ground = await startGround();
  try {
    const { readers } = scenario;
    const path = await startPath(ground, { readers, execArgv: execArgvOf(scenario, options) });
    const bare = await startBare(ground);
    try {
      const { bytes, audience } = await path.size(scenario.kind);
      let lost = 0;
      const note = (run: PathRun): PathRun => {
        lost += run.submitted - run.held;
        if (run.submitted > run.held || run.quarantined > 0) {
          own(`${run.submitted - run.held} did not arrive, ${run.quarantined} in quarantine`);
        }
        return run;
      };
      const measured = await measureOn({ scenario, options, path, bare, bytes, say: own, note });
      return { ...measured, scenario, readersNamed: audience.length, lost };
    } finally {
      await bare.stop();
      await path.stop();
    }
  } finally {
    await ground.stop();
  }
}
