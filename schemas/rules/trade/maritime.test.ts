import { describe, expect, it } from "vitest";

import { parseBody, parseInnerHeader, typeOptions } from "../../body/index.ts";
import { splitFields } from "../../codec/index.ts";
import { exampleOf } from "../../examples/index.ts";
import { descriptors, encodeInnerHeader, encodeMaritimeIncident } from "../../gen/index.ts";
import { isFault } from "../../ground/index.ts";

type Json = Readonly<Record<string, unknown>>;

const { body, inner } = exampleOf("maritime.incident");

/** What is broken, as "code pointer", in the example with these changes. */
function broken(change: Json, base: Json = body): readonly string[] {
  try {
    parseBody("maritime.incident", JSON.parse(JSON.stringify({ ...base, ...change })));
  } catch (error) {
    if (isFault(error)) return error.violations.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

/** As little as a first report may say. */
const first = {
  stage: "INITIAL",
  position: { lat: 4.6, lon: -1.4 },
  occurred: { date: { year: 2026, month: 11, day: 19 }, timeKnown: "UNKNOWN" },
  shipStatus: "UNKNOWN",
  method: "UNKNOWN",
  statesConcerned: ["GH"],
};

describe("maritime.incident", () => {
  it("a first report of few facts passes, and so does a full one", () => {
    expect(broken({}, first)).toEqual([]);
    expect(broken({})).toEqual([]);
  });

  it("it has a position with both numbers, or the name of an area", () => {
    const code = ["RULE_MARITIME_POSITION_MISSING /position"];
    const text = { text: "off Takoradi", lang: "en" };
    expect(broken({ position: { text } }, first)).toEqual([]);
    expect(broken({ position: {} }, first)).toEqual(code);
    expect(broken({ position: { lat: 4.6, text } }, first)).toEqual(code);
  });

  it("a time of day is there when it is known, and only then", () => {
    const occurred = { date: { year: 2026 }, timeKnown: "APPROXIMATE" };
    expect(broken({ occurred: { ...occurred, timeUtc: "02:00" } }, first)).toEqual([]);
    expect(broken({ occurred }, first)).toEqual([
      "RULE_INCIDENT_TIME_CONTRADICTS /occurred/timeKnown",
    ]);
  });

  it.each(["crewInjured", "crewKidnapped", "crewKilled", "crewMissing", "crewHeld", "crewReleased"])(
    "%s is no more than were aboard",
    (field) => {
      const none = { crewInjured: 0, crewHeld: 0, crewReleased: 0 };
      expect(broken({ ...none, [field]: 22 })).toEqual([]);
      expect(broken({ ...none, [field]: 23 })).toEqual([`RULE_MARITIME_CREW_EXCEEDED /${field}`]);
      expect(broken({ ...none, [field]: 23, ship: { name: "Exercise Star" } })).toEqual([]);
    },
  ); // prettier-ignore

  it("the taken, the dead and the missing together are no more than were aboard", () => {
    expect(broken({ crewKidnapped: 20, crewKilled: 1, crewMissing: 1 })).toEqual([]);
    expect(broken({ crewKidnapped: 20, crewKilled: 1, crewMissing: 2 })).toEqual([
      "RULE_MARITIME_CREW_EXCEEDED /ship/crew",
    ]);
  });

  it("a kidnapping counts the taken, at the latest in the final report", () => {
    const code = ["RULE_MARITIME_KIDNAP_UNCOUNTED /crewKidnapped"];
    const kidnap = { method: "KIDNAP", crewKidnapped: undefined };
    expect(broken(kidnap, first)).toEqual([]);
    expect(broken({ ...kidnap, crewKidnapped: 0 }, first)).toEqual(code);
    expect(broken(kidnap)).toEqual(code);
    expect(broken({ ...kidnap, crewKidnapped: 3 })).toEqual([]);
  });

  it("a final report says what master or coastal state did, if only NONE", () => {
    const nothing = { masterActions: [], coastalActions: [] };
    expect(broken(nothing)).toEqual(["RULE_MARITIME_FINAL_WITHOUT_ACTION /masterActions"]);
    expect(broken({ ...nothing, coastalActions: ["NONE"] })).toEqual([]);
    expect(broken({ ...nothing, sourceRef: "17" })).toEqual([]);
    expect(broken(nothing, first)).toEqual([]);
  });

  it("a daily report names the first", () => {
    const daily = { stage: "DAILY" };
    expect(broken(daily, first)).toEqual(["RULE_MARITIME_DAILY_WITHOUT_ALERT /alertId"]);
    expect(broken({ ...daily, alertRef: "UKMTO 041-26" }, first)).toEqual([]);
    expect(broken(daily)).toEqual([]);
  });

  it("an attack is not reported as suspicious only", () => {
    expect(broken({ stage: "SUSPICIOUS", method: "APPROACH" }, first)).toEqual([]);
    expect(broken({ stage: "SUSPICIOUS", method: "BOARDED" }, first)).toEqual([
      "RULE_MARITIME_STAGE_CONTRADICTS /stage",
    ]);
  });

  it("an incident without an attack says what it is", () => {
    expect(broken({ method: "NONE", kind: "FISHING_IUU" }, first)).toEqual([]);
    expect(broken({ method: "NONE" }, first)).toEqual(["RULE_MARITIME_KIND_MISSING /kind"]);
  });

  it.each([
    ["PIRACY", "TERRITORIAL_SEA"],
    ["PIRACY", "PORT"],
    ["ARMED_ROBBERY", "EEZ"],
    ["ARMED_ROBBERY", "HIGH_SEAS"],
  ])("%s is not in %s, but where waters are disputed nobody is held to it", (kind, zone) => {
    expect(broken({ kind, zone }, first)).toEqual(["RULE_MARITIME_KIND_ZONE /kind"]);
    expect(broken({ kind, zone: "DISPUTED" }, first)).toEqual([]);
    expect(broken({ kind: "SMUGGLING", zone }, first)).toEqual([]);
  });

  it.each([
    ["weapons", ["NONE_SEEN", "KNIFE"]],
    ["stolen", ["CASH", "NOTHING"]],
    ["masterActions", ["ALARM", "UNKNOWN"]],
    ["assistance", ["NONE", "TOW"]],
  ])("%s: none stands alone", (field, [one, other]) => {
    expect(broken({ [field]: [one, other] })).toEqual([`RULE_NONE_BESIDE_OTHERS /${field}`]);
    expect(broken({ [field]: [one] })).toEqual([]);
    expect(broken({ [field]: [other] })).toEqual([]);
  });

  it("T40: every item of the IMO follow-up report has its field, and the example fills it", () => {
    const { fields } = descriptors["MaritimeIncident"]!;
    const items =
      "ship alertRef position occurred shipStatus method suspectCraft attackers attackersDescription " +
      "spokenLanguages weapons crewInjured crewKidnapped damage partsAttacked stolen stolenDetails " +
      "masterActions reportedTo coastalActions lastMovements assistance radio reportedAt stage broadcast";
    const names = fields.map(({ name }) => name);
    expect(items.split(" ").filter((item) => !names.includes(item))).toEqual([]);
    expect(items.split(" ").filter((item) => body[item] === undefined)).toEqual([]);
    expect(body["ship"]).toMatchObject({ name: expect.anything(), callSign: expect.anything(), imo: expect.anything() }); // prettier-ignore
    expect(body["suspectCraft"]).toMatchObject([{ count: 2, description: {}, course: 290, lastSeenAt: expect.anything() }]); // prettier-ignore
    expect(body["radio"]).toMatchObject({ inmarsat: expect.anything(), oceanRegion: "IOR", mmsi: expect.anything() }); // prettier-ignore
  });

  it("T39: the full report, its inner header and 24 bytes a part for salts are under 4 KiB", () => {
    const bytes = encodeMaritimeIncident(parseBody("maritime.incident", body));
    const header = encodeInnerHeader(parseInnerHeader(inner));
    const parts = splitFields(bytes).length + 1;
    expect(parts).toBeGreaterThan(45);
    expect(bytes.length + header.length + 24 * parts).toBeLessThan(4096);
  });

  it("it travels open, so none of its fields can hold data about a person", () => {
    const reaches = (message: string): boolean =>
      (descriptors[message]?.fields ?? []).some(
        (field) => field.personal !== undefined || reaches(field.message ?? ""),
      );
    expect(typeOptions("maritime.incident")?.form).toBe("OPEN");
    expect(reaches("MaritimeIncident")).toBe(false);
  });
});
