/**
 * `node test/load/slice.ts accounts=60 consumers=500 feeds=9 [messages=2000] [shares=0.25,0.5,1]`: makes regions of one hub at
 * several shares of that size, really: register, accounts, a callout login of every agency, consumers, and signed messages through
 * admission into the feeds. Prints for each memory of server and broker, and how long the broker took to make its consumers, to
 * log everybody in, to take in a changed register and to admit the messages; then each for one unit, so that a slope can be seen.
 * Ends with 1 when something was lost, or fewer accounts or consumers stood than were asked for. Broker and server are processes of
 * their own; what a unit costs is to be read as a ratio of the runs, for the machine is never the same.
 */
import { isMainThread } from "node:worker_threads";

import { renderSlice, runSlice, type SliceFigures } from "./slice-run.ts";

/** Numbers by name, as they were typed. */
export function parseSliceArgs(
  args: readonly string[],
): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    args.map((pair) => {
      const [name = "", text = ""] = pair.split("=");
      return [name, text.split(",").map(Number)];
    }),
  );
}

async function main(args: readonly string[]): Promise<number> {
  const named = parseSliceArgs(args);
  const one = (name: string, usual: number): number => named[name]?.[0] ?? usual;
  const whole = { accounts: one("accounts", 60), consumers: one("consumers", 500), feeds: one("feeds", 9) };
  const messages = one("messages", 2000);
  const figures: SliceFigures[] = [];
  for (const share of named["shares"] ?? [0.25, 0.5, 1]) {
    const size = {
      accounts: Math.round(whole.accounts * share),
      consumers: Math.round(whole.consumers * share),
      feeds: whole.feeds,
    };
    figures.push(await runSlice(size, messages));
    console.log(JSON.stringify(figures.at(-1)));
  }
  figures.sort((a, b) => a.accounts - b.accounts);
  for (const line of renderSlice(figures)) console.log(line);
  const last = figures.at(-1);
  const isWhole = figures.every(({ lost }) => lost === 0) && last !== undefined;
  return isWhole && last.accounts >= whole.accounts && last.consumers >= whole.consumers ? 0 : 1;
} // prettier-ignore

if (isMainThread && process.argv[1] === import.meta.filename) {
  process.exitCode = await main(process.argv.slice(2));
  process.exit();
}
