/**
 * `npm run fuzz [-- --seconds N] [--target NAME] [--seed S]`: changes real inputs at random and hands them to
 * every reader of what comes from outside. A finding is printed with what replays it, and ends in exit 1.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

import { makeFuzzGround } from "./ground.ts";
import { type Finding, runTarget, type Tally } from "./run-target.ts";
import { makeTargets } from "./targets/index.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    target: { type: "string" },
    seed: { type: "string" },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell({ target, runs, ms, taken, codes, slowestMs }: Tally): void {
  const rate = Math.round(runs / (ms / 1000));
  const what = `${taken} taken, ${codes.size} codes, slowest ${slowestMs.toFixed(0)} ms`;
  say(`${target}: ${runs} runs, ${rate}/s, ${what}`);
}

function tellFinding({ target, seed, run, input, what }: Finding): void {
  say(`FOUND in ${target}, run ${run}\n${what}`);
  say(`input: ${Buffer.from(input).toString("base64url")}`);
  say(`again: npm run fuzz -- --target ${target} --seed ${seed}`);
}

const seed = Number(values.seed ?? randomInt(2 ** 31));
const ground = await makeFuzzGround();
const all = await makeTargets(ground);
const chosen = all.filter(({ name }) => values.target === undefined || name === values.target);
const share = (Number(values.seconds) * 1000) / Math.max(1, chosen.length);
say(`${chosen.length} targets, seed ${seed}, ${Math.round(share / 1000)} s each`);
let findings = 0;
for (const target of chosen) {
  const until = performance.now() + share;
  const tally = await runTarget(target, { seed, from: 0, isOver: () => performance.now() > until });
  tell(tally);
  if (tally.finding === undefined) continue;
  findings += 1;
  tellFinding(tally.finding);
}
say(`${Math.round(process.memoryUsage().rss / 1_000_000)} MB held; ${findings} findings`);
process.exit(findings === 0 && chosen.length > 0 ? 0 : 1);
