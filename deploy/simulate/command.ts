import { resolve } from "node:path";

import { type Command, InvalidArgumentError } from "commander";

import { renderInstant } from "../../schemas/index.ts";
import { type Desk, exitCodes, type Start } from "../../gateways/cli/index.ts";
import { findCountry, findHome } from "./country.ts";
import type { Play, Step } from "./play.ts";

const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const maxMs = 24 * units.h;

function unitOf(letter: string): number {
  if (letter === "s") return units.s;
  return letter === "h" ? units.h : units.m;
}

function parseSpan(text: string): number {
  const [, number = "", unit = ""] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const ms = Number(number) * unitOf(unit);
  if (number !== "" && ms <= maxMs) return ms;
  throw new InvalidArgumentError("It is a time such as 30s, 5m or 1h, a day at most.");
}

function parseRate(text: string): number {
  const [, number = "", unit = ""] = /^(\d{1,3})\/(s|min|m|h)$/.exec(text) ?? [];
  const every = unitOf(unit.slice(0, 1)) / Number(number);
  if (Number(number) > 0 && every >= 100) return every;
  throw new InvalidArgumentError("It is a number in a time such as 1/min, ten a second at most.");
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number from 1 to 99999.");
}

interface Options {
  readonly home?: string;
  readonly late: number;
  readonly refuse?: true;
  readonly alerts?: number;
  readonly badSignature?: true | number;
  readonly flap?: true;
  readonly seed: string;
  readonly for: number;
  readonly count: number;
  readonly json?: true;
}

function playOf(options: Options): Play {
  const { late, refuse, alerts, badSignature, flap, seed, count } = options;
  return {
    lateMs: late,
    isRefusing: refuse === true,
    alertEveryMs: alerts,
    badSignatures: badSignature === true ? 1 : (badSignature ?? 0),
    isFlapping: flap === true,
    seed,
    count,
    endsAfterMs: options.for,
  };
}

function renderStep({ agency, did, type, id, to, code }: Step, at: string): string {
  const rest = [type, id, to === undefined ? undefined : `(${to})`, code].filter(Boolean).join(" ");
  return `${at.slice(11, 19)}  ${agency.padEnd(14)} ${did}${rest === "" ? "" : ` ${rest}`}\n`;
}

async function play({ world }: Desk, code: string, options: Options): Promise<number> {
  const { clock, out, cwd } = world;
  const { simulateCountry } = await import("./simulate.ts");
  const home = options.home === undefined ? findHome(cwd) : resolve(cwd, options.home);
  const country = await findCountry(home, code);
  const ending = new AbortController();
  const signal = AbortSignal.any([world.signal, ending.signal]);
  let left = options.count;
  const take = (): boolean => {
    left -= 1;
    if (left === -1) ending.abort();
    return left >= 0;
  };
  const show = (step: Step): void => {
    const at = renderInstant(clock.now());
    out(options.json === true ? `${JSON.stringify({ at, ...step })}\n` : renderStep(step, at));
  };
  const stage = { play: playOf(options), clock, signal, show, take };
  await simulateCountry(country, stage, () => ending.abort());
  show({ agency: code, did: "ended" });
  return world.signal.aborted ? exitCodes.interrupted : exitCodes.ok;
}

/** Adds `simulate …`: somebody else, to try against. */
export function addSimulate(program: Command, start: Start): void {
  program
    .command("simulate")
    .description("play somebody else, to try against")
    .command("country <code>")
    .description("play another country of a region on this machine: it answers, and all it says is an exercise")
    .option("--home <folder>", "the region's folder; .atumpan here or above when left out")
    .option("--late <time>", "answer so late, such as 30s", parseSpan, 0)
    .option("--refuse", "refuse every request, with a ground")
    .option("--alerts <rate>", "send alerts, such as 1/min", parseRate)
    .option("--bad-signature [n]", "lay n messages with a bad signature past the hub's check; one when left out", parseCount)
    .option("--flap", "go away and come back: 20 s there, 10 s away")
    .option("--seed <text>", "the same seed draws the same answers", "1")
    .option("--for <time>", "end after so long", parseSpan, units.h)
    .option("--count <n>", "end after so many messages", parseCount, 1_000)
    .option("--json", "one JSON object a line")
    .action((code: string, options: Options) => {
      start(program.opts(), (desk) => play(desk, code, options));
    });
} // prettier-ignore
