/**
 * `node test/timing/main.ts [ROUNDS]`: how long it takes to find that a sealed body cannot be opened, for every way in
 * which that can be so, in rounds that visit each way once in random order (T-30). First for the opening alone, which
 * nobody outside can see; then up to the answer that the hub sees, with the message judged and stored on the disk.
 * Run by hand: a machine that others use gives other figures each time, so read ratios.
 */
import { cpus } from "node:os";

import { renderHex, systemChance } from "../../schemas/ground/index.ts";
import { makeGatewayWorld } from "../kit/gateway-world.ts";
import { makeFeedForm, makeNamedForm, type SealedForm } from "./malformed.ts";
import { makeSeenForm } from "./seen.ts";
import { median, welch } from "./statistics.ts";

const usual = 600;
const warmUp = 20;
/** What every other way is compared with: all the work is done before this one is found out. */
const reference = "tag changed";

/** In random order: the sorting key is of random bytes. */
function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, place: renderHex(systemChance.bytes(8)) }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ value }) => value);
}

async function timeOf(form: SealedForm, sealed: Uint8Array): Promise<number> {
  const begin = process.hrtime.bigint();
  try {
    await form.open(sealed);
  } catch {
    // failing is what is measured
  }
  return Number(process.hrtime.bigint() - begin) / 1000;
}

async function measure(form: SealedForm, rounds: number): Promise<void> {
  const times = new Map(form.failures.map(({ name }) => [name, [] as number[]]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { name, make } of shuffled(form.failures)) {
      const taken = await timeOf(form, await make());
      if (round >= 0) times.get(name)?.push(taken);
    }
  }
  const base = times.get(reference) ?? [];
  process.stdout.write(`\n${form.name}: median µs, ratio to "${reference}", Welch's p\n`);
  for (const [name, own] of times) {
    const ratio = (median(own) / median(base)).toFixed(2);
    const p = name === reference ? "" : welch(own, base).toExponential(1);
    process.stdout.write(
      `  ${name.padEnd(38)} ${median(own).toFixed(0).padStart(7)} ${ratio.padStart(6)}  ${p}\n`,
    );
  }
}

const rounds = Number(process.argv[2] ?? usual);
if (!Number.isInteger(rounds) || rounds < 10 || rounds > 100_000) {
  process.stderr.write("node test/timing/main.ts [ROUNDS], 10 to 100000\n");
  process.exitCode = 1;
} else {
  process.stdout.write(`${cpus()[0]?.model ?? "?"}, Node ${process.version}, ${rounds} rounds\n`);
  const world = await makeGatewayWorld(["ng/fiu", "gh/fiu", "ng/tcu", "gh/tcu"], {
    now: 1_780_272_000_000,
  });
  const named = makeNamedForm(world);
  for (const form of [named, makeFeedForm()]) await measure(form, rounds);
  const seen = makeSeenForm(world, named);
  try {
    await measure(seen, rounds);
    process.stdout.write(`  all of them: ${seen.codes().join(", ")}\n`);
  } finally {
    seen.stop();
  }
}
