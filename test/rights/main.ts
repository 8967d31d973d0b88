/**
 * `node test/rights/main.ts [SEEDS] [FIRST] [THRIFT]`: draws registers of 60 agencies and holds what every agency gets
 * over its own connection, in every cell, against what `decide` says. After each change of the register one in THRIFT
 * cells is tried again, all when it is left out. Ends with 1 on one difference. CI runs one seed, thriftily, in
 * test/e2e/decide.test.ts.
 */
import { runRights } from "../kit/rights-run.ts";

const [seeds = "4", first = "1", thrift = "1"] = process.argv.slice(2);
let found = 0;
for (let at = 0; at < Number(seeds); at += 1) {
  const seed = `rights ${Number(first) + at}`;
  const tell = (line: string): void => console.log(line);
  const { counts, wrong } = await runRights({ seed, thrift: Number(thrift), tell });
  console.log(seed, counts);
  for (const line of wrong.slice(0, 40)) console.log(`  ${line}`);
  found += wrong.length;
}
console.log(`${found} differences`);
process.exitCode = found === 0 ? 0 : 1;
