import { type Cell, type Counted, startTally, type TablePlan } from "./tally.ts";

/** What is counted: persons told of alike, or things. */
export interface Unit extends Omit<Counted, "messages" | "whole"> {
  /** The messages that told of it. */
  readonly messages: readonly string[];
  /** What it is a part of, where the threshold is to count that; see {@link Counted}. */
  readonly whole?: string | undefined;
}

/** Numbers names in the order in which they come. */
function makeNumbers(): (name: string) => number {
  const numbers = new Map<string, number>();
  return (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
}

/** The table of units that are all at hand; see {@link startTally} for what it tells and what it withholds. */
export function makeTable(units: readonly Unit[], plan: TablePlan): readonly Cell[] {
  const tally = startTally(plan);
  const [messageOf, wholeOf] = [makeNumbers(), makeNumbers()];
  for (const { under, count, messages, whole } of units) {
    tally.add({
      under,
      count,
      messages: messages.map(messageOf),
      whole: whole === undefined ? undefined : wholeOf(whole),
    });
  }
  return tally.cells();
}
