import { createReadStream, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { isKnownCode, parseBody } from "../../../schemas/index.ts";
import { isFault } from "../../../schemas/ground/index.ts";
import {
  findPirateAttacks,
  makeCoastDirectory,
  makeMaritimeRow,
} from "../../../test/kit/maritime-rows.ts";
import alpha3 from "./alpha3.json" with { type: "json" };
import { importKey, planRow } from "./plan-row.ts";
import { readMaritimeRows } from "./read-rows.ts";
import type { Column, MaritimeRow } from "./row.ts";
import { attackMethods, shipStatuses, vesselTypes } from "./words.ts";

const directory = makeCoastDirectory(["ecowas", "eccas"], ["tg"]);
const file = findPirateAttacks();

function planOf(cells: Partial<MaritimeRow["cells"]>) {
  const plan = planRow(makeMaritimeRow(cells), directory);
  if (isFault(plan)) throw plan;
  return { ...plan, body: parseBody("maritime.incident", plan.submission.body) };
}

function codeOf(cells: Partial<MaritimeRow["cells"]>): string | undefined {
  const plan = planRow(makeMaritimeRow(cells), directory);
  return isFault(plan) ? plan.code : undefined;
}

describe("planRow", () => {
  it("says what the row says, in codes and in the source's own words", () => {
    const { reporter, submission, body } = planOf({});
    expect(reporter).toBe("ng/moc");
    expect(submission).toMatchObject({
      type: "maritime.incident",
      recs: ["ecowas"],
      crimes: ["piracy"],
      handling: "H0",
      urgency: "ROUTINE",
      status: "EXERCISE",
    });
    expect(body).toMatchObject({
      stage: "FINAL",
      ship: {
        name: "Mv Made Up",
        type: "BULK_CARRIER",
        typeText: { text: "Bulk Carrier", lang: "en" },
      },
      position: { lat: 6.2, lon: 3.4, text: { text: "Around 10nm SW of Lagos", lang: "en" } },
      occurred: { date: { year: 2015, month: 1, day: 14 }, timeUtc: "21:30", timeKnown: "KNOWN" },
      shipStatus: "ANCHOR",
      method: "BOARDED",
      statesConcerned: ["NG"],
      narrative: { text: "Crew safe.", lang: "en" },
      weapons: [],
      shoreDistanceM: 18_520,
      source: "imb",
      sourceMethod: { scheme: "crime-at-sea", code: "Boarded" },
      sourceRef: "7",
    });
  });

  it("what is not available is left out or unknown, never made up", () => {
    const { body } = planOf({ time: "NA", attack_type: "NA", vessel_name: "", vessel_type: "NA",
      vessel_status: "NA", attack_description: "NA", location_description: "NA", shore_distance: "NA",
      data_source: "NA" }); // prettier-ignore
    expect(body).toMatchObject({
      method: "UNKNOWN",
      shipStatus: "UNKNOWN",
      occurred: { timeKnown: "UNKNOWN" },
    });
    for (const absent of [
      "ship",
      "narrative",
      "sourceMethod",
      "sourceStatus",
      "source",
      "shoreDistanceM",
    ] as const) {
      expect(body[absent]).toBeUndefined();
    }
    expect(body.position.text).toBeUndefined();
  });

  it("a named ship of unknown type has the type UNKNOWN, and words we have no code for are OTHER", () => {
    expect(planOf({ vessel_type: "NA" }).body.ship).toMatchObject({ type: "UNKNOWN" });
    const { body } = planOf({
      vessel_type: "Hovercraft",
      attack_type: "Rammed",
      vessel_status: "Sunk",
    });
    expect(body).toMatchObject({ method: "OTHER", shipStatus: "OTHER", ship: { type: "OTHER" } });
    expect(body.sourceMethod?.code).toBe("Rammed");
  });

  it("a local time is not made into UTC", () => {
    const { occurred } = planOf({ time: "02:34" }).body;
    expect(occurred).toEqual({ date: { year: 2015, month: 1, day: 14 }, timeKnown: "UNKNOWN" });
  });

  it("the centre of the zone's state reports, and both states are concerned", () => {
    const { reporter, body } = planOf({ eez_country: "GHA", nearest_country: "NGA" });
    expect(reporter).toBe("gh/moc");
    expect(body).toMatchObject({
      statesConcerned: ["GH", "NG"],
      zoneCountry: "GH",
      nearestCountry: "NG",
    });
  });

  it.each<[string, Partial<MaritimeRow["cells"]>]>([
    ["is not a member", { eez_country: "MAR" }],
    ["has no centre", { eez_country: "TGO" }],
    ["is not known", { eez_country: "NA" }],
  ])("the nearest state's centre reports when the zone's state %s", (_, cells) => {
    expect(planOf({ ...cells, nearest_country: "NGA" }).reporter).toBe("ng/moc");
  });

  it("a row goes to every served community of the reporter's state, and to no other", () => {
    const agencies = [
      { agency: "ng/moc", kind: "MOC", authority: "ng", recs: ["ecowas", "gog", "censad"] },
    ];
    const plan = planRow(makeMaritimeRow(), {
      agencies: () => agencies,
      servedRecs: () => ["ecowas", "gog"],
    });
    expect(plan).toMatchObject({ submission: { recs: ["ecowas", "gog"] } });
  });

  it.each<[string, Partial<MaritimeRow["cells"]>]>([
    ["IMPORT_ROW_NOT_SERVED", { eez_country: "IDN", nearest_country: "MYS" }],
    ["IMPORT_ROW_NOT_SERVED", { eez_country: "NA", nearest_country: "NA" }],
    ["IMPORT_ROW_NOT_SERVED", { eez_country: "NAM", nearest_country: "NAM" }],
    ["IMPORT_ROW_NO_REPORTER", { eez_country: "TGO", nearest_country: "TGO" }],
    ["IMPORT_ROW_COUNTRY", { eez_country: "XXX" }],
    ["IMPORT_ROW_COUNTRY", { eez_country: "constructor" }],
    ["IMPORT_ROW_DATE", { date: "NA" }],
    ["IMPORT_ROW_DATE", { date: "2015-02-30" }],
    ["IMPORT_ROW_DATE", { date: "14.01.2015" }],
    ["IMPORT_ROW_TIME", { time: "18:85 UTC" }],
    ["IMPORT_ROW_TIME", { time: "dawn" }],
    ["IMPORT_ROW_POSITION", { latitude: "91" }],
    ["IMPORT_ROW_POSITION", { longitude: "-180.1" }],
    ["IMPORT_ROW_POSITION", { latitude: "NA" }],
    ["IMPORT_ROW_POSITION", { latitude: "6°N" }],
    ["IMPORT_ROW_NUMBER", { shore_distance: "-1" }],
    ["IMPORT_ROW_NUMBER", { shore_distance: "near" }],
  ])("%s: %j", (code, cells) => {
    expect(codeOf(cells)).toBe(code);
  });

  it("Namibia's two letters are a country, not a missing value", () => {
    const agencies = [{ agency: "na/moc", kind: "MOC", authority: "na", recs: ["sadc"] }];
    const sadc = { agencies: () => agencies, servedRecs: () => ["sadc"] };
    const plan = planRow(makeMaritimeRow({ eez_country: "NAM", nearest_country: "NAM" }), sadc);
    expect(plan).toMatchObject({ submission: { body: { zoneCountry: "NA" } } });
  });
});

describe("the tables of words", () => {
  it.each([
    ["ATTACK_METHOD", attackMethods],
    ["SHIP_STATUS", shipStatuses],
    ["VESSEL_TYPE", vesselTypes],
  ])("every code is in %s", (list, table) => {
    expect(Object.values(table).filter((code) => !isKnownCode(list, code))).toEqual([]);
  });

  it("every country of ISO 3166-1 stands once, and each has a name", () => {
    const codes = Object.values(alpha3);
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    expect(codes).toHaveLength(249);
    expect(new Set(codes).size).toBe(249);
    expect(codes.filter((code) => names.of(code) === undefined)).toEqual([]);
  });
});

describe("importKey", () => {
  it("is one key a row of a file, and fits an Idempotency-Key", () => {
    expect(importKey("ab".repeat(32), 7)).toBe(`maritime:${"ab".repeat(32)}:7`);
  });
});

describe.skipIf(file === undefined)("the published file", () => {
  it("every row is planned or listed, every plan is valid, every line number is the row's", async () => {
    const lines = readFileSync(file ?? "", "utf8").split("\n");
    const unmapped = new Set<string>();
    const counts = { read: 0, planned: 0, listed: 0 };
    for await (const read of readMaritimeRows(createReadStream(file ?? ""))) {
      counts.read += 1;
      if ("fault" in read) throw read.fault;
      expect(lines[read.line - 1]?.startsWith(read.cells.date)).toBe(true);
      for (const [column, table] of [["attack_type", attackMethods], ["vessel_type", vesselTypes],
        ["vessel_status", shipStatuses]] satisfies [Column, Record<string, string>][]) {
        const word = read.cells[column];
        if (word !== "NA" && !Object.hasOwn(table, word.toLowerCase())) unmapped.add(word);
      } // prettier-ignore
      const plan = planRow(read, directory);
      if (isFault(plan)) counts.listed += 1;
      else {
        counts.planned += 1;
        parseBody("maritime.incident", plan.submission.body);
      }
    }
    expect(counts.read).toBe(7511);
    expect(counts.planned + counts.listed).toBe(counts.read);
    expect(counts.planned).toBeGreaterThan(900);
    // "Support" may be a supply or a support vessel; "Other" is other
    expect([...unmapped].toSorted()).toEqual(["Other", "Support"]);
  });
});
