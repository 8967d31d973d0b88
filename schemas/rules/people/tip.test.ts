import { describe, expect, it } from "vitest";

import {
  checkHeaders,
  checkWhole,
  parseBody,
  parseInnerHeader,
  typeOptions,
} from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { Fault } from "../../ground/index.ts";

type TipType = "tip.case" | "tip.victim" | "tip.identity" | "tip.perpetrator" | "tip.referral";

interface Change {
  readonly body?: Record<string, unknown>;
  readonly inner?: Record<string, unknown>;
  readonly handling?: string;
  readonly recipients?: readonly string[];
}

/** What refuses the type's example after a change, as "code pointer"; a field changed to undefined is gone. */
function refused(type: TipType, change: Change = {}): readonly string[] {
  const example = exampleOf(type);
  const { urgency, scope } = typeOptions(type)!;
  const drop = (json: object): unknown => JSON.parse(JSON.stringify(json));
  const recipients = change.recipients ?? example.recipients ?? [];
  try {
    const body = parseBody(type, drop({ ...example.body, ...change.body }));
    const inner = parseInnerHeader(drop({ ...example.inner, ...change.inner, recipients }));
    const headers = { type, urgency, handling: change.handling ?? example.handling, inner };
    checkHeaders(headers);
    const { originator } = example;
    const times = { createdAt: exampleInstant, expiresAt: exampleInstant + 1 };
    checkWhole({ ...headers, ...times, scope, originator, body });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return (error.violations ?? []).map(({ code, path }) => `${code} ${path}`);
  }
}

const words = { text: "words", lang: "en" };
const consent = exampleOf("tip.victim").body["consent"];
const consentWith = (change: object): { body: { consent: unknown } } => ({
  body: { consent: { ...(typeof consent === "object" ? consent : {}), ...change } },
});

describe("a victim", () => {
  it.each(["tip.victim", "tip.identity", "tip.referral"] as const)(
    "%s passes as its example has it",
    (type) => {
      expect(refused(type)).toEqual([]);
    },
  );

  it.each(["Awa.Ndiaye", "AWA-NDIAYE", "chikondi7x9", "V-1"])("%s is no pseudonym", (victimRef) => {
    for (const type of ["tip.victim", "tip.identity", "tip.referral"] as const) {
      expect(refused(type, { body: { victimRef } })).toEqual(["RULE_TIP_PSEUDONYM /victimRef"]);
    }
  });

  it.each(["SN-V-7K24", "20260031"])("%s is a pseudonym", (victimRef) => {
    expect(refused("tip.victim", { body: { victimRef } })).toEqual([]);
  });

  it("stands by pseudonym in the lists of a case and of a perpetrator too", () => {
    const body = { victimRefs: ["MZ-V-26-4K71", "Awa"] };
    expect(refused("tip.case", { body })).toEqual(["RULE_TIP_PSEUDONYM /victimRefs/1"]);
    expect(refused("tip.perpetrator", { body })).toEqual(["RULE_TIP_PSEUDONYM /victimRefs/1"]);
  });

  it("is not sent without a word on consent", () => {
    expect(refused("tip.victim", { body: { consent: undefined } })).toEqual([
      "SCHEMA_FIELD_MISSING /consent",
    ]);
  });

  it.each(["at", "lang", "by"])("consent without %s is not complete", (field) => {
    for (const type of ["tip.victim", "tip.identity", "tip.referral"] as const) {
      expect(refused(type, consentWith({ [field]: undefined }))).toEqual([
        `RULE_TIP_CONSENT_INCOMPLETE /consent/${field}`,
      ]);
    }
  });

  it("consent says what it covers", () => {
    expect(refused("tip.victim", consentWith({ scopes: [] }))).toEqual([
      "RULE_TIP_CONSENT_INCOMPLETE /consent/scopes",
    ]);
  });

  it("without consent, or after it was withdrawn, a law is named", () => {
    const basis = { scheme: "LEI-6-2008", code: "23" };
    for (const without of [{ given: false }, { withdrawnAt: "2026-11-20T00:00:00.000Z" }]) {
      expect(refused("tip.victim", consentWith(without))).toEqual([
        "RULE_TIP_WITHOUT_CONSENT /consent/basis",
      ]);
      expect(refused("tip.victim", consentWith({ ...without, basis }))).toEqual([]);
    }
  });

  it("a child does not consent alone; a grown person does", () => {
    const { body } = consentWith({ by: "SELF" });
    expect(refused("tip.victim", { body })).toEqual(["RULE_TIP_CHILD_CONSENT /consent/by"]);
    expect(refused("tip.referral", { body })).toEqual(["RULE_TIP_CHILD_CONSENT /consent/by"]);
    expect(refused("tip.victim", { body: { ...body, ageBand: "AGE_18_20" } })).toEqual([]);
  });

  it.each(["ACTUAL", "NOT"])("status %s was decided by somebody", (traffickingStatus) => {
    const body = { traffickingStatus, decidedBy: "UNKNOWN" };
    expect(refused("tip.victim", { body })).toEqual(["RULE_TIP_STATUS_UNDECIDED /decidedBy"]);
    expect(refused("tip.victim", { body: { ...body, decidedBy: "NGO" } })).toEqual([]);
  });

  it("a presumption may have no author, but the field is never left out", () => {
    const body = { traffickingStatus: "POSSIBLE", decidedBy: "UNKNOWN" };
    expect(refused("tip.victim", { body })).toEqual([]);
    expect(refused("tip.victim", { body: { decidedBy: undefined } })).toEqual([
      "SCHEMA_FIELD_MISSING /decidedBy",
    ]);
  });

  it("an identity tells who it is", () => {
    const nameless = { firstName: undefined, secondName: undefined, names: [], documents: [] };
    expect(refused("tip.identity", { body: nameless })).toEqual([
      "RULE_TIP_IDENTITY_EMPTY /firstName",
    ]);
    const body = { ...nameless, identityNumber: "MW-1" };
    expect(refused("tip.identity", { body })).toEqual([]);
  });

  it("is marked as sensitive, and a child as a minor too", () => {
    for (const type of ["tip.victim", "tip.identity", "tip.referral"] as const) {
      expect(refused(type, { inner: { sensitiveCategories: ["MINOR"] } })).toEqual([
        "RULE_TIP_NOT_SENSITIVE /victimRef",
      ]);
    }
    const inner = { sensitiveCategories: ["VICTIM"] };
    expect(refused("tip.victim", { inner })).toEqual(["RULE_TIP_NOT_SENSITIVE /victimRef"]);
    expect(refused("tip.victim", { inner, body: { ageBand: "ADULT" } })).toEqual([]);
  });

  it.each(["H0", "H1"])("who and where she is does not travel under %s", (handling) => {
    expect(refused("tip.identity", { handling })).toEqual(["RULE_TIP_HANDLING /victimRef"]);
    expect(refused("tip.referral", { handling })).toEqual(["RULE_TIP_HANDLING /victimRef"]);
  });

  it("who and where she is has one reader, the one the body names", () => {
    for (const type of ["tip.identity", "tip.referral"] as const) {
      expect(refused(type, { recipients: ["mz/welfare", "mw/police"] })).toEqual([
        "RULE_TIP_ONE_READER /toAgency",
      ]);
      expect(refused(type, { recipients: ["mw/police"] })).toEqual([
        "RULE_TIP_ONE_READER /toAgency",
      ]);
    }
  });
});

describe("a referral", () => {
  it("has a reason and an organisation at the other end", () => {
    const noSender = { fromOrganisation: undefined };
    expect(refused("tip.referral", { body: { ...noSender, reason: undefined } })).toEqual([
      "RULE_TIP_REFERRAL_INCOMPLETE /reason",
    ]);
    expect(refused("tip.referral", { body: { ...noSender, toOrganisation: undefined } })).toEqual([
      "RULE_TIP_REFERRAL_INCOMPLETE /toOrganisation",
    ]);
    const received = { reason: undefined, toOrganisation: undefined, incomingReason: "OTHER" };
    expect(refused("tip.referral", { body: received })).toEqual([]);
  });

  it.each(["POLICE", "TCU", "IMMIGRATION"])("is not offered to %s", (toRole) => {
    const body = {
      toRole,
      details: undefined,
      safetyNotes: undefined,
      risks: [],
      supportPlans: [],
      repatriation: undefined,
    };
    expect(refused("tip.referral", { body })).toEqual(["RULE_TIP_REFERRAL_READER /toRole"]);
    expect(refused("tip.referral", { body: { ...body, stage: "ACCEPTED" } })).toEqual([]);
  });

  it("the answer to police has nothing that is for helpers", () => {
    const body = { toRole: "POLICE", stage: "STARTED" };
    expect(refused("tip.referral", { body })).toEqual([
      "RULE_TIP_REFERRAL_READER /details",
      "RULE_TIP_REFERRAL_READER /safetyNotes",
      "RULE_TIP_REFERRAL_READER /repatriation",
      "RULE_TIP_REFERRAL_READER /risks",
      "RULE_TIP_REFERRAL_READER /supportPlans",
    ]);
  });

  it("that is declined says why", () => {
    expect(refused("tip.referral", { body: { stage: "DECLINED" } })).toEqual([
      "RULE_TIP_DECLINE_REASON /declineReason",
    ]);
    const body = { stage: "DECLINED", declineReason: words };
    expect(refused("tip.referral", { body })).toEqual([]);
  });

  it("a return has no date before it is safe", () => {
    const repatriation = { toCountry: "MW", voluntary: true, on: { year: 2027, month: 2 } };
    const returning = (safe: boolean): readonly string[] =>
      refused("tip.referral", { body: { repatriation: { ...repatriation, safe } } });
    expect(returning(false)).toEqual(["RULE_TIP_REPATRIATION_UNSAFE /repatriation/on"]);
    expect(returning(true)).toEqual([]);
  });
});

describe("a case", () => {
  it.each([
    ["POLICE", "CONVICTED"],
    ["POLICE", "PROSECUTED"],
    ["PROSECUTION", "REPORTED"],
    ["WELFARE", "INVESTIGATED"],
  ])("%s does not write the stage %s", (branch, justiceStage) => {
    expect(refused("tip.case", { body: { branch, justiceStage } })).toEqual([
      "RULE_TIP_STAGE_NOT_OURS /justiceStage",
    ]);
  });

  it.each([
    ["POLICE", "REPORTED"],
    ["PROSECUTION", "ACQUITTED"],
    ["WELFARE", "UNKNOWN"],
  ])("%s writes the stage %s", (branch, justiceStage) => {
    expect(refused("tip.case", { body: { branch, justiceStage } })).toEqual([]);
  });

  it("only welfare says how assistance stands", () => {
    const body = { welfareStage: "ASSISTED" };
    expect(refused("tip.case", { body })).toEqual(["RULE_TIP_STAGE_NOT_OURS /welfareStage"]);
    const welfare = { ...body, branch: "WELFARE", justiceStage: "REPORTED" };
    expect(refused("tip.case", { body: welfare })).toEqual([]);
  });

  it.each(["CLOSED", "CLOSED_REFERRED"])("%s says why", (caseStatus) => {
    expect(refused("tip.case", { body: { caseStatus } })).toEqual([
      "RULE_TIP_CLOSURE_REASON /closureReason",
    ]);
    expect(refused("tip.case", { body: { caseStatus, closureReason: words } })).toEqual([]);
  });

  it("its profiles count no more victims than the total", () => {
    expect(refused("tip.case", { body: { victimsTotal: 6 } })).toEqual([
      "RULE_PEOPLE_COUNT /victimsTotal",
    ]);
    expect(refused("tip.case", { body: { victimsTotal: 9 } })).toEqual([]);
  });
});

describe("a perpetrator", () => {
  it("has at least a profile", () => {
    const nobody = { person: undefined, profile: undefined };
    expect(refused("tip.perpetrator", { body: nobody })).toEqual([
      "RULE_TIP_PERPETRATOR_EMPTY /profile",
    ]);
    const body = { ...nobody, organisation: { name: "Example Farms" } };
    expect(refused("tip.perpetrator", { body })).toEqual([]);
    expect(refused("tip.perpetrator", { body: { person: undefined } })).toEqual([]);
  });

  it("is not a victim", () => {
    const profile = { role: "VICTIM", sex: "F" };
    expect(refused("tip.perpetrator", { body: { profile } })).toEqual([
      "RULE_TIP_PERPETRATOR_IS_VICTIM /profile/role",
    ]);
    const person = {
      roles: ["SUSPECT", "VICTIM"],
      names: [{ full: "A", kind: "LEGAL" }],
      sex: "F",
    };
    expect(refused("tip.perpetrator", { body: { person } })).toEqual([
      "RULE_TIP_PERPETRATOR_IS_VICTIM /person/roles",
    ]);
  });
});
