import { join } from "node:path";
import { z } from "zod";

import { isRightToLeft, type Language, readPacks } from "../../schemas/index.ts";
import { findingKinds, type Finding, type FindingCode } from "./finding.ts";

const shape = z.strictObject({
  kinds: z.record(z.string(), z.string()),
  says: z.record(z.string(), z.string()),
  fix: z.record(z.string(), z.string()),
});
const packOf = readPacks(join(import.meta.dirname, "words"), (json) => shape.parse(json));

/** A fact as people read it; in a line that runs from right to left it keeps its own direction (UAX #9). */
function renderFact(value: string, lang: Language): string {
  // a moment of the clock of people, to the minute
  const said = value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]{2,12}Z$/, "$1 $2 UTC");
  return isRightToLeft(lang) ? `\u2068${said}\u2069` : said;
}

/** What a sentence is filled with, and in which language. */
interface Filling {
  readonly finding: Finding;
  readonly kinds: Readonly<Record<string, string>>;
  readonly lang: Language;
}

function fill(text: string, { finding: { facts }, kinds, lang }: Filling): string {
  return text.replaceAll(/\{([a-z]{1,12})\}/g, (_, name: string) => {
    const value = facts[name];
    if (name === "kind") return kinds[String(value)] ?? String(value);
    return renderFact(value === undefined ? "?" : String(value), lang);
  });
}

/** A finding in one language: what was found, and what to do about it. */
export interface SaidFinding {
  readonly says: string;
  /** Nothing is to be done about what is well. */
  readonly fix?: string;
}

/** Says a finding in one of the six languages. */
export function sayFinding(finding: Finding, lang: Language): SaidFinding {
  const { kinds, says, fix } = packOf(lang);
  const filling = { finding, kinds, lang };
  const said = fill(says[finding.code] ?? finding.code, filling);
  const way = fix[finding.code];
  return way === undefined ? { says: said } : { says: said, fix: fill(way, filling) };
}

/** Every code of a finding, and whether something is to be done about it. */
export const findingCodes: readonly (readonly [string, boolean])[] = Object.entries<
  (typeof findingKinds)[FindingCode]
>(findingKinds).map(([code, [, state]]) => [code, state !== "ok"]);
