import { type PathAnswer, verifyPath } from "../../certs/trust/index.ts";
import { findListedReason } from "./listed.ts";
import type { VectorCase } from "./vector-case.ts";

/** What came of the cases of one family. */
export interface Score {
  readonly family: string;
  readonly cases: number;
  readonly agreed: number;
  /** Cases whose verdict is not about path validation. */
  readonly outside: number;
  readonly falseAccepts: readonly string[];
  /** Good paths refused, by listed reason. */
  readonly falseRejects: ReadonlyMap<string, readonly string[]>;
  /** Good paths refused for no listed reason, with what was said. */
  readonly unlisted: readonly string[];
  readonly slowestMs: number;
}

interface Judged {
  readonly one: VectorCase;
  readonly answer: PathAnswer;
  readonly ms: number;
}

function judge(one: VectorCase): Judged {
  const start = performance.now();
  const answer = verifyPath(one.question);
  return { one, answer, ms: performance.now() - start };
}

function describeRefusal({ one, answer }: Judged): string {
  return answer.ok ? one.id : `${one.id} ${answer.code}: ${answer.detail}`;
}

function reasonOf({ one, answer }: Judged): string | undefined {
  return answer.ok ? undefined : findListedReason(one.question, answer);
}

function scoreFamily(family: string, judged: readonly Judged[]): Score {
  const asked = judged.filter(({ one }) => one.outside === undefined);
  const rejected = asked.filter(({ one, answer }) => one.isGood && !answer.ok);
  const accepted = asked.filter(({ one, answer }) => !one.isGood && answer.ok);
  const reasons = Map.groupBy(rejected, reasonOf);
  const listed = [...reasons].flatMap(([reason, all]) =>
    reason === undefined ? [] : [[reason, all.map(({ one }) => one.id)] as const],
  );
  return {
    family,
    cases: judged.length,
    agreed: asked.length - rejected.length - accepted.length,
    outside: judged.length - asked.length,
    falseAccepts: accepted.map(({ one }) => one.id),
    falseRejects: new Map(listed),
    unlisted: (reasons.get(undefined) ?? []).map(describeRefusal),
    slowestMs: Math.max(...judged.map(({ ms }) => ms)),
  };
}

/** Judges every case and counts, family by family. */
export function scoreCases(cases: readonly VectorCase[]): readonly Score[] {
  const judged = Map.groupBy(cases.map(judge), ({ one }) => one.family);
  return [...judged]
    .map(([family, all]) => scoreFamily(family, all))
    .toSorted((a, b) => a.family.localeCompare(b.family, "en", { numeric: true }));
}

/** Whether nothing bad was accepted and nothing good refused without a listed reason. */
export function isPassed({ falseAccepts, unlisted }: Score): boolean {
  return falseAccepts.length === 0 && unlisted.length === 0;
}

/** A family as lines of text. */
export function renderScore(score: Score): string {
  const { family, cases, agreed, outside, falseAccepts, falseRejects, unlisted, slowestMs } = score;
  const rejects = cases - agreed - outside - falseAccepts.length;
  return [
    `${family}: ${cases} cases, ${agreed} agreed, ${falseAccepts.length} false accepts, ${rejects} false rejects, ${outside} outside, slowest ${slowestMs.toFixed(0)} ms`,
    ...falseAccepts.map((id) => `  FALSE ACCEPT ${id}`),
    ...unlisted.map((said) => `  REFUSED FOR NO LISTED REASON ${said}`),
    ...[...falseRejects].map(([reason, ids]) => `  refused: ${reason}: ${ids.join(" ")}`),
  ].join("\n");
}
