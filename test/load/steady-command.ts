import { quantile } from "./storm.ts";
import { runSteady } from "./steady.ts";

/** Milliseconds that 99 of a hundred receipts may take at most. */
const mostMs = 2_000;

/** Runs `servers=3 rate=200 seconds=900 agencies=3` and prints what came of it; the exit code. */
export async function runSteadyCommand(args: readonly string[]): Promise<number> {
  const named = Object.fromEntries(
    args.map((pair) => pair.split("=")).map(([name = "", count]) => [name, Number(count)]),
  );
  const { servers = 3, rate = 200, seconds = 900, agencies = 3, prepared = 0 } = named;
  const { sent, lost, twice, times, tookSeconds, cpu } = await runSteady({
    servers,
    rate,
    seconds,
    agencies,
    isPrepared: prepared === 1,
  });
  const at = (share: number): number => Math.round(quantile(times, share));
  console.log(`${sent} alerts in ${tookSeconds.toFixed(0)} s over ${servers} servers; lost ${lost}, twice ${twice}`); // prettier-ignore
  console.log(`until the receipt: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
  for (const [name, used] of Object.entries(cpu)) {
    console.log(`processor ${name}: ${used.toFixed(1)} s`);
  }
  return lost === 0 && twice === 0 && at(0.99) <= mostMs ? 0 : 1;
}
