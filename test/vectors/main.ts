/**
 * `node test/vectors/main.ts`: judges published certification paths (PKITS, x509-limbo) from where they lie, and
 * asks OpenSSL and us about thousands of made ones. Prints a line for each family. Ends with 1 when a bad path
 * was accepted, or when a good one was refused, or a difference met, for a reason that is not listed.
 */
import { compareJudges, renderComparison } from "./differential.ts";
import { readLimbo } from "./limbo.ts";
import { openOpenssl } from "./openssl.ts";
import { parseOptions, usage, type VectorOptions } from "./options.ts";
import { readPkits } from "./pkits.ts";
import { isPassed, renderScore, scoreCases } from "./score.ts";
import type { VectorCase } from "./vector-case.ts";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function runCases(cases: readonly VectorCase[]): boolean {
  const scores = scoreCases(cases);
  for (const score of scores) say(renderScore(score));
  return scores.every(isPassed);
}

function runOpenssl({ openssl: runs, seed }: VectorOptions): boolean {
  if (runs === 0) return true;
  const openssl = openOpenssl();
  try {
    const comparison = compareJudges(openssl, runs, seed);
    say(renderComparison(comparison));
    return comparison.unlisted.length === 0;
  } finally {
    openssl.stop();
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  const { pkits, limbo } = options;
  const results = [
    runCases(pkits === undefined ? [] : readPkits(pkits)),
    runCases(limbo === undefined ? [] : readLimbo(limbo)),
    runOpenssl(options),
  ];
  process.exitCode = results.every(Boolean) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
}
