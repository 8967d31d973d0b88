/**
 * `npm run bench -- --work`: what it costs to say how a thread stands, and which of many deadlines have passed. Needs no server;
 * each figure is the processor time of the best of some rounds, beside plain JSON of the same messages in the same run.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openStore } from "../../gateways/store/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import { findDues, readThread, standingTerms, type ThreadState } from "../../schemas/work/index.ts";
import { storyStart, storyTime, type Story, tellStory } from "../kit/story.ts";

const messages = 50;
const openThreads = 10_000;
const rounds = 20;

/** What was measured, in milliseconds of processor time. */
export interface WorkFigures {
  readonly messages: number;
  /** Reading how one thread stands. */
  readonly readMs: number;
  /** The same when its bodies were read before, as at a second look. */
  readonly jsonMs: number;
  readonly openThreads: number;
  /** Saying of every open matter what is due. */
  readonly reckonMs: number;
  /** Asking the store what is late, all of it. */
  readonly sweepMs: number;
}

/** A request that is asked back again and again, and extended. */
function tellLong(): Story {
  const story = tellStory();
  const [asker, asked] = ["gh/tcu", "sn/tcu"];
  story.say({ from: asker, to: [asked], type: "request.information", at: 0, body: { replyBy: storyTime(168) } });
  for (let i = 1; i < messages; i += 2) {
    story.say({ from: asked, to: [asker], type: "request.more_info", at: i, body: { clockStopped: true, answerBy: storyTime(i + 20) } });
    story.say({ from: asker, to: [asked], type: "request.answer", at: i + 1 });
  }
  return story;
} // prettier-ignore

function cpuMs(act: () => void): number {
  const from = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000;
}

/** The best of the rounds; the thread's clock is coarse, so what is short is done often in each. */
function best(act: () => void, times = 1): number {
  act();
  const often = (): void => {
    for (let i = 0; i < times; i += 1) act();
  };
  return Math.min(...Array.from({ length: rounds }, () => cpuMs(often) / times));
}

/** Asks a store in which so many things are late; each page takes up where the last ended by its moment. */
async function measureSweep(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "work-bench-"));
  const store = openStore(join(dir, "store.db"));
  try {
    await store.write(() => {
      for (let i = 0; i < openThreads; i += 1) {
        const opening = `01a1f000-0000-7000-8000-${i.toString(16).padStart(12, "0")}`;
        const thread = parseUuid(opening);
        const at = { thread, opening, other: "sn/tcu", workflow: "REQUEST", state: "SENT", opener: "gh/tcu" };
        store.threads.putDues(thread, [{ ...at, closing: "RESULT", agency: "sn/tcu", by: storyStart + i }]);
      }
    });
    return best(() => void store.threads.dueBefore(storyStart + openThreads, openThreads));
  } finally {
    store.close();
    rmSync(dir, { recursive: true });
  }
} // prettier-ignore

/** Measures all of it. */
export async function measureWork(): Promise<WorkFigures> {
  const story = tellLong();
  const texts = story.steps.map((step) => JSON.stringify(step.read(step.type)));
  const delivered = (): number => storyStart;
  const state: ThreadState = readThread({ steps: story.steps, delivered });
  const [lane] = state.lanes;
  if (lane === undefined || state.lanes.length !== 1) throw new Error("the story is not one matter");
  const lanes = Array.from({ length: openThreads }, () => lane);
  return {
    messages: story.steps.length,
    readMs: best(() => void readThread({ steps: story.steps, delivered }), 200),
    jsonMs: best(() => texts.forEach((text) => void JSON.parse(text)), 500),
    openThreads,
    reckonMs: best(() => lanes.forEach((one) => void findDues(one, standingTerms)), 20),
    sweepMs: await measureSweep(),
  };
} // prettier-ignore

/** The figures as a table. */
export function renderWork(figures: WorkFigures): string {
  const { messages: count, readMs, jsonMs, openThreads: open, reckonMs, sweepMs } = figures;
  return [
    `how a thread of ${count} messages stands: ${readMs.toFixed(2)} ms, ${(readMs / jsonMs).toFixed(1)} times JSON.parse of their bodies`,
    `what is due in ${open} open matters: ${reckonMs.toFixed(1)} ms`,
    `what is late of ${open}, from the store: ${sweepMs.toFixed(1)} ms`,
    "",
  ].join("\n");
}
