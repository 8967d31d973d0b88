import { describe, expect, it } from "vitest";

import { checkWhole, parseBody, parseInnerHeader, typeOptions } from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { isFault } from "../../ground/index.ts";

type Type = "operation.close" | "operation.open";
type Json = Readonly<Record<string, unknown>>;

/** What is broken, as "code pointer", when the example is sent with these changes. */
function broken(type: Type, change: Json, header: { originator?: string; inner?: Json } = {}) {
  const { body, handling, originator, inner } = exampleOf(type);
  const { urgency, scope } = typeOptions(type)!;
  try {
    checkWhole({
      type,
      handling,
      originator,
      urgency,
      scope,
      createdAt: exampleInstant,
      expiresAt: exampleInstant + 1,
      ...header,
      inner: parseInnerHeader({ ...inner, ...header.inner }),
      body: parseBody(type, JSON.parse(JSON.stringify({ ...body, ...change }))),
    });
  } catch (error) {
    if (isFault(error)) return error.violations.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

const open = (change: Json): readonly string[] => broken("operation.open", change);
const close = (change: Json): readonly string[] => broken("operation.close", change);

const members = [
  { agency: "cv/tcu", role: "COORDINATOR" },
  { agency: "sn/jaitf", role: "PARTICIPANT" },
];

describe("operation.open", () => {
  it("T32: an operation has an end and participants", () => {
    expect(open({})).toEqual([]);
    expect(open({ validUntil: undefined })).toEqual(["SCHEMA_FIELD_MISSING /validUntil"]);
    expect(open({ members: members.slice(0, 1) })).toEqual(["SCHEMA_FIELD_ITEMS /members"]);
  });

  it("T32: an operation lasts a year at most", () => {
    const validUntil = "2027-11-22T00:00:00.000Z";
    expect(open({ validUntil })).toEqual([]);
    expect(open({ validUntil: "2027-11-22T00:00:00.001Z" })).toEqual([
      "RULE_OPERATION_TOO_LONG /validUntil",
    ]);
  });

  it("an agency is a member once", () => {
    const twice = [...members, { agency: "sn/jaitf", role: "OBSERVER" }];
    expect(open({ members: twice })).toEqual(["RULE_OPERATION_MEMBER_TWICE /members/2/agency"]);
  });

  it("there is one coordinator", () => {
    const code = "RULE_OPERATION_COORDINATOR /members";
    const roles = (role: string) => members.map(({ agency }) => ({ agency, role }));
    expect(open({ members })).toEqual([]);
    expect(open({ members: roles("PARTICIPANT") })).toEqual([code]);
    expect(open({ members: roles("COORDINATOR") })).toEqual([code]);
  });

  it.each([
    ["before it", "2026-11-20T23:59:59.999Z", "2026-11-22T00:00:00.000Z"],
    ["after it", "2026-11-22T00:00:00.000Z", "2026-12-06T00:00:00.000Z"],
    ["backwards", "2026-11-23T00:00:00.000Z", "2026-11-22T00:00:00.000Z"],
  ])("a phase lies within its operation, not %s", (_, validFrom, validUntil) => {
    const phases = [{ kind: "ACTION", validFrom, validUntil }];
    expect(open({ phases })).toEqual(["RULE_OPERATION_PHASE_OUTSIDE /phases/0"]);
  });

  it("T32: what becomes of the data is said beforehand: a keeper, or a day", () => {
    expect(open({ dataAtEnd: undefined })).toEqual(["SCHEMA_FIELD_MISSING /dataAtEnd"]);
    expect(open({ dataDays: undefined })).toEqual(["RULE_OPERATION_DATA_TERM_MISSING /dataDays"]);
    const archive = { dataAtEnd: "ARCHIVE", dataDays: undefined };
    expect(open({ ...archive, dataKeeper: "ecowas/wapis" })).toEqual([]);
    expect(open(archive)).toEqual(["RULE_OPERATION_KEEPER_MISSING /dataKeeper"]);
  });

  it("a goal of goods says which and how much", () => {
    const goal = { measure: "GOODS_SEIZED", number: 1, commodity: "COCAINE" };
    expect(open({ goals: [{ ...goal, quantity: { value: "100", unit: "KG" } }] })).toEqual([]);
    expect(open({ goals: [goal] })).toEqual(["RULE_OPERATION_GOODS_UNMEASURED /goals/0"]);
  });

  it("T32: only members send it and only members get it", () => {
    const code = ["RULE_OPERATION_OUTSIDER /members"];
    expect(broken("operation.open", {}, { inner: { recipients: ["gh/pcu"] } })).toEqual([]);
    expect(broken("operation.open", {}, { inner: { recipients: ["xx/press"] } })).toEqual(code);
    expect(broken("operation.open", {}, { originator: "ng/tcu" })).toEqual(code);
  });

  it("T32: it is closed by operation.close, and kept from then", () => {
    expect(typeOptions("operation.open")).toMatchObject({
      scope: "DIRECT",
      closedBy: ["operation.close"],
      keep: "FROM_CLOSE",
    });
  });
});

describe("operation.close", () => {
  it("T32: the data of a closed operation goes by a day, or to its keeper", () => {
    expect(close({})).toEqual([]);
    expect(close({ dataUntil: undefined })).toEqual([
      "RULE_OPERATION_DATA_TERM_MISSING /dataUntil",
    ]);
    const archive = { dataAtEnd: "ARCHIVE", dataUntil: undefined };
    expect(close({ ...archive, dataKeeper: "ecowas/wapis" })).toEqual([]);
    expect(close(archive)).toEqual(["RULE_OPERATION_KEEPER_MISSING /dataKeeper"]);
  });

  it("data is not gone before the operation is over", () => {
    expect(close({ dataUntil: "2026-12-06T08:59:59.999Z" })).toEqual([
      "RULE_OPERATION_DATA_TERM_EARLY /dataUntil",
    ]);
  });

  it("a figure of goods says which and how much", () => {
    const result = { measure: "GOODS_SEIZED", number: 1, quantity: { value: "3", unit: "KG" } };
    expect(close({ results: [{ ...result, commodity: "IVORY" }] })).toEqual([]);
    expect(close({ results: [result] })).toEqual(["RULE_OPERATION_GOODS_UNMEASURED /results/0"]);
  });
});
