import { Fault } from "../../../schemas/ground/index.ts";
import type { Directory } from "../../api/index.ts";

/** Who reports a row, and to which communities. */
export interface Reporter {
  readonly agency: string;
  /** Served RECs of its state, in the register's order; at least one. */
  readonly recs: readonly string[];
}

interface Standing {
  /** Served RECs of the state; empty when it is in none. */
  readonly recs: readonly string[];
  readonly centre?: string;
}

function standingOf(country: string, directory: Directory, served: readonly string[]): Standing {
  const authority = country.toLowerCase();
  const own = directory.agencies().filter((entry) => entry.authority === authority);
  const recs = served.filter((rec) => own.some((entry) => entry.recs.includes(rec)));
  const centre = own.find(({ kind, recs: its }) => kind === "MOC" && its.length > 0);
  return centre === undefined ? { recs } : { recs, centre: centre.agency };
}

/**
 * The maritime centre that reports: of the first of `countries` that is a member of a served community and
 * has one.
 *
 * @param countries ISO 3166-1 alpha-2; the state in whose zone it happened first
 * @throws {Fault} IMPORT_ROW_NOT_SERVED, IMPORT_ROW_NO_REPORTER
 */
export function findReporter(countries: readonly string[], directory: Directory): Reporter {
  const served = directory.servedRecs();
  const standings = countries
    .map((country) => standingOf(country, directory, served))
    .filter(({ recs }) => recs.length > 0);
  if (standings.length === 0) {
    const which = countries.length === 0 ? "the row names no country" : countries.join(" and ");
    throw new Fault("IMPORT_ROW_NOT_SERVED", `${which}: not in ${served.join(", ") || "any"}`);
  }
  for (const { centre, recs } of standings) {
    if (centre !== undefined) return { agency: centre, recs };
  }
  throw new Fault("IMPORT_ROW_NO_REPORTER", "the state has no maritime operations centre");
}
