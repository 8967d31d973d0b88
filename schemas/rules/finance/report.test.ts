import { describe, expect, it } from "vitest";

import { parseBody } from "../../body/index.ts";
import { exampleOf } from "../../examples/index.ts";
import { isFault } from "../../ground/index.ts";

/** By pointer, the values that are put into the example; undefined takes one away. */
type Changes = Readonly<Record<string, unknown>>;

const person = { roles: ["UNKNOWN"], names: [{ full: "Zaida Momade", kind: "LEGAL" }], sex: "F" };
const { body: example } = exampleOf("fiu.report");

function put(json: unknown, [step = "", ...rest]: readonly string[], value: unknown): unknown {
  const next = (held: unknown): unknown => (rest.length === 0 ? value : put(held, rest, value));
  if (Array.isArray(json)) return json.map((item, at) => (String(at) === step ? next(item) : item));
  const members = new Map(Object.entries(json ?? {}));
  members.set(step, next(members.get(step)));
  return Object.fromEntries([...members].filter(([, held]) => held !== undefined));
}

/** What the example is refused with when it is changed, as "code pointer". */
function broken(changes: Changes): readonly string[] {
  const body = Object.entries(changes).reduce<unknown>(
    (json, [path, value]) => put(json, path.slice(1).split("/"), value),
    example,
  );
  try {
    parseBody("fiu.report", body);
    return [];
  } catch (error) {
    if (!isFault(error, "SCHEMA_INVALID")) throw error;
    return error.violations.map(({ code, path: at }) => `${code} ${at}`);
  }
}

/** The same for changes inside the one transaction. */
function inTransaction(changes: Changes): readonly string[] {
  const entries = Object.entries(changes);
  return broken(Object.fromEntries(entries.map(([at, value]) => [`/transactions/0${at}`, value])));
}

const nobody = {
  "/transactions/0/from/suspected": undefined,
  "/transactions/0/from/conductorSuspected": undefined,
};

describe("a report", () => {
  it("as in the example breaks no rule", () => {
    expect(broken({})).toEqual([]);
  });

  it("has transactions or an activity", () => {
    const empty = { "/kind": "CTR", "/transactions": undefined };
    expect(broken(empty)).toEqual(["RULE_REPORT_EMPTY /transactions"]);
    expect(broken({ ...empty, "/activity": { parties: [{ person }] } })).toEqual([]);
  });

  it.each(["STR", "SAR"])("of kind %s says its reason and marks who is suspected", (kind) => {
    expect(broken({ "/kind": kind, "/reason": undefined })).toEqual([
      "RULE_REPORT_REASON_MISSING /reason",
    ]);
    expect(broken({ "/kind": kind, ...nobody })).toEqual([
      "RULE_REPORT_NOBODY_SUSPECTED /suspectsNotMarked",
    ]);
    expect(
      broken({ "/kind": kind, ...nobody, "/transactions/0/from/conductorSuspected": true }),
    ).toEqual([]);
    expect(broken({ "/kind": kind, ...nobody, "/transactions/0/to/suspected": true })).toEqual([]);
  });

  it("of a kind that suspects nobody needs neither", () => {
    expect(broken({ "/kind": "CTR", "/reason": undefined, ...nobody })).toEqual([]);
  });

  it("whose source cannot mark suspects says so instead", () => {
    expect(broken({ ...nobody, "/suspectsNotMarked": true })).toEqual([]);
    expect(broken({ ...nobody, "/suspectsNotMarked": false })).toHaveLength(1);
  });

  it("holds a transaction once", () => {
    const one = (number: string) => ({
      number,
      date: { date: { year: 2026 } },
      amount: { amount: "1", currency: "XOF" },
      from: { person, suspected: true },
      to: { person },
    });
    expect(broken({ "/transactions": [one("1"), one("2"), one("1")] })).toEqual(
      expect.arrayContaining(["RULE_TRANSACTION_NUMBER_TWICE /transactions/2/number"]),
    );
    expect(broken({ "/transactions": [one("1"), one("2")] })).toEqual([]);
  });
});

describe("a transaction", () => {
  const sides = ["RULE_TRANSACTION_SIDES /transactions/0"];

  it("has either involved parties or both a from and a to", () => {
    expect(inTransaction({ "/to": undefined })).toEqual(sides);
    expect(inTransaction({ "/parties": [{ person }] })).toEqual(sides);
    const parties = [{ person, suspected: true }];
    expect(inTransaction({ "/parties": parties, "/from": undefined })).toEqual(sides);
    expect(inTransaction({ "/parties": parties, "/from": undefined, "/to": undefined })).toEqual([]);
  }); // prettier-ignore

  it("has its amount in the report's currency, and not below zero", () => {
    expect(inTransaction({ "/amount/currency": "EUR" })).toEqual([
      "RULE_TRANSACTION_CURRENCY /transactions/0/amount/currency",
    ]);
    expect(inTransaction({ "/amount/amount": "-1" })).toEqual([
      "RULE_TRANSACTION_AMOUNT /transactions/0/amount/amount",
    ]);
    expect(inTransaction({ "/to/amount/amount": "-0.5" })).toEqual([
      "RULE_TRANSACTION_AMOUNT /transactions/0/to/amount/amount",
    ]);
    expect(inTransaction({ "/amount/amount": "0" })).toEqual([]);
  });

  it("has parties that are exactly one of person, organisation and account", () => {
    expect(inTransaction({ "/from/person": person })).toEqual([
      "RULE_PARTY_NOT_ONE /transactions/0/from",
    ]);
    const seen = { reason: { text: "seen", lang: "en" } };
    expect(broken({ "/activity": { parties: [{ person }, seen] } })).toEqual([
      "RULE_PARTY_NOT_ONE /activity/parties/1",
    ]);
  });

  it("has a significance from 0 to 10", () => {
    expect(inTransaction({ "/to/significance": 10 })).toEqual([]);
    expect(inTransaction({ "/to/significance": 11 })).toEqual([
      "SCHEMA_FIELD_RANGE /transactions/0/to/significance",
    ]);
  });

  it("T22: travels with a local code that nobody mapped", () => {
    const localFunds = { scheme: "goaml/xx/funds", code: "ŽŽ" };
    expect(inTransaction({ "/from/funds": undefined, "/from/localFunds": localFunds })).toEqual([]);
  });
});

describe("references inside a report", () => {
  it("name somebody in it", () => {
    expect(inTransaction({ "/from/account/people/0/ref": "p9" })).toEqual([
      "RULE_REPORT_REF_UNKNOWN /transactions/0/from/account/people/0/ref",
    ]);
    expect(broken({ "/persons/0/related": [{ ref: "p9", kind: "SPOUSE" }] })).toEqual([
      "RULE_REPORT_REF_UNKNOWN /persons/0/related/0/ref",
    ]);
    expect(broken({ "/persons/0/related": [{ ref: "o1", kind: "OWNER" }] })).toEqual([]);
  });

  it("name one only, of whatever kind", () => {
    const named = (ref: string) => ({ "/reportingPerson": { ...person, ref } });
    expect(broken(named("p1"))).toEqual(["RULE_REPORT_REF_TWICE /persons/0/ref"]);
    expect(broken(named("o1"))).toEqual(["RULE_REPORT_REF_TWICE /organisations/0/ref"]);
    expect(broken(named("p2"))).toEqual([]);
  });
});
