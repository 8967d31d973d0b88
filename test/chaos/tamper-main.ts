/**
 * `node test/chaos/tamper-main.ts [--count 10000] [--seed S]`: gives a gateway deliveries that somebody changed on their way from
 * the hub (threats.md T-3). Exits 1 when one was taken for good, or passed without a trace.
 */
import { parseArgs } from "node:util";

import { runTamper } from "./tamper.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const tallies = await runTamper({ seed: values.seed, count: Number(values.count) });
for (const { what, tried, accepted, silent, same } of tallies) {
  const outcome = `${accepted} accepted, ${silent} silent, ${same} as they were sent`;
  console.log(`${what}: ${tried} changed, ${outcome}`);
}
process.exitCode = tallies.every(({ accepted, silent }) => accepted + silent === 0) ? 0 : 1;
