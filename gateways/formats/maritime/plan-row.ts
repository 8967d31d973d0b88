import { Fault, isFault } from "../../../schemas/ground/index.ts";
import type { Directory } from "../../api/index.ts";
import type { Submission } from "../../exchange/index.ts";
import { findReporter } from "./find-reporter.ts";
import { readCountry, readOccurred, readPosition, readShoreDistance } from "./read-values.ts";
import { cellText, type Column, type MaritimeRow } from "./row.ts";
import { attackMethods, codeOfWord, shipStatuses, vesselTypes } from "./words.ts";

/** The JSON form of a message or a part of it. */
type Json = Readonly<Record<string, unknown>>;

/** What is to be sent for one row, and by whom. */
export interface Plan {
  readonly reporter: string;
  readonly submission: Submission;
}

/** The scheme of the codes that are the source's own words. */
const scheme = "crime-at-sea";

interface Countries {
  readonly zone: string | undefined;
  readonly nearest: string | undefined;
}

/** The source writes English. */
function words(row: MaritimeRow, column: Column): { text: string; lang: string } | undefined {
  const text = cellText(row, column);
  return text === undefined ? undefined : { text, lang: "en" };
}

function sourceCode(row: MaritimeRow, column: Column): Json | undefined {
  const code = cellText(row, column);
  return code === undefined ? undefined : { scheme, code };
}

function planShip(row: MaritimeRow): Json | undefined {
  const name = cellText(row, "vessel_name");
  const kind = cellText(row, "vessel_type");
  if (name === undefined && kind === undefined) return undefined;
  const type = codeOfWord(vesselTypes, kind);
  return { name, type, typeText: words(row, "vessel_type") };
}

function statesOf({ zone, nearest }: Countries): readonly string[] {
  return [...new Set([zone, nearest])].filter((country) => country !== undefined);
}

function planBody(row: MaritimeRow, countries: Countries): Json {
  return {
    stage: "FINAL",
    ship: planShip(row),
    position: { ...readPosition(row), text: words(row, "location_description") },
    occurred: readOccurred(row),
    shipStatus: codeOfWord(shipStatuses, cellText(row, "vessel_status")),
    method: codeOfWord(attackMethods, cellText(row, "attack_type")),
    statesConcerned: statesOf(countries),
    nearestCountry: countries.nearest,
    zoneCountry: countries.zone,
    narrative: words(row, "attack_description"),
    shoreDistanceM: readShoreDistance(row),
    source: cellText(row, "data_source"),
    sourceMethod: sourceCode(row, "attack_type"),
    sourceStatus: sourceCode(row, "vessel_status"),
    sourceRef: String(row.line),
  };
}

/** JSON has no "undefined": fields that are not known are left out. */
function toJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function plan(row: MaritimeRow, directory: Directory): Plan {
  const zone = readCountry(row, "eez_country");
  const nearest = readCountry(row, "nearest_country");
  const countries = { zone, nearest };
  const { agency, recs } = findReporter(statesOf(countries), directory);
  return {
    reporter: agency,
    submission: {
      type: "maritime.incident",
      recs,
      crimes: ["piracy"],
      handling: "H0",
      urgency: "ROUTINE",
      status: "EXERCISE",
      languages: ["en"],
      body: toJson(planBody(row, countries)),
    },
  };
}

/**
 * What is to be sent for a row of "Crime at Sea", or why nothing can be. Pure; never throws for a bad row.
 * It is asked first whether the row concerns anyone served, then whether it can be read.
 */
export function planRow(row: MaritimeRow, directory: Directory): Plan | Fault {
  try {
    return plan(row, directory);
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

/**
 * The Idempotency-Key of a row: the same row of the same file is the same message, however often the file
 * is imported.
 *
 * @param fileDigest SHA-256 of the file in hexadecimal
 */
export function importKey(fileDigest: string, line: number): string {
  return `maritime:${fileDigest}:${line}`;
}
