import { describe, expect, it } from "vitest";

import { messageTypes, typeOptions, type MessageType } from "../body/index.ts";
import { exampleInstant as now, exampleOf } from "../examples/index.ts";
import { checkSubmission } from "./index.ts";

type Json = Readonly<Record<string, unknown>>;

const own = ["inReplyTo", "threadId", "supersedes"];

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

function wrong(json: unknown, originator: string): readonly string[] {
  return checkSubmission(json, { now, originator }).violations.map(({ code, path }) => `${code} ${path}`);
} // prettier-ignore

/** Every place in a JSON value, as the steps that lead to it. */
function placesIn(value: unknown, steps: readonly string[] = []): readonly (readonly string[])[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [steps, ...inner.flatMap(([name, held]) => placesIn(held, [...steps, name]))];
}

/** The value with something of another kind in one place. */
function ruin(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return typeof value === "object" ? 7 : {};
  if (Array.isArray(value)) {
    return value.map((held: unknown, at) => (String(at) === step ? ruin(held, rest) : held));
  }
  const members = Object.entries(value as Json);
  return Object.fromEntries(
    members.map(([name, held]) => [name, name === step ? ruin(held, rest) : held]),
  );
}

describe("faults of fields and broken rules in one answer", () => {
  it("every kind is told at once: of the submission, its inner header, its body, and of all of them together", () => {
    const alert = submissionOf("alert.incident");
    const bad = {
      ...alert,
      crimes: [],
      urgency: "FLASH",
      handling: "H3",
      inner: { ...(alert["inner"] as Json), caseRef: 7 },
      body: {
        ...(alert["body"] as Json),
        kind: "flying",
        occurredTo: "2020-01-01T00:00:00.000Z",
      },
    };
    expect(wrong(bad, "ng/tcu")).toEqual([
      "SCHEMA_FIELD_ITEMS /crimes",
      "SCHEMA_FIELD_TYPE /inner/caseRef",
      "SCHEMA_CODE_UNKNOWN /body/kind",
      "RULE_PERIOD_REVERSED /body/occurredTo",
      "RULE_URGENCY_REASON_MISSING /inner/urgencyReason",
      "RULE_H3_TEXT_MISSING /inner/h3Text",
    ]);
  });

  it("a rule over headers and body is told beside a field that has nothing to do with it", () => {
    const vehicle = submissionOf("record.stolen_vehicle");
    const body = { ...(vehicle["body"] as Json), caseRef: 7 };
    expect(wrong({ ...vehicle, body }, "gh/police")).toEqual([
      "SCHEMA_FIELD_TYPE /body/caseRef",
      "RULE_RECORD_NOT_BY_REGISTRAR /body/registrarCountry",
      "RULE_RECORD_NOT_BY_REGISTRAR /body/vehicle/plateCountry",
    ]);
  });

  it("a rule that would look at what is wrong, or is missing, says nothing until it is mended", () => {
    const alert = submissionOf("alert.incident");
    const body = alert["body"] as Json;
    const occurredTo = "2020-01-01T00:00:00.000Z";
    const reversed = { ...alert, body: { ...body, occurredTo } };
    expect(wrong(reversed, "ng/tcu")).toEqual(["RULE_PERIOD_REVERSED /body/occurredTo"]);
    const spoilt = { ...alert, body: { ...body, occurredTo, occurredFrom: "yesterday" } };
    expect(wrong(spoilt, "ng/tcu")).toEqual(["SCHEMA_FIELD_PATTERN /body/occurredFrom"]);
  });

  it.each(messageTypes)("of a good %s with one place ruined that place is told and nothing else", (type) => {
    const good = submissionOf(type);
    const { originator } = exampleOf(type);
    const content = { inner: good["inner"], body: good["body"] };
    // the examples are good, so a rule that is told has looked at the ruin
    const places = placesIn(content).filter(({ length }) => length > 0);
    // all of the first level and a share of what lies deeper: every place of every type takes a minute
    const deeper = places.filter(({ length }) => length > 2);
    const every = Math.ceil(deeper.length / 6);
    const chosen = deeper.filter((_, at) => at % every === 0);
    for (const steps of [...places.filter(({ length }) => length <= 2), ...chosen]) {
      const at = `/${steps.join("/")}`;
      const told = wrong({ ...good, ...(ruin(content, steps) as Json) }, originator);
      const elsewhere = told.filter((one) => !` ${one.split(" ")[1]}/`.startsWith(` ${at}/`));
      expect([at, told.length > 0, elsewhere]).toEqual([at, true, []]);
      expect([at, ...told.filter((one) => one.startsWith("RULE_"))]).toEqual([at]);
    }
  }); // prettier-ignore
});
