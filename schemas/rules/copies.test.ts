import { describe, expect, it } from "vitest";

import { descriptors } from "../gen/index.ts";

/** What leads to one person, by itself or with a register. */
const identifying = new Set(
  (
    "Person PersonName IdentityDocument Phone Address OnlineIdentity Account Organisation Vehicle Vessel Aircraft " +
    "Consignment Leg Attachment ContactPoint LocalizedText TipStage"
  ).split(" "),
);

/** Messages inside this one. The words of a place and of a foreign code are names, not an account. */
function inside(name: string): readonly string[] {
  if (name === "GeoPoint" || name === "CodedValue") return [name];
  const held = (descriptors[name]?.fields ?? []).flatMap(({ message }) =>
    message === undefined ? [] : inside(message),
  );
  return [name, ...held];
}

const bodies = Object.values(descriptors).flatMap(({ name, fields, body }) =>
  body === undefined ? [] : [{ name, fields, ...body }],
);
const sealedFeeds = bodies.filter(({ form, scope }) => form === "SEALED" && scope === "FEED");

describe("what copies show", () => {
  it.each(sealedFeeds)("T30: the region sees no one's plate, telephone, account or case in $type", ({ fields }) => {
    const shown = fields.filter(({ copies = [] }) => copies.includes("REGIONAL"));
    const leading = shown.filter(
      ({ name, personal, message }) =>
        personal !== undefined ||
        ["caseRef", "serials", "narrative"].includes(name) ||
        (message !== undefined && inside(message).some((one) => identifying.has(one))),
    );
    expect(leading.map(({ name }) => name)).toEqual([]);
  }); // prettier-ignore

  it.each(["Vehicle.plate", "Vehicle.vin", "Leg.conveyance", "Aircraft.tail", "Vessel.owner"])(
    "%s counts as data about a person, so the generator keeps it from the region",
    (path) => {
      const [message = "", field] = path.split(".");
      const found = descriptors[message]?.fields.find(({ name }) => name === field);
      expect(found?.personal).toBe("personal");
    },
  );

  it.each(["NoticeMissing", "NoticeInformation"])("no copy of %s goes to a defence", (name) => {
    const { fields = [] } = descriptors[name] ?? {};
    expect(fields.filter(({ copies = [] }) => copies.includes("DEFENCE"))).toEqual([]);
    expect(fields.some(({ copies = [] }) => copies.includes("COURT"))).toBe(true);
  });

  it.each([
    ["NoticeWarningPerson", "assessment"],
    ["SeizureReport", "operationalNote"],
    ["AlertIncident", "informationSought"],
    ["TargetWarning", "explanation"],
    ["AssessmentContribution", "judgements"],
    ["WarningTrend", "outlook"],
  ])("%s.%s is for its readers: no copy shows an assessment or an operational note", (message, field) => {
    const found = descriptors[message]?.fields.find(({ name }) => name === field);
    expect(found?.copies ?? []).toEqual([]);
    expect(found).toBeDefined();
  }); // prettier-ignore

  it.each(["RecordPerson", "NoticeWarningPerson", "AlertUpdate"])(
    "%s: a defence is not told of a discreet check",
    (name) => {
      const found = descriptors[name]?.fields.find((field) => field.name === "onFinding");
      expect(found?.copies).toEqual(["COURT"]);
    },
  );
});

describe("what closes a message", () => {
  it.each(bodies.filter(({ feedbackDays }) => feedbackDays > 0))(
    "$type has a term for its result, and a type that brings it",
    ({ closedBy }) => {
      expect(closedBy.length).toBeGreaterThan(0);
    },
  );

  it("who is sent direct is not closed in a feed", () => {
    const feeds = new Set(bodies.filter(({ scope }) => scope === "FEED").map(({ type }) => type));
    const wrong = bodies
      .filter(({ scope, type }) => scope === "DIRECT" && type !== "notice.challenge")
      .filter(({ closedBy }) => closedBy.some((type) => feeds.has(type)));
    expect(wrong.map(({ type }) => type)).toEqual([]);
  });
});
