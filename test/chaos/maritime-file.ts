import { readFileSync } from "node:fs";

import { parse } from "csv-parse/sync";

import region from "../../deploy/local/region.json" with { type: "json" };
import { findPirateAttacks, makeMaritimeRow, renderMaritimeFile } from "../kit/maritime-rows.ts";

/** One row of a file: the line it begins on, and who is to report it; nobody when no member state is concerned. */
export interface ExpectedRow {
  readonly line: number;
  readonly reporter: string | undefined;
}

/** A file to import. */
export interface MaritimeFile {
  readonly text: string;
  readonly rows: readonly ExpectedRow[];
}

/** Three letters of the member states, as the file writes them; written here by hand, apart from the import's table. */
const threeLetters: Readonly<Record<string, string>> = {
  AGO: "ao", BDI: "bi", BEN: "bj", BWA: "bw", COD: "cd", CAF: "cf", COG: "cg", CIV: "ci", CMR: "cm", CPV: "cv",
  GAB: "ga", GHA: "gh", GMB: "gm", GIN: "gn", GNQ: "gq", GNB: "gw", KEN: "ke", COM: "km", LBR: "lr", LSO: "ls",
  MDG: "mg", MUS: "mu", MWI: "mw", MOZ: "mz", NAM: "na", NGA: "ng", RWA: "rw", SYC: "sc", SLE: "sl", SEN: "sn",
  SOM: "so", SSD: "ss", STP: "st", SWZ: "sz", TCD: "td", TGO: "tg", TZA: "tz", UGA: "ug", ZAF: "za", ZMB: "zm",
  ZWE: "zw",
}; // prettier-ignore

type Cells = Readonly<Record<string, string>>;

function readCells(text: string): readonly { line: number; raw: string; cells: Cells }[] {
  const records = parse(text, { columns: true, raw: true }) as readonly {
    raw: string;
    record: Cells;
  }[];
  let line = text.indexOf("\n") < 0 ? 1 : 2;
  return records.map(({ raw, record }) => {
    const at = line;
    line += raw.replace(/\n$/, "").split("\n").length;
    return { line: at, raw, cells: record };
  });
}

/** The centre of the state in whose zone it happened; else of the nearest state. */
function reporterOf({
  eez_country: zone = "",
  nearest_country: nearest = "",
}: Cells): string | undefined {
  const states = [zone, nearest].flatMap((code) => threeLetters[code] ?? []);
  const state = states.find((one) => region.coastal.includes(one));
  return state === undefined ? undefined : `${state}/moc`;
}

function readFile(text: string): MaritimeFile {
  const rows = readCells(text).map(({ line, cells }) => ({ line, reporter: reporterOf(cells) }));
  return { text, rows };
}

const madeCountries = [
  ["NGA", "NGA"], ["SOM", "SOM"], ["GHA", "CIV"], ["TZA", "TZA"], ["AGO", "COD"], ["IDN", "MYS"],
  ["NA", "KEN"], ["MAR", "SEN"], ["ZAF", "ZAF"], ["NA", "NA"], ["COD", "AGO"], ["MLI", "BEN"],
] as const; // prettier-ignore

/** Rows made by code, for a machine without the published file: some concern nobody. */
function makeText(): string {
  const rows = Array.from({ length: 1_500 }, (_, i) => {
    const [zone = "", nearest = ""] = madeCountries[i % madeCountries.length] ?? [];
    return makeMaritimeRow({
      eez_country: zone,
      nearest_country: nearest,
      vessel_name: `Mv Made Up ${i}`,
      attack_description: i % 50 === 0 ? "Boarded.\nFled when the alarm was raised." : "NA",
    });
  });
  return renderMaritimeFile(rows);
}

/**
 * The published file of attacks at sea, or rows made by code where it is not there.
 *
 * @throws {Error} when the machine promises the published file (ATUMPAN_DATA_REQUIRED) and has it not
 */
export function loadMaritimeFile(): MaritimeFile {
  const found = findPirateAttacks();
  if (found !== undefined) return readFile(readFileSync(found, "utf8"));
  if ((process.env["ATUMPAN_DATA_REQUIRED"] ?? "") !== "") {
    throw new Error(
      "ATUMPAN_DATA_REQUIRED is set and there is no pirate_attacks.csv in ATUMPAN_DATA",
    );
  }
  return readFile(makeText());
}

/**
 * Spread evenly over the file: `served` rows that somebody reports, and one in ten of those that nobody does. With states,
 * only theirs are reported; rows of other member states are left out.
 */
export function sliceMaritimeFile(
  { text, rows }: MaritimeFile,
  served: number,
  states?: readonly string[],
): MaritimeFile {
  const isTheirs = (reporter: string): boolean =>
    states?.includes(reporter.split("/")[0] ?? "") ?? true;
  const all = rows.filter(({ reporter }) => reporter !== undefined && isTheirs(reporter)).length;
  const every = Math.max(1, Math.floor(all / served));
  const seen = { served: 0, others: 0 };
  const chosen = readCells(text).filter((_, i) => {
    const reporter = rows[i]?.reporter;
    const isServed = reporter !== undefined;
    if (isServed && !isTheirs(reporter)) return false;
    seen[isServed ? "served" : "others"] += 1;
    return isServed ? seen.served % every === 0 : seen.others % 10 === 0;
  });
  const header = text.slice(0, text.indexOf("\n") + 1);
  return readFile(header + chosen.map(({ raw }) => `${raw.replace(/\n$/, "")}\n`).join(""));
}
