import { existsSync } from "node:fs";
import { join } from "node:path";

import { columns, type MaritimeRow } from "../../gateways/formats/index.ts";
import type { Directory } from "../../gateways/api/index.ts";

/** The published file of attacks at sea, when the folder of shared data is there. */
export function findPirateAttacks(): string | undefined {
  const data = process.env["ATUMPAN_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
  const file = join(data, "pirate_attacks.csv");
  return existsSync(file) ? file : undefined;
}

/** A row off Nigeria with `cells` in place of its own. */
export function makeMaritimeRow(cells: Partial<MaritimeRow["cells"]> = {}, line = 7): MaritimeRow {
  return {
    line,
    cells: {
      date: "2015-01-14",
      time: "21:30 UTC",
      longitude: "3.4",
      latitude: "6.2",
      attack_type: "Boarded",
      location_description: "Around 10nm SW of Lagos",
      nearest_country: "NGA",
      eez_country: "NGA",
      shore_distance: "18.5204",
      attack_description: "Crew safe.",
      vessel_name: "Mv Made Up",
      vessel_type: "Bulk Carrier",
      vessel_status: "Anchored",
      data_source: "imb",
      ...cells,
    },
  };
}

function quote(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

/** A CSV file of such rows, quoted as RFC 4180 says. */
export function renderMaritimeFile(rows: readonly MaritimeRow[]): string {
  const lines = rows.map(({ cells }) => columns.map((column) => quote(cells[column])).join(","));
  return [columns.join(","), ...lines, ""].join("\n");
}

const members: Readonly<Record<string, readonly string[]>> = {
  ecowas: ["bj", "cv", "ci", "gm", "gh", "gn", "gw", "lr", "ng", "sn", "sl", "tg"],
  eccas: ["ao", "bi", "cm", "cf", "td", "cg", "cd", "gq", "ga", "st"],
};

/** A directory of two communities in which every state has a TCU and every one but `without` a MOC. */
export function makeCoastDirectory(served: readonly string[], without: string[] = []): Directory {
  const agencies = Object.entries(members).flatMap(([rec, states]) =>
    states.flatMap((authority) => [
      { agency: `${authority}/tcu`, kind: "TCU", authority, recs: [rec] },
      ...(without.includes(authority)
        ? []
        : [{ agency: `${authority}/moc`, kind: "MOC", authority, recs: [rec] }]),
    ]),
  );
  return { agencies: () => agencies, servedRecs: () => served };
}
