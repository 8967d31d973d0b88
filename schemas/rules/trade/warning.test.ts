import { describe, expect, it } from "vitest";

import { checkWhole, parseBody, parseInnerHeader, typeOptions } from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { type Fault, isFault } from "../../ground/index.ts";

type Type = "control.feedback" | "target.warning";
type Json = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const minuteMs = 60_000;

function faultOf(act: () => unknown): Fault | undefined {
  try {
    act();
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  return undefined;
}

/** What is broken, as "code pointer", when the example is sent with these changes. */
function broken(type: Type, change: Json, header: { inner?: Json; expiresAt?: number } = {}) {
  const { body, handling, originator, inner } = exampleOf(type);
  const { urgency, scope, retentionDays } = typeOptions(type)!;
  const json: unknown = JSON.parse(JSON.stringify({ ...body, ...change }));
  const fault = faultOf(() =>
    checkWhole({
      type,
      handling,
      originator,
      urgency,
      scope,
      createdAt: exampleInstant,
      expiresAt: header.expiresAt ?? exampleInstant + retentionDays * dayMs,
      inner: parseInnerHeader(JSON.parse(JSON.stringify({ ...inner, ...header.inner }))),
      body: parseBody(type, json),
    }),
  );
  return (fault?.violations ?? []).map(({ code, path }) => `${code} ${path}`);
}

const words = { text: "words", lang: "en" };
const { legs, requestedControls } = parseBody("target.warning", exampleOf("target.warning").body); // prettier-ignore
const arrival = legs.at(-1)!.arrives!;

const passenger = {
  person: {
    roles: ["TRAVELLER"],
    names: [{ full: "Moussa N'Diaye", kind: "LEGAL" }],
    sex: "M",
    documents: [{ type: "PASSPORT", number: "A00991827", issuerCountry: "SN" }],
  },
  sources: ["PNR", "API"],
  status: "BOARDED",
  booking: "QX7R2L",
  baggageTags: ["KP0488121", "KP0488122"],
  payment: "CASH",
  paidByOther: true,
};

const flights = [
  {
    mode: "AIR",
    conveyance: "ET507",
    from: { airport: "GRU" },
    to: { airport: "LFW" },
    departs: "2026-11-21T04:10:00.000Z",
    arrives: "2026-11-21T13:20:00.000Z",
  },
  {
    mode: "AIR",
    conveyance: "KP030",
    from: { airport: "LFW" },
    to: { airport: "ACC" },
    departs: "2026-11-21T15:00:00.000Z",
    arrives: "2026-11-21T15:40:00.000Z",
  },
];
const inTheAir = {
  subject: { passenger },
  legs: flights,
  eta: flights[0]!.arrives,
  feedbackBy: undefined,
};

describe("target.warning", () => {
  it("a warning about a container passes as it stands", () => {
    expect(broken("target.warning", {})).toEqual([]);
  });

  it("a subject is exactly one of six", () => {
    const code = "RULE_WARNING_SUBJECT_NOT_ONE /subject";
    expect(broken("target.warning", { subject: {} })).toEqual([code]);
    const two = { vehicle: { plate: "GT 1" }, vessel: { name: "Exercise Star" } };
    expect(broken("target.warning", { subject: two })).toEqual([code]);
  });

  it.each([
    ["consignment", { seals: ["TG1"] }],
    ["vessel", { imo: "9074729" }],
    ["aircraft", { tail: "5V-EXA" }],
    ["vehicle", { plate: "RB 2201" }],
  ])("a %s has something it is found by", (kind, named) => {
    expect(broken("target.warning", { subject: { [kind]: named } })).toEqual([]);
    expect(broken("target.warning", { subject: { [kind]: {} } })).toEqual([
      `RULE_WARNING_SUBJECT_UNNAMED /subject/${kind}`,
    ]);
  });

  it("a parcel is a subject too", () => {
    const parcel = { item: "EE123456785TG", service: "EMS", carrier: "Poste Exemple" };
    expect(broken("target.warning", { subject: { parcel } })).toEqual([]);
  });

  it("a warning without legs, or without an arrival, is refused by its schema", () => {
    expect(broken("target.warning", { legs: [] })).toEqual(["SCHEMA_FIELD_ITEMS /legs"]);
    expect(broken("target.warning", { eta: undefined })).toEqual(["SCHEMA_FIELD_MISSING /eta"]);
  });

  const leg = {
    mode: "ROAD",
    from: { country: "TG" },
    to: { country: "BJ" },
    arrives: "2026-11-24T06:00:00.000Z",
  };

  it("the last leg says when it arrives; the others may not", () => {
    const open = { ...leg, arrives: undefined };
    expect(broken("target.warning", { legs: [open, leg] })).toEqual([]);
    expect(broken("target.warning", { legs: [leg, open] })).toEqual([
      "RULE_WARNING_ARRIVAL_MISSING /legs/1/arrives",
    ]);
  });

  it("a leg names its places, and a leg by air its airports", () => {
    const code = "RULE_WARNING_LEG_PLACE_MISSING /legs/0";
    expect(broken("target.warning", { legs: [leg] })).toEqual([]);
    expect(broken("target.warning", { legs: [{ ...leg, to: { text: words } }] })).toEqual([code]);
    expect(broken("target.warning", { legs: [{ ...leg, mode: "AIR" }] })).toEqual([code]);
  });

  it("legs stand in the order of travel and arrive after they depart", () => {
    const late = { ...leg, departs: "2026-11-24T06:00:00.001Z" };
    expect(broken("target.warning", { legs: [late] })).toEqual(["RULE_LEG_REVERSED /legs/0"]);
    const exchanged = [flights[1], flights[0]];
    expect(broken("target.warning", { ...inTheAir, legs: exchanged })).toEqual([
      "RULE_LEG_REVERSED /legs/1",
    ]);
  });

  it("the control is asked for on the way", () => {
    const change = { eta: "2026-11-24T06:00:00.001Z", feedbackBy: undefined };
    expect(broken("target.warning", { ...change, eta: "2026-11-24T06:00:00.000Z" })).toEqual([]);
    expect(broken("target.warning", change)).toEqual(["RULE_WARNING_ETA_OFF_ROUTE /eta"]);
  });

  it.each([
    [["PROFILE"], undefined],
    [["INTEL"], 60],
  ])("reasons %s with score %s say in words on what they rest", (reasons, riskScore) => {
    expect(broken("target.warning", { reasons, riskScore })).toEqual([]);
    expect(broken("target.warning", { reasons, riskScore, explanation: undefined })).toEqual([
      "RULE_WARNING_PROFILE_UNREASONED /explanation",
    ]);
  });

  it("a coded reason alone needs no words, and a warning without reason is refused", () => {
    const change = { reasons: ["SEAL_MISMATCH"], riskScore: undefined, explanation: undefined };
    expect(broken("target.warning", change)).toEqual([]);
    expect(broken("target.warning", { reasons: [] })).toEqual(["SCHEMA_FIELD_ITEMS /reasons"]);
  });

  it("who is only to be observed is not searched", () => {
    expect(broken("target.warning", { requestedControls: ["OBSERVE_ONLY", "DATABASE_CHECK"] })).toEqual([]); // prettier-ignore
    expect(broken("target.warning", { requestedControls: ["OBSERVE_ONLY", ...requestedControls] })).toEqual([
      "RULE_WARNING_CONTROLS_CONTRADICT /requestedControls/2",
      "RULE_WARNING_CONTROLS_CONTRADICT /requestedControls/3",
    ]); // prettier-ignore
  });

  it("feedback is asked for after the arrival", () => {
    expect(broken("target.warning", { feedbackBy: "2026-11-22T07:14:59.999Z" })).toEqual([
      "RULE_WARNING_FEEDBACK_EARLY /feedbackBy",
    ]);
  });

  it("T33: a warning lives until its last arrival and not longer than 30 days after it", () => {
    const at = (expiresAt: number): readonly string[] =>
      broken("target.warning", {}, { expiresAt });
    expect(at(arrival)).toEqual([]);
    expect(at(arrival - 1)).toEqual(["RULE_WARNING_EXPIRES_EARLY /legs"]);
    expect(at(arrival + 30 * dayMs)).toEqual([]);
    expect(at(arrival + 30 * dayMs + 1)).toEqual(["RULE_WARNING_EXPIRES_LATE /legs"]);
  });

  it("T33: a passenger in the air is warned of at every airport of his legs, for a stated purpose", () => {
    const expiresAt = Date.parse(flights[1]!.arrives) + 20 * minuteMs;
    expect(broken("target.warning", inTheAir, { expiresAt })).toEqual([]);
    const inner = { purposes: [] };
    expect(broken("target.warning", inTheAir, { inner, expiresAt })).toEqual([
      "RULE_WARNING_PASSENGER_PURPOSE /subject/passenger",
    ]);
    expect(broken("target.warning", {}, { inner })).toEqual([]);
  });

  it("a passenger has a name and a source of his data", () => {
    const change = { ...inTheAir, subject: { passenger: { ...passenger, sources: [] } } };
    expect(broken("target.warning", change)).toEqual([
      "SCHEMA_FIELD_ITEMS /subject/passenger/sources",
    ]);
  });

  it("a warning that rests on intelligence grades it", () => {
    const ungraded = { inner: { evaluation: undefined } };
    expect(broken("target.warning", { reasons: ["ROUTE_RISK"] }, ungraded)).toEqual([]);
    expect(broken("target.warning", { reasons: ["ROUTE_RISK", "INTEL"] })).toEqual([]);
    expect(broken("target.warning", { reasons: ["ROUTE_RISK", "INTEL"] }, ungraded)).toEqual([
      "RULE_WARNING_INTELLIGENCE_UNEVALUATED /reasons",
    ]);
  });

  it("T29: a warning is closed by control.feedback, which is due within 72 hours", () => {
    expect(typeOptions("target.warning")).toMatchObject({
      scope: "DIRECT",
      closedBy: ["control.feedback"],
      feedbackDays: 3,
    });
  });
});

describe("control.feedback", () => {
  const negative = { result: "CONTROLLED_NEGATIVE", seizureId: undefined };

  it("a positive control names its seizure", () => {
    expect(broken("control.feedback", {})).toEqual([]);
    expect(broken("control.feedback", { seizureId: undefined })).toEqual([
      "RULE_FEEDBACK_SEIZURE_UNNAMED /seizureId",
    ]);
  });

  it("a negative one names none", () => {
    expect(broken("control.feedback", negative)).toEqual([]);
    expect(broken("control.feedback", { result: "CONTROLLED_NEGATIVE" })).toEqual([
      "RULE_FEEDBACK_SEIZURE_CONTRADICTS /seizureId",
    ]);
  });

  it("who did not control says why, and then needs no time", () => {
    const change = { result: "NOT_CONTROLLED", seizureId: undefined, controlledAt: undefined };
    expect(broken("control.feedback", { ...change, notControlled: "NO_STAFF" })).toEqual([]);
    expect(broken("control.feedback", change)).toEqual([
      "RULE_FEEDBACK_REASON_MISSING /notControlled",
    ]);
  });

  it("a control that was made has its time", () => {
    expect(broken("control.feedback", { ...negative, controlledAt: undefined })).toEqual([
      "RULE_FEEDBACK_TIME_MISSING /controlledAt",
    ]);
  });

  it("T29: the body and the thread name the same warning", () => {
    const inner = { inReplyTo: "01a2038e-7d40-7a44-8b1e-3d5f90c2a7e6" };
    expect(broken("control.feedback", {}, { inner })).toEqual([
      "RULE_FEEDBACK_OTHER_WARNING /warningId",
    ]);
  });
});
