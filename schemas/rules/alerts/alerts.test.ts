import { describe, expect, it } from "vitest";

import sentences from "../../codes/faults/alerts.json" with { type: "json" };
import wapis from "../../codes/WAPIS_CLASS.json" with { type: "json" };
import {
  checkWhole,
  isKnownType,
  type MessageType,
  parseBody,
  parseInnerHeader,
  typeOptions,
} from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { isFault } from "../../ground/index.ts";
import { alertsBodyRules, alertsMessageRules } from "./index.ts";

const day = 86_400_000;

type Json = Readonly<Record<string, unknown>>;

interface Headers {
  readonly originator?: string;
  readonly handling?: string;
  readonly inner?: Json;
}

/** The same JSON with the value at a pointer replaced, or taken away when it is null. */
function put(json: unknown, [step = "", ...rest]: readonly string[], value: unknown): unknown {
  const next = (held: unknown): unknown => (rest.length === 0 ? value : put(held, rest, value));
  if (Array.isArray(json)) return json.map((item, at) => (String(at) === step ? next(item) : item));
  const members = new Map(Object.entries(json ?? {}));
  members.set(step, next(members.get(step)));
  return Object.fromEntries([...members].filter(([, held]) => held !== null));
}

/** What the example of a type is refused for, as "code pointer", with these changes. */
function refusals(
  type: MessageType,
  changes: Json = {},
  { inner = {}, ...header }: Headers = {},
): readonly string[] {
  const { handling, originator, ...example } = exampleOf(type);
  const { urgency, scope } = typeOptions(type)!;
  const json = Object.entries(changes).reduce<unknown>(
    (body, [path, value]) => put(body, path.slice(1).split("/"), value),
    example.body,
  );
  const innerJson = Object.entries({ ...example.inner, ...inner }).filter(
    ([, held]) => held !== null,
  );
  try {
    checkWhole({
      type,
      scope,
      urgency,
      handling,
      originator,
      ...header,
      createdAt: exampleInstant,
      expiresAt: exampleInstant + day,
      inner: parseInnerHeader(Object.fromEntries(innerJson)),
      body: parseBody(type, json),
    });
    return [];
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.violations.map(({ code, path }) => `${code} ${path}`);
  }
}

const messageId = "019a1fe8-0000-7000-8000-000000000001";
const past = "2026-11-21T12:00:00.000Z"; // the moment itself is not ahead of it

describe("the group's rules", () => {
  it("have each a code of their own that says what it asks", () => {
    const rules = [...Object.values(alertsBodyRules), ...Object.values(alertsMessageRules)].flat();
    const used = new Set<string>(rules.map(({ code }) => code));
    expect(new Set(rules).size).toBe(used.size);
    expect([...used].toSorted()).toEqual(Object.keys(sentences).toSorted());
  });
});

describe("the six WAPIS classes (T1)", () => {
  it.each(wapis.codes)("$code has its message types, each with a template", ({ also }) => {
    const types = also.TYPES.split(" ");
    expect(types.length).toBeGreaterThan(0);
    for (const type of types) {
      expect([type, isKnownType(type)]).toEqual([type, true]);
      if (isKnownType(type)) expect(exampleOf(type).type).toBe(type);
    }
  });

  it("there are six", () => {
    expect(wapis.codes).toHaveLength(6);
  });
});

describe("procedural acts", () => {
  const warrant = { stage: "ARREST", act: "MANDAT_D_AMENER", date: { year: 2026 } };
  const expected = ["RULE_ACT_WITHOUT_LEGAL_SYSTEM /proceedings/0/legalSystem"];

  it.each(["alert.incident", "alert.update", "record.person"] as const)(
    "of %s say of which legal system they are",
    (type) => {
      expect(refusals(type, { "/proceedings": [warrant] })).toEqual(expected);
      expect(refusals(type, { "/proceedings": [{ ...warrant, legalSystem: "CIVIL" }] })).toEqual(
        [],
      );
      expect(refusals(type, { "/proceedings": [{ stage: "ARREST", date: warrant.date }] })).toEqual(
        [],
      );
    },
  );

  it("of a warrant in a police record likewise", () => {
    expect(refusals("record.person", { "/warrants/0/legalSystem": null })).toEqual([
      "RULE_ACT_WITHOUT_LEGAL_SYSTEM /warrants/0/legalSystem",
    ]);
  });
});

describe("a withdrawal (T7)", () => {
  const refused = (changes: Json): readonly string[] => refusals("alert.cancel", changes);

  it("without a decision on the copies is refused", () => {
    expect(refused({ "/recipientsMustPurge": null })).toEqual([
      "RULE_CANCEL_WITHOUT_PURGE_DECISION /recipientsMustPurge",
    ]);
  });

  it("that asks for deletion says until when, and the day lies ahead", () => {
    expect(refused({ "/purgeBy": null })).toEqual(["RULE_CANCEL_PURGE_WITHOUT_DATE /purgeBy"]);
    expect(refused({ "/purgeBy": past })).toEqual(["RULE_CANCEL_PURGE_PAST /purgeBy"]);
  });

  const kept = { "/recipientsMustPurge": false, "/purgeBy": null };

  it.each(["ERROR", "LEGAL_ORDER", "DATA_SUBJECT_RIGHT", "CHALLENGE_UPHELD", "PROTECTION_GRANTED"])(
    "for the reason %s lets nobody keep a copy",
    (reason) => {
      expect(refused({ ...kept, "/reason": reason })).toEqual([
        "RULE_CANCEL_KEEPS_UNLAWFUL /recipientsMustPurge",
      ]);
    },
  );

  it.each(["ARRESTED", "FOUND", "EXPIRED"])("for the reason %s may leave copies", (reason) => {
    expect(refused({ ...kept, "/reason": reason })).toEqual([]);
  });

  it("names what replaces it, or the order behind it", () => {
    expect(refused({ "/orderRef": null })).toEqual(["RULE_CANCEL_GROUND_MISSING /orderRef"]);
    expect(refused({ "/reason": "SUPERSEDED" })).toEqual([
      "RULE_CANCEL_GROUND_MISSING /successorId",
    ]);
    expect(refused({ "/reason": "SUPERSEDED", "/successorId": messageId })).toEqual([]);
  });
});

describe("who may record what (T9)", () => {
  it.each([
    ["record.stolen_document", "RULE_RECORD_NOT_BY_ISSUER /document/issuerCountry"],
    ["record.firearm", "RULE_RECORD_FIREARM_NOT_BY_KEEPER /registrarCountry"],
    ["record.person", "RULE_RECORD_PERSON_NOT_BY_KEEPER /registrarCountry"],
    ["record.object", "RULE_RECORD_OBJECT_NOT_BY_KEEPER /registrarCountry"],
  ] as const)("%s is sent by its own country only", (type, expected) => {
    expect(refusals(type)).toEqual([]);
    expect(refusals(type, {}, { originator: "lr/police" })).toEqual([expected]);
    expect(refusals(type, {}, { originator: "ecowas/centre" })).toEqual([expected]);
    const pointer = expected.split(" ")[1]!;
    expect(refusals(type, { [pointer]: "LR" }, { originator: "lr/police" })).toEqual([]);
  });

  it("record.stolen_vehicle is sent by the country that registered it, plate and all", () => {
    const type = "record.stolen_vehicle";
    const registrar = "RULE_RECORD_NOT_BY_REGISTRAR /registrarCountry";
    const plate = "RULE_RECORD_NOT_BY_REGISTRAR /vehicle/plateCountry";
    expect(refusals(type, {}, { originator: "bj/police" })).toEqual([registrar, plate]);
    expect(refusals(type, { "/registrarCountry": "BJ" })).toEqual([registrar]);
    expect(refusals(type, { "/vehicle/plateCountry": "BJ" })).toEqual([plate]);
    expect(refusals(type, { "/vehicle/plateCountry": null })).toEqual([]);
  });
});

describe("what a record holds", () => {
  it("a valid document is not recorded as stolen", () => {
    expect(refusals("record.stolen_document", { "/status": "VALID" })).toEqual([
      "RULE_RECORD_DOCUMENT_VALID /status",
    ]);
  });

  it("a vehicle has a plate, a chassis number or an engine number", () => {
    const bare = { "/vehicle": { make: "Toyota", colour: "WHITE" } };
    expect(refusals("record.stolen_vehicle", bare)).toEqual([
      "RULE_RECORD_VEHICLE_NOT_IDENTIFIED /vehicle",
    ]);
    for (const vehicle of [
      { plate: "EX 1" },
      { vin: "JTEBU3FJ30K055210" },
      { engineNumber: "E1" },
    ]) {
      expect(refusals("record.stolen_vehicle", { "/vehicle": vehicle })).toEqual([]);
    }
  });

  it("a firearm has a serial, a removed one or other marks", () => {
    const expected = ["RULE_RECORD_FIREARM_NOT_IDENTIFIED /firearm"];
    expect(refusals("record.firearm", { "/firearm": { make: "Example" } })).toEqual(expected);
    expect(refusals("record.firearm", { "/firearm": { serialObliterated: false } })).toEqual(
      expected,
    );
    for (const firearm of [
      { serial: "1" },
      { serialObliterated: true },
      { otherMarks: ["words"] },
    ]) {
      expect(refusals("record.firearm", { "/firearm": firearm })).toEqual([]);
    }
  });
});

describe("a hit (T11)", () => {
  const refused = (changes: Json): readonly string[] => refusals("hit.notice", changes);

  it("says until when it must be confirmed, and that lies ahead", () => {
    expect(refused({ "/confirmBy": null })).toEqual(["RULE_HIT_WITHOUT_CONFIRM_BY /confirmBy"]);
    expect(refused({ "/confirmBy": past })).toEqual(["RULE_HIT_CONFIRM_BY_PAST /confirmBy"]);
  });

  it("says until when a person may be held", () => {
    expect(refused({ "/heldUntil": null })).toEqual(["RULE_HIT_HELD_WITHOUT_LIMIT /heldUntil"]);
    expect(refused({ "/heldUntil": null, "/actionTaken": "OBSERVED" })).toEqual([]);
  });

  it("by likeness alone says how like", () => {
    const like = { "/matchBasis": ["FUZZY"] };
    expect(refused(like)).toEqual([]);
    expect(refused({ ...like, "/scorePercent": null })).toEqual([
      "RULE_HIT_FUZZY_WITHOUT_SCORE /scorePercent",
    ]);
    expect(refused({ "/matchBasis": ["FUZZY", "PLATE"], "/scorePercent": null })).toEqual([]);
  });

  it("confirmed says what to do now", () => {
    const silent = { "/actions": [], "/instructions": null };
    const type = "hit.confirmation";
    expect(refusals(type, silent)).toEqual(["RULE_HIT_CONFIRMED_WITHOUT_ACTION /actions"]);
    expect(refusals(type, { "/actions": [] })).toEqual([]);
    expect(refusals(type, { "/instructions": null })).toEqual([]);
    expect(refusals(type, { ...silent, "/decision": "NOT_SAME" })).toEqual([]);
  });
});

describe("a bulletin", () => {
  it.each(["bulletin.red_flag", "bulletin.threat"] as const)(
    "%s is marked GREEN at most, and CLEAR when the public may see it",
    (type) => {
      const edition = { "/publicEdition": true };
      const restricted = ["RULE_PUBLIC_EDITION_RESTRICTED /publicEdition"];
      expect(refusals(type, edition, { inner: { tlp: "CLEAR" } })).toEqual([]);
      expect(refusals(type, edition, { inner: { tlp: null } })).toEqual([]);
      expect(refusals(type, edition, { inner: { tlp: "GREEN" } })).toEqual(restricted);
      expect(refusals(type, edition, { handling: "H1", inner: { tlp: "CLEAR" } })).toEqual(
        restricted,
      );
      const few = { "/publicEdition": false };
      expect(refusals(type, few, { inner: { tlp: "GREEN" } })).toEqual([]);
      for (const tlp of ["AMBER", "AMBER_STRICT", "RED"]) {
        expect(refusals(type, few, { inner: { tlp } })).toEqual(["RULE_BULLETIN_TLP_TOO_HIGH "]);
      }
    },
  );
});

describe("an assurance", () => {
  const refused = (changes: Json): readonly string[] => refusals("assurance.given", changes);

  it("given says what and in which words; refused, also in part, says why", () => {
    const lacks = (field: string): readonly string[] => [`RULE_ASSURANCE_INCOMPLETE /${field}`];
    expect(refused({ "/assurances": [] })).toEqual(lacks("assurances"));
    expect(refused({ "/wording": null })).toEqual(lacks("wording"));
    expect(refused({ "/explanation": null })).toEqual(lacks("explanation"));
    expect(refused({ "/explanation": null, "/decision": "GIVEN" })).toEqual([]);
    const none = { "/decision": "REFUSED", "/assurances": [], "/wording": null };
    expect(refused(none)).toEqual([]);
    expect(refused({ ...none, "/explanation": null })).toEqual(lacks("explanation"));
  });
});
