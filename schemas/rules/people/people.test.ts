import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import {
  checkHeaders,
  checkWhole,
  parseBody,
  parseInnerHeader,
  typeOptions,
} from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { type EpochMs, Fault, faults } from "../../ground/index.ts";
import { peopleBodyRules, peopleMessageRules } from "./index.ts";

type PeopleType =
  | "som.movement"
  | "assessment.contribution"
  | "assessment.joint"
  | "warning.trend"
  | "warning.response";

interface Change {
  readonly body?: Record<string, unknown>;
  readonly urgency?: string;
  readonly expiresAt?: EpochMs;
}

const dayMs = 86_400_000;

/** What refuses the type's example after a change, as "code pointer"; a field changed to undefined is gone. */
function refused(type: PeopleType, change: Change = {}): readonly string[] {
  const example = exampleOf(type);
  const { urgency, scope } = typeOptions(type)!;
  try {
    const json: unknown = JSON.parse(JSON.stringify({ ...example.body, ...change.body }));
    const body = parseBody(type, json);
    const inner = parseInnerHeader(example.inner);
    const { handling, originator } = example;
    const headers = {
      type,
      handling,
      inner,
      urgency: change.urgency ?? example.urgency ?? urgency,
    };
    checkHeaders(headers);
    const expiresAt = change.expiresAt ?? exampleInstant + 100 * dayMs;
    checkWhole({ ...headers, scope, originator, body, createdAt: exampleInstant, expiresAt });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return (error.violations ?? []).map(({ code, path }) => `${code} ${path}`);
  }
}

const words = { text: "words", lang: "en" };

describe("som.movement", () => {
  it("passes as its example has it", () => {
    expect(refused("som.movement")).toEqual([]);
  });

  it.each(["SMUGGLED_PERSON", "VICTIM", "WITNESS", "PROTECTED", "MISSING"])(
    "a %s is never named",
    (role) => {
      const person = { roles: [role], names: [{ full: "ወርቅነህ", kind: "PSEUDONYM" }], sex: "M" };
      expect(refused("som.movement", { body: { organisers: [person] } })).toEqual([
        "RULE_SOM_SMUGGLED_NAMED /organisers/0",
      ]);
    },
  );

  it("who is counted among the smuggled is no suspect", () => {
    const smuggled = [{ role: "SUSPECT", sex: "M", count: 3 }];
    expect(refused("som.movement", { body: { smuggled } })).toEqual([
      "RULE_SOM_PROFILE_ROLE /smuggled/0/role",
    ]);
  });

  it("the parts count no more people than the total", () => {
    expect(refused("som.movement", { body: { smuggledTotal: 88 } })).toEqual([
      "RULE_PEOPLE_COUNT /smuggledTotal",
    ]);
    expect(refused("som.movement", { body: { rescued: 90 } })).toEqual([
      "RULE_PEOPLE_COUNT /smuggledTotal",
    ]);
    expect(refused("som.movement", { body: { rescued: 89 } })).toEqual([]);
  });

  it("people in distress have a position and go first", () => {
    expect(refused("som.movement", { body: { position: undefined } })).toEqual([
      "RULE_SOM_DISTRESS_POSITION /position",
    ]);
    expect(refused("som.movement", { urgency: "NORMAL" })).toEqual([
      "RULE_SOM_DISTRESS_URGENCY /inDistress",
    ]);
    const calm = { inDistress: false, position: undefined };
    expect(refused("som.movement", { urgency: "NORMAL", body: calm })).toEqual([]);
  });
});

describe("assessment.joint", () => {
  const [first, second, third] = exampleOf("assessment.joint").body["inputs"] as readonly object[];

  it("passes as its example has it", () => {
    expect(refused("assessment.joint")).toEqual([]);
  });

  it("rests on two contributions of two agencies", () => {
    const others = { dissents: [] };
    const one = { ...others, inputs: [first] };
    expect(refused("assessment.joint", { body: one })).toEqual([
      "RULE_ASSESSMENT_CONTRIBUTIONS /inputs",
    ]);
    const sameMessage = { ...others, inputs: [first, { ...first, agency: "ke/dci" }] };
    expect(refused("assessment.joint", { body: sameMessage })).toEqual([
      "RULE_ASSESSMENT_CONTRIBUTIONS /inputs",
    ]);
    const sameAgency = { ...second, agency: "tz/drugs", position: "AGREES" };
    expect(
      refused("assessment.joint", { body: { ...others, inputs: [first, sameAgency] } }),
    ).toEqual(["RULE_ASSESSMENT_CONTRIBUTIONS /inputs"]);
    const agreed = { ...second, position: "AGREES" };
    expect(refused("assessment.joint", { body: { ...others, inputs: [first, agreed] } })).toEqual(
      [],
    );
  });

  it("keeps the words of whoever dissents or has a reservation", () => {
    expect(refused("assessment.joint", { body: { dissents: [] } })).toEqual([
      "RULE_ASSESSMENT_DISSENT_LOST /inputs/1/position",
      "RULE_ASSESSMENT_DISSENT_LOST /inputs/2/position",
    ]);
    const silent = [
      first,
      { ...second, position: "NO_POSITION" },
      { ...third, position: "AGREES" },
    ];
    expect(refused("assessment.joint", { body: { dissents: [], inputs: silent } })).toEqual([]);
  });

  it("a dissent is about a judgement that is there", () => {
    const dissents = ["ke/dci", "mz/sernic"].map((agency) => ({
      agency,
      judgement: agency === "ke/dci" ? "J9" : "J1",
      text: words,
    }));
    expect(refused("assessment.joint", { body: { dissents } })).toEqual([
      "RULE_ASSESSMENT_JUDGEMENT_UNKNOWN /dissents/0/judgement",
    ]);
  });

  it("each judgement has its own reference, in a contribution too", () => {
    const judgement = { ref: "J1", text: words, likelihood: "LIKELY", confidence: "LOW" };
    const judgements = [judgement, { ...judgement, ref: "J2" }, judgement];
    for (const type of ["assessment.joint", "assessment.contribution"] as const) {
      expect(refused(type, { body: { judgements } })).toEqual([
        "RULE_ASSESSMENT_JUDGEMENT_TWICE /judgements/2/ref",
      ]);
    }
    expect(refused("assessment.contribution")).toEqual([]);
  });
});

describe("an early warning", () => {
  it("passes as its example has it", () => {
    expect(refused("warning.trend")).toEqual([]);
  });

  it("has a clock that starts after it was made and ends before it expires", () => {
    expect(refused("warning.trend", { body: { replyBy: undefined } })).toEqual([
      "SCHEMA_FIELD_MISSING /replyBy",
    ]);
    expect(refused("warning.trend", { body: { replyBy: "2026-11-21T12:00:00.000Z" } })).toEqual([
      "RULE_TREND_CLOCK /replyBy",
    ]);
    expect(refused("warning.trend", { expiresAt: exampleInstant + 14 * dayMs - 1 })).toEqual([
      "RULE_TREND_CLOCK /replyBy",
    ]);
    expect(refused("warning.trend", { expiresAt: exampleInstant + 14 * dayMs })).toEqual([]);
  });
});

describe("a response", () => {
  it("passes as its example has it", () => {
    expect(refused("warning.response")).toEqual([]);
  });

  it("that does nothing says why", () => {
    const body = { response: "NO_ACTION", actions: [], actBy: undefined };
    expect(refused("warning.response", { body })).toEqual([
      "RULE_RESPONSE_REASON /inactionReasons",
    ]);
    const reasoned = { ...body, inactionReasons: ["NOT_CONCERNED"] };
    expect(refused("warning.response", { body: reasoned })).toEqual([]);
  });

  it("that needs more says what", () => {
    const body = { response: "MORE_NEEDED", actions: [], explanation: undefined };
    expect(refused("warning.response", { body })).toEqual(["RULE_RESPONSE_REASON /explanation"]);
    expect(refused("warning.response", { body: { ...body, explanation: words } })).toEqual([]);
  });

  it.each(["ACTING", "WILL_ACT"])("%s names its actions", (response) => {
    for (const actions of [[], ["NONE"]]) {
      expect(refused("warning.response", { body: { response, actions } })).toEqual([
        "RULE_RESPONSE_ACTION /actions",
      ]);
    }
  });

  it("a promise has a date", () => {
    expect(refused("warning.response", { body: { actBy: undefined } })).toEqual([
      "RULE_RESPONSE_ACT_BY /actBy",
    ]);
    const body = { response: "ACTING", actBy: undefined };
    expect(refused("warning.response", { body })).toEqual([]);
  });
});

describe("the rules of this group", () => {
  it("every rule in force has its sentence in six languages, and every sentence its rule", () => {
    const path = join(import.meta.dirname, "../../codes/faults/people.json");
    const sentences = Object.keys(JSON.parse(readFileSync(path, "utf8")) as object);
    const inForce = [peopleBodyRules, peopleMessageRules].flatMap((table) =>
      Object.values(table).flatMap((rules) =>
        rules.map(({ code }: { readonly code: string }) => code),
      ),
    );
    expect([...new Set<string>(inForce)].toSorted()).toEqual(sentences.toSorted());
    expect(Object.keys(faults)).toEqual(expect.arrayContaining(sentences));
  });
});
