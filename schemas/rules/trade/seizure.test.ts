import { describe, expect, it } from "vitest";

import { checkBody, parseBody, parseInnerHeader, typeOptions } from "../../body/index.ts";
import { splitFields } from "../../codec/index.ts";
import { exampleOf } from "../../examples/index.ts";
import {
  decodeSeizureReport,
  descriptors,
  encodeAlertIncident,
  encodeInnerHeader,
  encodeSeizureReport,
} from "../../gen/index.ts";
import { concatBytes, isFault } from "../../ground/index.ts";
import { findPersonal } from "../personal.ts";

type Json = Readonly<Record<string, unknown>>;

const { body } = exampleOf("seizure.report");

/** What is broken, as "code pointer", in a body of the short form or of the example, with these changes. */
function broken(change: Json, base: Json = body): readonly string[] {
  try {
    parseBody("seizure.report", JSON.parse(JSON.stringify({ ...base, ...change })));
  } catch (error) {
    if (isFault(error)) return error.violations.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

/** Twelve facts: date, place, country, office, goods, quantity, unit, mode, origin, destination, detection, warning. */
const short = {
  occurred: { date: { year: 2026, month: 11, day: 22 }, timeKnown: "UNKNOWN" },
  place: { country: "GH", text: { text: "Aflao", lang: "en" } },
  office: "Aflao Customs Post",
  commodities: [{ kind: "TRAMADOL", quantity: { value: "48000", unit: "TABLET" } }],
  mode: "ROAD",
  origin: { country: "IN" },
  destination: { country: "NE" },
  detection: "WARNING",
  warningId: "01a1fdfa-4600-7c31-9d52-6f0a2b7e4c11",
};

const { fields } = descriptors["SeizureReport"]!;
const shownIn = (copy: string): readonly string[] =>
  fields.filter(({ copies }) => copies?.includes(copy)).map(({ name }) => name);

function reachesPersonal(message: string | undefined): boolean {
  return (descriptors[message ?? ""]?.fields ?? []).some(
    (field) => field.personal !== undefined || reachesPersonal(field.message),
  );
}

describe("seizure.report", () => {
  it("T31: the short form of twelve facts is valid alone, and the long form adds to it", () => {
    expect(broken({}, short)).toEqual([]);
    expect(broken({})).toEqual([]);
    expect(Object.keys(short).every((name) => Object.hasOwn(body, name))).toBe(true);
  });

  it.each(["occurred", "place", "office", "mode", "detection"])("T31: %s is needed", (name) => {
    expect(broken({ [name]: undefined }, short)).toEqual([`SCHEMA_FIELD_MISSING /${name}`]);
  });

  it("T31: goods are needed, and every other field may stay out", () => {
    expect(broken({ commodities: [] }, short)).toEqual(["SCHEMA_FIELD_ITEMS /commodities"]);
    const optional = fields.filter(({ number }) => number > 9);
    expect(optional.filter(({ required, min }) => required || min !== undefined)).toEqual([]);
  });

  it("the place has a country, XZ on the high seas", () => {
    expect(broken({ place: { country: "XZ", lat: 3, lon: 4 } }, short)).toEqual([]);
    expect(broken({ place: { unlocode: "GHTEM" } }, short)).toEqual([
      "RULE_SEIZURE_COUNTRY_MISSING /place/country",
    ]);
  });

  it("every commodity has a quantity", () => {
    const commodities = [...short.commodities, { kind: "AMMO" }];
    expect(broken({ commodities }, short)).toEqual([
      "RULE_SEIZURE_QUANTITY_MISSING /commodities/1/quantity",
    ]);
  });

  it("T29: a seizure that a warning led to names the warning", () => {
    expect(broken({ warningId: undefined, detection: "RANDOM" }, short)).toEqual([]);
    expect(broken({ warningId: undefined }, short)).toEqual([
      "RULE_SEIZURE_WARNING_UNNAMED /warningId",
    ]);
  });

  it("a time of day is there when it is known, and only then", () => {
    const date = { year: 2026 };
    const code = "RULE_INCIDENT_TIME_CONTRADICTS /occurred/timeKnown";
    expect(broken({ occurred: { date, timeKnown: "KNOWN" } }, short)).toEqual([code]);
    expect(broken({ occurred: { date, timeUtc: "04:00", timeKnown: "UNKNOWN" } }, short)).toEqual([code]); // prettier-ignore
  });

  it("persons with names are counted without names too, one profile for several", () => {
    expect(broken({ profiles: [{ role: "SUSPECT", sex: "M", count: 2 }] })).toEqual([]);
    expect(broken({ profiles: [{ role: "SUSPECT", sex: "M" }] })).toEqual([
      "RULE_SEIZURE_PERSONS_UNCOUNTED /profiles",
    ]);
  });

  it("a permit that was shown has its number", () => {
    const permit = { kind: "CITES_EXPORT" };
    expect(broken({ permits: [{ ...permit, status: "MISSING" }] })).toEqual([]);
    expect(broken({ permits: [{ ...permit, status: "EXPIRED" }] })).toEqual([
      "RULE_SEIZURE_PERMIT_UNNUMBERED /permits/0/number",
    ]);
  });

  it("a purity is from 0 to 100 percent, in goods and in tests", () => {
    const commodities = [{ ...short.commodities[0], purityPercent: "100.1" }];
    expect(broken({ commodities })).toEqual(["RULE_PURITY_OUT_OF_RANGE /commodities/0/purityPercent"]); // prettier-ignore
    const tests = [{ status: "CONFIRMED", purityPercent: "-1" }];
    expect(broken({ tests })).toEqual(["RULE_PURITY_OUT_OF_RANGE /tests/0/purityPercent"]);
    expect(broken({ tests: [{ status: "CONFIRMED", purityPercent: "100" }] })).toEqual([]);
  });

  it("legs stand in the order of travel", () => {
    const leg = { mode: "ROAD", from: {}, to: {}, departs: "2026-11-22T08:00:00.000Z" };
    const legs = [leg, { ...leg, departs: "2026-11-22T07:00:00.000Z" }];
    expect(broken({ legs })).toEqual(["RULE_LEG_REVERSED /legs/1"]);
  });

  it("it is closed by what a court made of it", () => {
    expect(typeOptions("seizure.report")).toMatchObject({
      closedBy: ["outcome.judicial", "feedback.waiver", "alert.cancel"],
    });
  });
});

describe("T30: one seizure, a nominal and a non-nominal copy", () => {
  it("the regional copy has these fields, none of which can hold data about a person", () => {
    const regional = shownIn("REGIONAL");
    expect(regional.slice(0, 9)).toEqual(Object.keys(short));
    for (const name of ["persons", "organisations", "consignments", "documents", "vehicles", "vessels", "legs", "narrative", "photos", "operationalNote"]) {
      expect([name, regional.includes(name)]).toEqual([name, false]);
    } // prettier-ignore
    const leaking = fields.filter(
      ({ name, personal, message }) =>
        regional.includes(name) && (personal !== undefined || reachesPersonal(message)),
    );
    expect(leaking).toEqual([]);
  });

  it("what is for the named readers only is in no copy", () => {
    const copied = ["REGIONAL", "COURT", "DEFENCE"].flatMap(shownIn);
    expect(copied).not.toContain("operationalNote");
    expect(shownIn("COURT")).toContain("persons");
    expect(shownIn("DEFENCE")).not.toContain("attachments");
  });

  it("cut from the signed bytes, the regional copy is a report that is valid alone and names nobody", () => {
    const whole = parseBody("seizure.report", body);
    const numbers = fields.filter(({ copies }) => copies?.includes("REGIONAL")).map(({ number }) => number); // prettier-ignore
    const kept = splitFields(encodeSeizureReport(whole)).filter(({ number }) => numbers.includes(number)); // prettier-ignore
    const regional = decodeSeizureReport(concatBytes(...kept.map(({ bytes }) => bytes)));
    expect(findPersonal("SeizureReport", whole)).not.toEqual([]);
    expect(findPersonal("SeizureReport", regional)).toEqual([]);
    expect(JSON.stringify(regional)).not.toMatch(/Traoré|ወርቅነህ|محمد|ATMU6140279/);
    expect(regional).toMatchObject({ office: whole.office, arrests: 1, commodities: [{ kind: "COCAINE" }] }); // prettier-ignore
    expect(() => checkBody("seizure.report", regional)).not.toThrow();
  });
});

describe("the size of twelve facts", () => {
  const inner = encodeInnerHeader(
    parseInnerHeader({ caseRef: "GH-AFL-2026-0031", purposes: ["INVESTIGATION"] }),
  ).length;

  it("a short seizure report and its inner header stay under 600 bytes", () => {
    const bytes = encodeSeizureReport(parseBody("seizure.report", short)).length;
    expect(bytes + inner).toBeLessThan(600);
  });

  it("so does an alert of twelve facts", () => {
    const alert = parseBody("alert.incident", {
      kind: "drugs",
      occurredFrom: "2026-11-22T04:00:00.000Z",
      place: { country: "GH", text: { text: "Aflao", lang: "en" } },
      persons: [
        { roles: ["SUSPECT"], names: [{ full: "Awa Traoré", kind: "LEGAL" }], sex: "F", nationalities: ["TG"] },
      ],
      commodities: [{ kind: "TRAMADOL", quantity: { value: "48000", unit: "TABLET" } }],
      narrative: { text: "48,000 tablets under the floor of a lorry from Lomé.", lang: "en" },
      caseStatus: "UNDER_INVESTIGATION",
      caseRef: "GH-AFL-2026-0031",
    }); // prettier-ignore
    expect(encodeAlertIncident(alert).length + inner).toBeLessThan(600);
  });
});
