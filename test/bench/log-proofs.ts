import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeAnswers } from "../../broker/log/answers.ts";
import type { Book } from "../../broker/log/book.ts";
import { signHead } from "../../broker/log/checkpoint.ts";
import { type LogFolder, type LogState, openLogFolder } from "../../broker/log/folder.ts";
import { extendHead, makeEmptyHead } from "../../broker/log/head.ts";
import { makePositions } from "../../broker/log/positions.ts";
import { leafHash, verifyCheckpoint, verifyInclusion } from "../../certs/log/index.ts";
import { systemClock } from "../../schemas/ground/index.ts";
import {
  decodeLogAnswer,
  encodeLogLeafQuestion,
  type LogLeafQuestion,
} from "../../schemas/index.ts";
import { madeLeaf } from "../kit/made-log.ts";
import { benchSigner } from "./log-ground.ts";
import { type Spread, spreadOf } from "./percentile.ts";

/** One kind of question, and how long its answers took (ms). */
export interface AnswerFigure {
  readonly name: string;
  readonly answers: number;
  readonly delays: Spread;
  /** Processor time of one on average: what is left of the delays where others are at work too. */
  readonly cpu: number;
}

/** What proofs cost the hub. */
export interface ProofFigures {
  readonly leaves: number;
  readonly fillSeconds: number;
  readonly answers: readonly AnswerFigure[];
}

const lot = 4_096;
const publishEvery = 16;
const asked = 5_000;
/** As the gateways ask: by the place, in the tree that they verified last. */
const stream = "FEED_ECOWAS";
const instance = "i1";

/** Fills a folder as the broker does; says how it stands. */
function fill(dir: string, count: number, say: (text: string) => void): { readonly folder: LogFolder; readonly state: LogState } {
  const folder = openLogFolder(dir);
  let head = makeEmptyHead();
  let entry = 0;
  let state: LogState = { head, entry };
  while (head.size < count) {
    const { size } = head;
    const leaves = Array.from({ length: Math.min(lot, count - size) }, (_, i) => madeLeaf(size + i + 1));
    const extension = extendHead(head, leaves);
    ({ head } = extension);
    entry += 1;
    const checkpoint = signHead(benchSigner, head);
    state = { head, entry, checkpoint };
    folder.add({ extension, checkpoint });
    if (entry % publishEvery === 0) folder.publish(state, false);
    if (entry % 64 === 0) say(`${head.size} leaves …`);
  }
  folder.publish(state, true);
  return { folder, state };
} // prettier-ignore

const unused = (): Promise<never> => Promise.reject(new Error("nothing is written here"));

function bookOf(folder: LogFolder, state: LogState): Book {
  const writing = { follow: unused, adopt: unused, rebuild: unused, stop: unused };
  return { ...writing, folder, state, publish: () => undefined };
}

/** Every answer is checked, outside the time. */
function check(bytes: Uint8Array, { size }: LogLeafQuestion): void {
  const { refused, index = -1, leaf = new Uint8Array(), hashes, checkpoint = new Uint8Array() } = decodeLogAnswer(bytes);
  if (refused !== undefined) throw new Error(`refused: ${refused}`);
  const newest = verifyCheckpoint(checkpoint, benchSigner.verifierKey).checkpoint;
  if (size !== undefined && size !== newest.size) return;
  verifyInclusion({ index, size: newest.size, leafHash: leafHash(leaf), proof: hashes, root: newest.root });
} // prettier-ignore

/** Numbers that are drawn alike in each run. */
function makeDice(): (below: number) => number {
  let seed = 20_261_122;
  return (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

/** Fills a log, and asks it for proofs through what answers agencies. */
export function measureProofs(count: number, say: (text: string) => void): ProofFigures {
  const dir = mkdtempSync(join(tmpdir(), "log-bench-"));
  try {
    const began = performance.now();
    const { state } = fill(join(dir, "log"), count, say);
    const fillSeconds = (performance.now() - began) / 1000;
    // opened anew: nothing is in memory that a hub after a restart would not have
    const book = bookOf(openLogFolder(join(dir, "log")), state);
    const positions = makePositions(systemClock, () => book);
    const { answer } = makeAnswers({ book: () => book, positions, onDamage: () => undefined });
    const dice = makeDice();
    const ask = (name: string, draw: () => LogLeafQuestion): AnswerFigure => {
      const delays: number[] = [];
      const before = process.threadCpuUsage();
      for (let i = 0; i < asked; i += 1) {
        const question = draw();
        const bytes = encodeLogLeafQuestion(question);
        const at = performance.now();
        const said = answer("prove", bytes);
        delays.push(performance.now() - at);
        if (i % 50 === 0) check(said, question);
      }
      const { user, system } = process.threadCpuUsage(before);
      return { name, answers: asked, delays: spreadOf(delays), cpu: (user + system) / 1000 / asked };
    };
    const recent = Math.min(count, 2_000);
    const anywhere = (): LogLeafQuestion => ({ stream, instance, sequence: dice(count) + 1 });
    const answers = [
      ask("of the last 2,000, by place", () => ({ stream, instance, sequence: count - dice(recent) })),
      ask("of the last 2,000, in an older tree", () => ({ index: count - recent + dice(recent / 2), size: count - dice(recent / 2) })),
      ask("of all, by place", anywhere),
      ask("of all, in an older tree", () => ({ index: dice(count / 2), size: Math.ceil(count / 2) + dice(count / 2) })),
    ];
    return { leaves: count, fillSeconds, answers };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
} // prettier-ignore
