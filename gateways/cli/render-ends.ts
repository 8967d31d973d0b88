import type { z } from "zod";

import { renderMinute } from "./render-minute.ts";
import type { endShape } from "./shapes.ts";
import type { Say } from "./words.ts";

type End = z.infer<typeof endShape>;

function isOwn({ kind }: End): boolean {
  return kind !== "LIST" && kind !== "REGISTER";
}

/** What is to be done, the nearer the end the plainer. */
function adviceOf(end: End): string {
  if (end.level === "notice") return isOwn(end) ? "adviceOwn" : "adviceNewer";
  return end.level === "warning" ? "adviceAsk" : "adviceCall";
}

function renderEnd(end: End, say: Say): string {
  const { kind, level, daysLeft: days, notAfter } = end;
  const said = { name: say(`end.${kind}`), at: renderMinute(notAfter), advice: say(adviceOf(end)) };
  return level === "expired" ? say("ended", said) : say("endsSoon", { ...said, days });
}

/** Rows of the state: what ends soon or has ended, one a row; one row when all is well. */
export function renderEnds(ends: readonly End[], say: Say): readonly (readonly [string, string])[] {
  const word = say("certificates");
  const near = ends.filter(({ level }) => level !== "ok");
  if (near.length > 0) {
    return near.map((end, at) => [at === 0 ? word : "", renderEnd(end, say)] as const);
  }
  const [first] = ends.filter(isOwn).toSorted((a, b) => (a.notAfter < b.notAfter ? -1 : 1));
  if (first === undefined) return [];
  return [[word, say("allHold", { at: renderMinute(first.notAfter) })]];
}
