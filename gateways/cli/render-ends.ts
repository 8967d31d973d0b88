import type { z } from "zod";

import { renderMinute } from "./render-minute.ts";
import type { endShape } from "./shapes.ts";

type End = z.infer<typeof endShape>;

const names: Readonly<Record<string, string>> = {
  LINK: "our certificate for the link",
  SIGNING: "our certificate for signing",
  SEALING: "our certificate that others seal to",
  LIST: "a revocation list of our state",
  REGISTER: "the register",
};

function isOwn({ kind }: End): boolean {
  return kind !== "LIST" && kind !== "REGISTER";
}

/** What is to be done, the nearer the end the plainer. */
function adviceOf(end: End): string {
  const { level } = end;
  if (level === "notice") return isOwn(end) ? "the next was asked for" : "a newer one is due";
  if (level === "warning") return "none newer came; ask the authority";
  return "call the authority now";
}

function renderEnd(end: End): string {
  const { kind, level, daysLeft, notAfter } = end;
  const name = names[kind] ?? kind;
  if (level === "expired") {
    return `${name} does not hold any more (until ${renderMinute(notAfter)}): ${adviceOf(end)}`;
  }
  const days = daysLeft === 1 ? "1 day" : `${daysLeft} days`;
  return `${name} ends in ${days} (${renderMinute(notAfter)}): ${adviceOf(end)}`;
}

/** Rows of the state: what ends soon or has ended, one a row; one row when all is well. */
export function renderEnds(ends: readonly End[]): readonly (readonly [string, string])[] {
  const near = ends.filter(({ level }) => level !== "ok");
  if (near.length > 0) {
    return near.map((end, at) => [at === 0 ? "certificates" : "", renderEnd(end)] as const);
  }
  const [first] = ends.filter(isOwn).toSorted((a, b) => (a.notAfter < b.notAfter ? -1 : 1));
  if (first === undefined) return [];
  return [
    ["certificates", `all hold; the first is renewed before ${renderMinute(first.notAfter)}`],
  ];
}
