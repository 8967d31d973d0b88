import {
  measureRevocation,
  revocationParts,
  type RevocationTimes,
  revocationWords,
} from "../kit/revocation-run.ts";
import { startWorld } from "../kit/world.ts";

/** Each run in a region of its own, just made; hub and gateways in this process, nats-server beside it. */
export async function measureRevocations(
  { rounds }: { readonly rounds: number },
  say: (text: string) => void,
): Promise<readonly RevocationTimes[]> {
  const all: RevocationTimes[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`revocation, round ${round} of ${rounds}`);
    const world = await startWorld({ states: [...revocationParts.states] });
    try {
      all.push((await measureRevocation(world)).times);
    } finally {
      await world.stop();
    }
  }
  return all;
}

/** The times as a table: the middle one of the runs, and the smallest and the largest, in milliseconds. */
export function renderRevocations(all: readonly RevocationTimes[]): string {
  const rows = revocationWords.map(([name, word]) => {
    const sorted = all.map((one) => one[name]).toSorted((a, b) => a - b);
    const at = (share: number): string =>
      String(sorted[Math.floor((sorted.length - 1) * share)] ?? "-").padStart(7);
    return `| ${word.padEnd(52)} | ${at(0.5)} | ${at(0)} | ${at(1)} |`;
  });
  const head = `| ${"after `atumpan revoke` returned, ms".padEnd(52)} |  median |     min |     max |`;
  return [head, `| ${"-".repeat(52)} | ------: | ------: | ------: |`, ...rows, ""].join("\n");
}
