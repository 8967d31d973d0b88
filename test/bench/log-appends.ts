import { readFileSync } from "node:fs";
import { join } from "node:path";

import { madeLeaf } from "../kit/made-log.ts";
import { type Load, runLoad } from "./load.ts";
import { feed, type LogGround, startLogGround } from "./log-ground.ts";
import { median, type Spread, spreadOf } from "./percentile.ts";

/** So many a second, and how long one waited (ms). */
export interface Speed {
  readonly perSecond: number;
  readonly delays: Spread;
}

/** One way to append beside the bare feed, in the same rounds. */
export interface AppendFigure {
  readonly name: string;
  readonly window: number;
  readonly bare: Speed;
  readonly ours: Speed;
  /** Of each round, then the middle one. */
  readonly ratio: number;
}

/** From a message's being stored until it stands under a signed checkpoint, and under the one that anybody reads (ms). */
export interface CheckpointFigure {
  readonly perSecond: number;
  readonly signed: Spread;
  readonly published: Spread;
}

/** What appending costs. */
export interface AppendFigures {
  readonly leafBytes: number;
  readonly messageBytes: number;
  readonly appends: readonly AppendFigure[];
  readonly checkpoint: CheckpointFigure;
}

type Do = () => Promise<unknown>;

/** What the bench was asked for. */
export interface AppendPlan {
  readonly seconds: number;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

const messageBytes = 1_000;
const alone = "DIRECT";

async function timeOf(act: Do): Promise<number> {
  const at = performance.now();
  await act();
  return performance.now() - at;
}

async function measure(load: Load, act: Do): Promise<Speed> {
  const delays: number[] = [];
  const at = performance.now();
  const count = await runLoad(load, async () => void delays.push(await timeOf(act)));
  return { perSecond: (count * 1000) / (performance.now() - at), delays: spreadOf(delays) };
}

interface Pair {
  readonly name: string;
  readonly window: number;
  readonly bare: Do;
  readonly ours: Do;
}

/** The middle of the rounds, by speed. */
function middle(all: readonly Speed[]): Speed {
  const sorted = all.toSorted((a, b) => a.perSecond - b.perSecond);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? { perSecond: Number.NaN, delays: spreadOf([]) };
} // prettier-ignore

async function comparePair({ name, window, bare, ours }: Pair, { seconds, rounds, say }: AppendPlan): Promise<AppendFigure> {
  const found: (readonly [Speed, Speed])[] = [];
  const load: Load = { kind: "window", window, seconds };
  // the first warms
  for (let round = 0; round <= rounds; round += 1) {
    const both = [await measure(load, bare), await measure(load, ours)] as const;
    if (round > 0) found.push(both);
  }
  const figure = {
    name,
    window,
    bare: middle(found.map(([one]) => one)),
    ours: middle(found.map(([, one]) => one)),
    ratio: median(found.map(([one, other]) => other.perSecond / one.perSecond)),
  };
  say(`${name}, ${window} under way: ${figure.ours.perSecond.toFixed(0)}/s, bare ${figure.bare.perSecond.toFixed(0)}/s`);
  return figure;
} // prettier-ignore

/** Entries of the log as anybody reads it; 0 before the first. */
function readPublished({ folder }: LogGround): number {
  try {
    return Number(readFileSync(join(folder, "checkpoint"), "utf8").split("\n", 2)[1]);
  } catch {
    return 0;
  }
}

async function measureCheckpoints(ground: LogGround, perSecond: number, seconds: number): Promise<CheckpointFigure> {
  const payload = new Uint8Array(messageBytes);
  const signed: number[] = [];
  const published: number[] = [];
  let waiting: { readonly index: number; readonly at: number }[] = [];
  const look = (): void => {
    const size = readPublished(ground);
    const isIn = ({ index }: { readonly index: number }): boolean => index < size;
    for (const { at } of waiting.filter(isIn)) published.push(performance.now() - at);
    waiting = waiting.filter((one) => !isIn(one));
  };
  const looking = setInterval(look, 10);
  await runLoad({ kind: "rate", perSecond, seconds }, async () => {
    const sequence = await ground.publish(payload);
    const at = performance.now();
    const index = await ground.enter(feed, sequence);
    signed.push(performance.now() - at);
    waiting.push({ index, at });
  });
  const end = performance.now() + 30_000;
  while (waiting.length > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(looking);
  if (waiting.length > 0) throw new Error("the log was not published");
  return { perSecond, signed: spreadOf(signed), published: spreadOf(published) };
} // prettier-ignore

/** Measures appending to the log against storing in a bare feed of the same server, each write synced. */
export async function measureAppends(plan: AppendPlan): Promise<AppendFigures> {
  const ground = await startLogGround();
  try {
    const leaf = madeLeaf(1_000_000);
    const message = new Uint8Array(messageBytes);
    let next = 0;
    const enter: Do = () => ground.enter(alone, (next += 1));
    const store: Do = () => ground.publishBare(leaf);
    const both: Do = async () => await ground.enter(feed, await ground.publish(message));
    const carry: Do = () => ground.publishBare(message);
    const appends: AppendFigure[] = [];
    for (const window of [1, 64, 512]) {
      appends.push(await comparePair({ name: "leaves alone", window, bare: store, ours: enter }, plan));
    }
    for (const window of [64, 512]) {
      appends.push(await comparePair({ name: "messages, each in the log", window, bare: carry, ours: both }, plan));
    }
    const most = Math.min(...appends.slice(-2).map(({ ours }) => ours.perSecond));
    plan.say("checkpoints at a third of that …");
    const checkpoint = await measureCheckpoints(ground, Math.max(1, most / 3), plan.seconds * 3);
    return { leafBytes: leaf.length, messageBytes, appends, checkpoint };
  } finally {
    await ground.stop();
  }
} // prettier-ignore
