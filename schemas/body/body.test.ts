import { describe, expect, it } from "vitest";

import { decodeAlertIncident, encodeAlertIncident } from "../gen/index.ts";
import { type Fault, isFault } from "../ground/index.ts";
import {
  checkBody,
  checkHeaders,
  isKnownType,
  messageTypes,
  parseBody,
  parseInnerHeader,
  parseJson,
  renderJson,
  typeOptions,
} from "./index.ts";

function faultOf(act: () => unknown): Fault | undefined {
  try {
    act();
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  return undefined;
}

/** "pointer code" of every violation, in alphabetical order. */
function violationsOf(act: () => unknown): readonly string[] {
  return (faultOf(act)?.violations ?? []).map(({ path, code }) => `${path} ${code}`).toSorted();
}

const alert = {
  kind: "drugs",
  occurredFrom: "2026-03-09T14:05:00.000Z",
  place: { country: "TG" },
  persons: [{ roles: ["SUSPECT"], names: [{ full: "ወርቅነህ", kind: "LEGAL" }], sex: "UNKNOWN" }],
  narrative: { text: "Two suitcases.", lang: "en" },
  caseStatus: "REPORTED",
  caseRef: "TG-17",
};

const reply = {
  answers: [{ question: "ACCOUNTS", outcome: "HIT" }],
  consent: { decision: "REFUSED", refusalGround: "LAW_PRINCIPLES" },
};

const id = "01890a5d-ac96-774b-bcce-b302099a8057";

const part = (salt: unknown): readonly string[] =>
  violationsOf(() => parseJson("Part", { number: 1, salt }));

describe("parseJson", () => {
  it("gives the in-memory form: lists always there, times as numbers, ids as bytes", () => {
    expect(parseJson("AlertIncident", alert)).toMatchObject({
      occurredFrom: Date.parse(alert.occurredFrom),
      commodities: [],
      vessels: [],
    });
    const { threadId } = parseInnerHeader({ threadId: id });
    expect(threadId).toEqual(Buffer.from(id.replaceAll("-", ""), "hex"));
  });

  it("tells every problem of structure at once, with its pointer", () => {
    const wrong = {
      ...alert,
      occurredFrom: "9 March",
      place: { lat: "6.1", nowhere: 1 },
      persons: [{ ...alert.persons[0], names: "N'Diaye" }, null],
      caseStatus: undefined,
      caseRef: 17,
      colour: "red",
    };
    expect(violationsOf(() => parseJson("AlertIncident", wrong))).toEqual([
      "/caseRef SCHEMA_FIELD_TYPE",
      "/caseStatus SCHEMA_FIELD_MISSING",
      "/colour SCHEMA_FIELD_UNKNOWN",
      "/occurredFrom SCHEMA_FIELD_PATTERN",
      "/persons/0/names SCHEMA_FIELD_TYPE",
      "/persons/1 SCHEMA_FIELD_TYPE",
      "/place/lat SCHEMA_FIELD_TYPE",
      "/place/nowhere SCHEMA_FIELD_UNKNOWN",
    ]);
  });

  it.each([null, [], "x", 7, undefined])("%j is not a message", (json) => {
    expect(violationsOf(() => parseJson("AlertIncident", json))).toEqual([" SCHEMA_FIELD_TYPE"]);
  });

  it("bytes have one spelling", () => {
    expect(part("AAAA")).toEqual([]);
    for (const salt of ["AAA=", "AA+A", "AAB", "A"]) {
      expect([salt, part(salt)]).toEqual([salt, ["/salt SCHEMA_FIELD_PATTERN"]]);
    }
    expect(part([1])).toEqual(["/salt SCHEMA_FIELD_TYPE"]);
  });

  it("an id is a UUID of version 7 in lower case", () => {
    for (const threadId of [id.toUpperCase(), "5".repeat(36), id.replace("-7", "-4")]) {
      expect(violationsOf(() => parseJson("InnerHeader", { threadId }))).toEqual([
        "/threadId SCHEMA_FIELD_PATTERN",
      ]);
    }
  });

  it("inherited members are not fields", () => {
    const heir: unknown = Object.create({ text: "x", lang: "en" });
    expect(violationsOf(() => parseJson("LocalizedText", heir))).toEqual([
      "/lang SCHEMA_FIELD_MISSING",
      "/text SCHEMA_FIELD_MISSING",
    ]);
  });

  it("a message that no schema has is refused", () => {
    for (const name of ["NoSuchMessage", "constructor"]) {
      expect(faultOf(() => parseJson(name, {}))?.code).toBe("SCHEMA_UNKNOWN_TYPE");
      expect(faultOf(() => renderJson(name, {}))?.code).toBe("SCHEMA_UNKNOWN_TYPE");
    }
  });
});

describe("parseBody", () => {
  it("gives a body that comes back from its bytes and is written as it was sent", () => {
    const body = parseBody("alert.incident", alert);
    expect(renderJson("AlertIncident", body)).toEqual(alert);
    expect(renderJson("AlertIncident", decodeAlertIncident(encodeAlertIncident(body)))).toEqual(
      alert,
    );
  });

  it("tells structure, lengths, formats and codes at once, and each place once", () => {
    const wrong = {
      ...alert,
      kind: "jaywalking",
      occurredFrom: 5,
      persons: [],
      place: { country: "Togo" },
      caseStatus: "FORGOTTEN",
      caseRef: "",
    };
    expect(violationsOf(() => parseBody("alert.incident", wrong))).toEqual([
      "/caseRef SCHEMA_FIELD_LENGTH",
      "/caseStatus SCHEMA_CODE_UNKNOWN",
      "/kind SCHEMA_CODE_UNKNOWN",
      "/occurredFrom SCHEMA_FIELD_TYPE",
      "/place/country SCHEMA_FIELD_PATTERN",
    ]);
  });

  it("a code deep inside that a sender invented is refused", () => {
    const [person] = alert.persons;
    const wrong = { ...alert, persons: [{ ...person, roles: ["SUSPECT", "SOOTHSAYER"] }] };
    expect(violationsOf(() => parseBody("alert.incident", wrong))).toEqual([
      "/persons/0/roles/1 SCHEMA_CODE_UNKNOWN",
    ]);
  });

  it("a rule over several fields holds too", () => {
    const reversed = { ...alert, occurredTo: "2026-03-09T14:04:59.999Z" };
    const fault = faultOf(() => parseBody("alert.incident", reversed));
    expect(fault?.violations.map(({ code }) => code)).toEqual(["RULE_PERIOD_REVERSED"]);
    expect(fault?.code).toBe("SCHEMA_INVALID");
  });

  it("a list that is too long is told once, whatever is in it", () => {
    const wrong = { ...alert, persons: Array.from({ length: 51 }, () => 0) };
    expect(violationsOf(() => parseBody("alert.incident", wrong))).toEqual([
      "/persons SCHEMA_FIELD_ITEMS",
    ]);
  });

  it("the fault never repeats what was sent", () => {
    const wrong = {
      ...alert,
      caseRef: "secret".repeat(50),
      kind: "secret",
      "secret name": "secret",
    };
    const fault = faultOf(() => parseBody("alert.incident", wrong));
    expect(fault?.violations).toHaveLength(3);
    expect(`${fault?.message} ${JSON.stringify(fault?.violations)}`).not.toContain("secret");
  });
});

describe("checkBody", () => {
  const body = parseBody("alert.incident", alert);

  it("carries a code of a newer edition", () => {
    expect(
      faultOf(() => checkBody("alert.incident", { ...body, caseStatus: "REOPENED" })),
    ).toBeUndefined();
  });

  it("refuses what its validator refuses", () => {
    expect(violationsOf(() => checkBody("alert.incident", { ...body, caseRef: "" }))).toEqual([
      "/caseRef SCHEMA_FIELD_LENGTH",
    ]);
  });

  it("refuses what breaks a rule", () => {
    expect(violationsOf(() => checkBody("alert.incident", { ...body, occurredTo: 0 }))).toEqual([
      "/occurredTo RULE_PERIOD_REVERSED",
    ]);
  });
});

describe("checkHeaders", () => {
  const headers = { type: "fiu.reply", urgency: "FIU_HELD", handling: "H1" } as const;

  it("a reply with its request is complete; without it, it is refused", () => {
    expect(faultOf(() => parseBody("fiu.reply", reply))).toBeUndefined();
    const inner = parseInnerHeader({ inReplyTo: id });
    expect(faultOf(() => checkHeaders({ ...headers, inner }))).toBeUndefined();
    expect(violationsOf(() => checkHeaders({ ...headers, inner: parseInnerHeader({}) }))).toEqual([
      "/inReplyTo RULE_REPLY_WITHOUT_REQUEST",
    ]);
  });

  it("the form that decides about urgency is the type's own", () => {
    const inner = parseInnerHeader({});
    const flash = { urgency: "FLASH", handling: "H0", inner };
    expect(faultOf(() => checkHeaders({ type: "maritime.incident", ...flash }))).toBeUndefined();
    expect(violationsOf(() => checkHeaders({ type: "alert.incident", ...flash }))).toEqual([
      "/urgencyReason RULE_URGENCY_REASON_MISSING",
    ]);
  });

  it("refuses an inner header that its validator refuses", () => {
    const inner = { ...parseInnerHeader({ inReplyTo: id }), caseRef: "x".repeat(101) };
    expect(violationsOf(() => checkHeaders({ ...headers, inner }))).toEqual([
      "/caseRef SCHEMA_FIELD_LENGTH",
    ]);
  });
});

describe("parseInnerHeader", () => {
  it("refuses invented codes and crimes", () => {
    const wrong = { purposes: ["CURIOSITY"], crimes: ["jaywalking"] };
    expect(violationsOf(() => parseInnerHeader(wrong))).toEqual([
      "/crimes/0 SCHEMA_CODE_UNKNOWN",
      "/purposes/0 SCHEMA_CODE_UNKNOWN",
    ]);
  });
});

describe("isKnownType and typeOptions", () => {
  it("know every type and what its schema says", () => {
    expect(new Set(messageTypes).size).toBe(messageTypes.length);
    expect(messageTypes.length).toBeGreaterThan(100);
    expect(typeOptions("fiu.request")).toMatchObject({
      form: "SEALED",
      scope: "DIRECT",
      retentionDays: 1826,
      signers: ["FIU"],
    });
  });

  it.each(["alert.unheard_of", "constructor", "__proto__", ""])("%j is not a type", (type) => {
    expect(isKnownType(type)).toBe(false);
    expect(typeOptions(type)).toBeUndefined();
  });
});
