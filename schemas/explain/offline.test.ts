import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { messageTypes, typeOptions, type MessageType } from "../body/index.ts";
import { exampleInstant as now, exampleOf } from "../examples/index.ts";
import { checkSubmission } from "./index.ts";

type Json = Readonly<Record<string, unknown>>;

const own = ["inReplyTo", "threadId", "supersedes"];

/** A type's example as its agency would hand it in. */
function submissionOf(type: MessageType): Json {
  const { originator: _, inner, recipients, ...rest } = exampleOf(type);
  const parted = Object.entries(inner);
  return {
    ...rest,
    ...(typeOptions(type)?.scope === "FEED" ? { recs: ["ecowas"] } : { recipients }),
    ...Object.fromEntries(parted.filter(([name]) => own.includes(name))),
    inner: Object.fromEntries(parted.filter(([name]) => !own.includes(name))),
  };
}

/** What is wrong, as "code pointer". */
function wrong(json: unknown, originator = ""): readonly string[] {
  return checkSubmission(json, { now, originator }).violations.map(({ code, path }) => `${code} ${path}`);
} // prettier-ignore

const alert = submissionOf("alert.incident");
const request = submissionOf("fiu.request");
const reply = submissionOf("fiu.reply");
const warning = submissionOf("target.warning");

function change(json: Json, path: string, value: unknown): Json {
  const [name = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...json, [name]: value };
  return { ...json, [name]: change(Object(json[name]) as Json, rest.join("."), value) };
}

function drop(json: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}

describe("a good submission", () => {
  it.each(messageTypes)(
    "%s has nothing wrong, from its own agency and from nobody in particular",
    (type) => {
      const submission = submissionOf(type);
      expect(wrong(submission, exampleOf(type).originator)).toEqual([]);
      expect(wrong(submission)).toEqual([]);
      expect(checkSubmission(submission, { now, originator: "" }).type).toBe(type);
    },
  );

  it("may leave its inner header out, and everything that has a default", () => {
    const bulletin = submissionOf("bulletin.red_flag");
    expect(wrong(drop(bulletin, "inner", "handling", "urgency"))).toEqual([]);
  });
});

describe("a bad submission", () => {
  it.each<[string, unknown, readonly string[]]>([
    ["no object", [], ["SCHEMA_FIELD_TYPE "]],
    ["nothing", null, ["SCHEMA_FIELD_TYPE "]],
    ["no type", {}, ["SCHEMA_UNKNOWN_TYPE /type"]],
    ["a type that is none", { type: "alert.newer" }, ["SCHEMA_UNKNOWN_TYPE /type"]],
    ["a type that is every object's", { type: "constructor" }, ["SCHEMA_UNKNOWN_TYPE /type"]],
    ["a member that is none", { ...alert, mood: 1 }, ["SCHEMA_FIELD_UNKNOWN /mood"]],
    ["a member whose name is content", { ...alert, "Ama Canary": 1 }, ["SCHEMA_FIELD_UNKNOWN /?"]],
    ["a code that is none", { ...alert, status: "REAL" }, ["SCHEMA_CODE_UNKNOWN /status"]],
    ["a code that is no text", { ...alert, handling: 1 }, ["SCHEMA_FIELD_TYPE /handling"]],
    ["no crimes", drop(alert, "crimes"), ["SCHEMA_FIELD_MISSING /crimes"]],
    ["crimes that are no list", { ...alert, crimes: "drugs" }, ["SCHEMA_FIELD_TYPE /crimes"]],
    ["an empty list of crimes", { ...alert, crimes: [] }, ["SCHEMA_FIELD_ITEMS /crimes"]],
    ["a crime twice", { ...alert, crimes: ["ml", "ml"] }, ["SCHEMA_FIELD_ITEMS /crimes"]],
    ["too many crimes", { ...alert, crimes: Array.from({ length: 13 }, (_, i) => `c${i}`) }, ["SCHEMA_FIELD_ITEMS /crimes"]],
    ["a crime that is none", { ...alert, crimes: ["ml", "jaywalking"] }, ["SCHEMA_CODE_UNKNOWN /crimes/1"]],
    ["a feed to nobody", drop(alert, "recs"), ["SCHEMA_FIELD_MISSING /recs"]],
    ["a feed to an empty list", { ...alert, recs: [] }, ["SCHEMA_FIELD_MISSING /recs"]],
    ["a feed to one", { ...alert, recs: "ecowas" }, ["SCHEMA_FIELD_TYPE /recs"]],
    ["both a feed and agencies", { ...alert, recipients: ["gh/tcu"] }, ["SCHEMA_FIELD_UNKNOWN /recs"]],
    ["a feed without what only a regional edition goes without", change(alert, "body.narrative", undefined), ["SCHEMA_FIELD_MISSING /body/narrative"]],
    ["a direct message to nobody", drop(request, "recipients"), ["SCHEMA_FIELD_MISSING /recipients"]],
    ["a direct message to a community", { ...request, recs: ["ecowas"] }, ["SCHEMA_FIELD_UNKNOWN /recs"]],
    ["an inner header that is none", { ...alert, inner: 7 }, ["SCHEMA_FIELD_TYPE /inner"]],
    ["what stands beside the inner header, in it", change(alert, "inner.crimes", ["drugs"]), ["SCHEMA_FIELD_UNKNOWN /inner/crimes"]],
    ["no body", drop(alert, "body"), ["SCHEMA_FIELD_TYPE /body"]],
    ["a field missing", change(alert, "body.kind", undefined), ["SCHEMA_FIELD_MISSING /body/kind"]],
    ["a text too long", change(alert, "body.caseRef", "x".repeat(101)), ["SCHEMA_FIELD_LENGTH /body/caseRef"]],
    ["a number out of range", change(alert, "body.place.lat", 90.5), ["SCHEMA_FIELD_RANGE /body/place/lat"]],
    ["a pattern not kept", change(alert, "body.place.country", "Ghana"), ["SCHEMA_FIELD_PATTERN /body/place/country"]],
    ["a list too long", change(alert, "body.caseStatus", ["A"]), ["SCHEMA_FIELD_TYPE /body/caseStatus"]],
    ["urgency without its reason", { ...alert, urgency: "FLASH" }, ["RULE_URGENCY_REASON_MISSING /inner/urgencyReason"]],
    ["H3 without its words", { ...alert, handling: "H3" }, ["RULE_H3_TEXT_MISSING /inner/h3Text"]],
    ["an answer to nothing", drop(reply, "inReplyTo"), ["RULE_REPLY_WITHOUT_REQUEST /inReplyTo"]],
    ["an answer to what is no id", { ...reply, inReplyTo: "7" }, ["SCHEMA_FIELD_LENGTH /inReplyTo"]],
    ["a period that ends before it begins", change(alert, "body.occurredTo", "2020-01-01T00:00:00.000Z"), ["RULE_PERIOD_REVERSED /body/occurredTo"]],
  ])("%s is refused for that alone", (_, json, expected) => {
    expect(wrong(json)).toEqual(expected);
  }); // prettier-ignore

  it("is told everything at once, in the order of header and body", () => {
    const bad = change(
      change({ ...alert, handling: "H9" }, "inner.mood", 1),
      "body.kind",
      "flying",
    );
    expect(wrong(bad)).toEqual([
      "SCHEMA_CODE_UNKNOWN /handling",
      "SCHEMA_FIELD_UNKNOWN /inner/mood",
      "SCHEMA_CODE_UNKNOWN /body/kind",
    ]);
  });

  it("is told the rules that need its own expiry", () => {
    expect(wrong({ ...warning, expiresAt: "2030-01-01T00:00:00.000Z" })).toContainEqual(
      expect.stringMatching(/^RULE_/),
    );
  });

  it("repeats no content, neither in words nor in pointers", () => {
    const canary = "Ama Canary";
    const bad = {
      ...alert,
      [canary]: canary,
      crimes: [canary],
      urgency: canary,
      inner: { [canary]: canary },
    };
    const { violations } = checkSubmission(change(bad, "body.kind", canary), {
      now,
      originator: "",
    });
    expect(violations.length).toBeGreaterThan(4);
    expect(JSON.stringify(violations)).not.toContain("Canary");
  });
});

describe("who sends it", () => {
  const vehicle = submissionOf("record.stolen_vehicle");

  it("counts for whose a record is, when it is known", () => {
    expect(wrong(vehicle, "ng/police")).toEqual([]);
    expect(wrong(vehicle, "gh/police")).toContainEqual(
      expect.stringMatching(/^RULE_RECORD_NOT_BY_REGISTRAR /),
    );
  });

  it("is left to the gateway when it is not: what one agency may send is not refused", () => {
    expect(wrong(vehicle)).toEqual([]);
    for (const type of messageTypes) {
      const submission = submissionOf(type);
      for (const sender of ["ng/tcu", "sn/ncb", "ecowas/centre"]) {
        if (wrong(submission, sender).length === 0)
          expect([type, wrong(submission)]).toEqual([type, []]);
      }
    }
  });

  it("what nobody may send is refused although the sender is not known", () => {
    expect(wrong({ ...vehicle, urgency: "FLASH" })).toEqual([
      "RULE_URGENCY_REASON_MISSING /inner/urgencyReason",
    ]);
    const outsiders = submissionOf("operation.open");
    expect(wrong({ ...outsiders, recipients: ["zz/none"] })).toEqual([
      "RULE_OPERATION_OUTSIDER /body/members",
    ]);
  });

  it("a message that speaks of more agencies than can be tried is left to the gateway", () => {
    const many = Array.from({ length: 40 }, (_, i) => ({
      agency: `gh/m${i}`,
      role: "PARTICIPANT",
    }));
    const operation = change(submissionOf("operation.open"), "body.members", many);
    for (const one of wrong(operation)) expect(one).toMatch(/^SCHEMA_|^RULE_OPERATION_/);
  });
});

describe("any JSON", () => {
  it("is checked without an error, as a whole or in any place of a message", () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const names = [
      "type",
      "crimes",
      "recs",
      "recipients",
      "inner",
      "body",
      "handling",
      "expiresAt",
      "inReplyTo",
    ];
    fc.assert(
      fc.property(
        json,
        fc.constantFrom(...names),
        fc.constantFrom(...messageTypes),
        (value, name, type) => {
          const { violations } = checkSubmission(value, { now, originator: "" });
          expect(violations.length).toBeGreaterThan(0);
          checkSubmission({ ...submissionOf(type), [name]: value }, { now, originator: "ng/tcu" });
          checkSubmission({ type, [name]: value }, { now, originator: "" });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is checked without an error with any one value in its body, or none", () => {
    const json = fc.jsonValue({ maxDepth: 2 });
    fc.assert(
      fc.property(json, fc.constantFrom(...messageTypes), fc.nat(), (value, type, at) => {
        const { body, ...rest } = submissionOf(type);
        const names = Object.keys(Object(body) as object);
        const name = names[at % names.length] ?? "";
        checkSubmission(
          { ...rest, body: { ...Object(body), [name]: value } },
          { now, originator: "" },
        );
        checkSubmission(
          { ...rest, body: drop(Object(body) as Json, name) },
          { now, originator: "" },
        );
      }),
      { numRuns: 500 },
    );
  });
});
