import region from "../../deploy/local/region.json" with { type: "json" };
import type { ExpectedRow } from "./maritime-file.ts";

/** What each agency is to have once a file was imported, by the lines of the file. */
export interface Expected {
  /** Rows that somebody reports. */
  readonly accepted: number;
  readonly listed: number;
  /** Agency → lines that its inbox holds. */
  readonly inboxes: ReadonlyMap<string, ReadonlySet<number>>;
  /** Agency → how many rows it reports. */
  readonly outboxes: ReadonlyMap<string, number>;
}

const recs = Object.entries(region.recs);

function recsOf(authority: string): readonly string[] {
  return recs
    .filter(([rec, { members }]) => rec === authority || members.includes(authority))
    .map(([rec]) => rec);
}

/** The agencies that read incidents at sea: maritime centres, crime units, regional centres. */
const readers = [
  ...region.coastal.map((state) => `${state}/moc`),
  ...region.tcu.map((state) => `${state}/tcu`),
  ...recs.map(([rec]) => `${rec}/centre`),
];

function recsOfAgency(agency: string): readonly string[] {
  return recsOf(agency.split("/")[0] ?? "");
}

/**
 * Works out, from the published memberships alone, which of the agencies that there are is to hold which rows: everybody
 * in a community of the reporter's state but the reporter.
 */
export function expectOf(rows: readonly ExpectedRow[], agencies: readonly string[]): Expected {
  const there = readers.filter((reader) => agencies.includes(reader));
  const inboxes = new Map(there.map((reader) => [reader, new Set<number>()]));
  const outboxes = new Map<string, number>();
  for (const { line, reporter } of rows) {
    if (reporter === undefined) continue;
    outboxes.set(reporter, (outboxes.get(reporter) ?? 0) + 1);
    const reached = new Set(recsOfAgency(reporter));
    for (const [reader, lines] of inboxes) {
      const isReached = recsOfAgency(reader).some((rec) => reached.has(rec));
      if (isReached && reader !== reporter) lines.add(line);
    }
  }
  const accepted = [...outboxes.values()].reduce((sum, one) => sum + one, 0);
  return { accepted, listed: rows.length - accepted, inboxes, outboxes };
}

/** The regional centres. */
export const centres: readonly string[] = recs.map(([rec]) => `${rec}/centre`);
