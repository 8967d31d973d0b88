/**
 * `node test/load/main.ts [SHARE] [NAME=COUNT…]`: one agency sends 2,000 publications of the largest size (half a gigabyte),
 * 100,000 tiny ones and 10,000 with a bad signature, beside 10,000 connections that say nothing, while another sends an alert
 * every 50 ms to a third. SHARE is of all of these, NAME one of large, tiny, badSignatures, idle, alerts: a million bad
 * signatures are `0 badSignatures=1000000`. Whoever floods is shut out, comes again as soon as he is let in, and ends with the
 * alerts, so he may not have sent all. Tells the others' times before and in the storm. Ends with 1 when an alert was lost
 * or the 99th percentile is more than 1.5 times as long. CI runs a short form that measures no times, in test/e2e/storm.test.ts.
 *
 * `node test/load/main.ts servers=3 rate=200 seconds=900 agencies=3`: so many agencies (2 or 3) send so many alerts a second together,
 * over a hub of so many servers (1 or 3); see steady.ts. On two cores three agencies are more than the machine holds at 200. Ends with 1 when one was lost or came twice, or when the 99th percentile until the hub's
 * receipt was proved is above two seconds. With `prepared=1` the messages are sealed and signed before the clock runs and go over links
 * without stores, so that it is the hub that is measured and not how many gateways one machine holds; see prepared-agency.ts.
 */
import { quantile, runStorm } from "./storm.ts";
import { runSteadyCommand } from "./steady-command.ts";

const [first = "1", ...rest] = process.argv.slice(2);
if (first.startsWith("servers=")) {
  process.exitCode = await runSteadyCommand([first, ...rest]);
  process.exit();
}
const share = Number(first);
const named = Object.fromEntries(
  rest.map((pair) => pair.split("=")).map(([name = "", count]) => [name, Number(count)]),
);
const report = await runStorm({
  large: Math.round(2_000 * share),
  tiny: Math.round(100_000 * share),
  badSignatures: Math.round(10_000 * share),
  idle: Math.min(10_000, Math.round(10_000 * share)),
  alerts: Math.max(100, Math.round(400 * Math.min(1, share))),
  ...named,
  everyMs: 50,
  isApart: true,
});
const p99 = [quantile(report.calm, 0.99), quantile(report.storm, 0.99)].map(Math.round);
const p50 = [quantile(report.calm, 0.5), quantile(report.storm, 0.5)].map(Math.round);
const ratio = (p99[1] ?? 0) / Math.max(1, p99[0] ?? 0);
const { sent, closed, refused } = report.tally;
const { lost, servedMeanwhile, serverGrewMb, floodWaited, othersWaited } = report;
console.log(`calm p50 ${p50[0]} ms, p99 ${p99[0]} ms; storm p50 ${p50[1]} ms, p99 ${p99[1]} ms; ratio ${ratio.toFixed(2)}`); // prettier-ignore
console.log(`${servedMeanwhile} alerts came before the flood ended`);
console.log(`the flooder sent ${sent}; its connection was closed ${closed} times, and a login refused ${refused} times`); // prettier-ignore
console.log(`lost ${lost}; the server grew by ${serverGrewMb} MB at most`);
console.log(`processor time of server and broker: calm ${report.calmCpu.toFixed(1)} s, storm ${report.stormCpu.toFixed(1)} s`); // prettier-ignore
console.log(`of the flooder at most ${floodWaited} messages waited, of any other ${othersWaited}`);
process.exitCode = lost === 0 && ratio <= 1.5 ? 0 : 1;
