import { describe, expect, it } from "vitest";

import type { FieldDescriptor } from "../../codec/index.ts";
import { parseBody } from "../../body/index.ts";
import { exampleOf } from "../../examples/index.ts";
import { descriptors } from "../../gen/index.ts";
import { Fault } from "../../ground/index.ts";
import { findPersonal } from "../personal.ts";

const named = ["TipIdentity", "PersonName", "Person", "IdentityDocument", "Phone", "Address"];

/** Every message that can stand inside this one, itself left out. */
function reach(name: string): readonly string[] {
  const inside = (descriptors[name]?.fields ?? []).flatMap(({ message }) =>
    message === undefined ? [] : [message, ...reach(message)],
  );
  return [...new Set(inside)];
}

function fieldsOf(name: string): readonly FieldDescriptor[] {
  return descriptors[name]?.fields ?? [];
}

const bodyNames = Object.values(descriptors).flatMap(({ name, body }) =>
  body === undefined ? [] : [{ name, body }],
);

describe("victims and the smuggled (T13, T14)", () => {
  it.each(["TipVictim", "TipCase", "TipReferral"])(
    "%s has no field that could hold a name",
    (name) => {
      expect(reach(name).filter((inside) => named.includes(inside))).toEqual([]);
    },
  );

  it("an identity is a direct message, and no other message can hold one", () => {
    expect(descriptors["TipIdentity"]?.body?.scope).toBe("DIRECT");
    const holders = Object.keys(descriptors).filter((name) => reach(name).includes("TipIdentity"));
    expect(holders).toEqual([]);
  });

  it("a referral is a direct, sealed message for bodies that refer and help", () => {
    const { scope, form, signers = [] } = descriptors["TipReferral"]?.body ?? {};
    expect({ scope, form }).toEqual({ scope: "DIRECT", form: "SEALED" });
    expect(signers).toContain("SOCIAL_WELFARE");
    expect(signers).not.toContain("INTELLIGENCE");
  });

  it("a movement has persons only as organisers; the smuggled are counts", () => {
    const holders = fieldsOf("SomMovement").filter(({ message }) => message === "Person");
    expect(holders.map(({ name }) => name)).toEqual(["organisers"]);
    const smuggled = fieldsOf("SomMovement").find(({ name }) => name === "smuggled");
    expect(smuggled?.message).toBe("PersonProfile");
    expect(reach("PersonProfile")).toEqual([]);
  });

  it("what tells about one victim is marked special", () => {
    const plain = fieldsOf("TipVictim").filter(({ htcds, personal }) => htcds && !personal);
    expect(plain.map(({ name }) => name)).toEqual(["traffickingStatus", "decidedBy"]);
  });
});

describe("statistics (T13)", () => {
  it.each(["TipStatistics", "StatisticsCrime", "StatisticsExchange"])(
    "%s can hold no person at any depth",
    (name) => {
      expect(reach(name).filter((inside) => named.includes(inside))).toEqual([]);
      const personal = [name, ...reach(name)].flatMap((inside) =>
        fieldsOf(inside).filter((field) => field.personal !== undefined),
      );
      expect(personal).toEqual([]);
    },
  );

  it("a name in a table is an unknown field", () => {
    const { body } = exampleOf("tip.statistics");
    try {
      parseBody("tip.statistics", { ...body, persons: [{ names: [{ full: "Awa N'Diaye" }] }] });
      expect.unreachable();
    } catch (error) {
      expect(error instanceof Fault && error.violations?.map(({ code }) => code)).toEqual([
        "SCHEMA_FIELD_UNKNOWN",
      ]);
    }
  });
});

describe("regional copies (T13)", () => {
  it.each(["tip.case", "tip.victim", "tip.perpetrator", "som.movement"] as const)(
    "what a regional copy of %s shows holds no personal data",
    (type) => {
      const name = bodyNames.find(({ body }) => body.type === type)!.name;
      const shown = fieldsOf(name).filter(({ copies }) => copies?.includes("REGIONAL"));
      expect(shown.length).toBeGreaterThan(2);
      const body = new Map<string, unknown>(Object.entries(parseBody(type, exampleOf(type).body)));
      const copy = Object.fromEntries(shown.map((field) => [field.name, body.get(field.name)]));
      expect(findPersonal(name, copy)).toEqual([]);
      expect(findPersonal(name, Object.fromEntries(body)).length).toBeGreaterThan(0);
    },
  );

  it.each(["TipIdentity", "TipReferral"])("%s has no redacted copy at all", (name) => {
    expect(fieldsOf(name).filter(({ copies = [] }) => copies.length > 0)).toEqual([]);
  });
});

describe("one case, three owners (T12)", () => {
  const { caseRef, victimRefs } = exampleOf("tip.case").body;
  const stages = [
    { branch: "POLICE", justiceStage: "REPORTED", caseStatus: "ACTIVE" },
    { branch: "POLICE", justiceStage: "INVESTIGATED", caseStatus: "ACTIVE" },
    { branch: "PROSECUTION", justiceStage: "PROSECUTED", caseStatus: "ACTIVE" },
    {
      branch: "WELFARE",
      justiceStage: "UNKNOWN",
      welfareStage: "ASSISTED",
      caseStatus: "FOLLOW_UP",
    },
    { branch: "PROSECUTION", justiceStage: "CONVICTED", caseStatus: "FOLLOW_UP" },
  ];

  it("the case goes from report to verdict by its number; nobody keys a person again", () => {
    const told = stages.map((stage) => {
      const json = { caseRef, movement: "CROSS_BORDER", victimRefs, ...stage };
      return parseBody("tip.case", json);
    });
    expect(new Set(told.map((one) => one.caseRef))).toEqual(new Set([caseRef]));
    expect(new Set(told.map(({ victimRefs: refs }) => refs.join()))).toHaveProperty("size", 1);
    for (const body of told) expect(findPersonal("TipCase", body)).toEqual([]);
  });

  it("victim, identity, referral and perpetrator meet in the same case and pseudonym", () => {
    const victim = exampleOf("tip.victim").body["victimRef"];
    expect(victimRefs).toContain(victim);
    for (const type of ["tip.victim", "tip.identity", "tip.referral"] as const) {
      const { body } = exampleOf(type);
      expect([body["caseRef"], body["victimRef"]]).toEqual([caseRef, victim]);
    }
    expect(exampleOf("tip.perpetrator").body["victimRefs"]).toContain(victim);
  });
});
