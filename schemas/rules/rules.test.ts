import { describe, expect, it } from "vitest";

import { type Bodies, descriptors, type FiuConsent, type InnerHeader } from "../gen/index.ts";
import { bodyRules, findBroken, findPersonal, type HeaderContext, headerRules } from "./index.ts";

const words = { text: "words", lang: "en" };

const inner: InnerHeader = {
  crimes: [],
  recipients: [],
  purposes: [],
  consentRequiredFor: [],
  sensitiveCategories: [],
  legalBasis: [],
  actionsRequested: [],
};

const header: HeaderContext = {
  type: "alert.incident",
  form: "SEALED",
  urgency: "NORMAL",
  handling: "H1",
  inner,
};

/** What is broken, as "code pointer"; so that a test shows that only its own rule refuses. */
function brokenHeader(change: Partial<HeaderContext>): readonly string[] {
  return findBroken(headerRules, { ...header, ...change }).map(
    ({ code, path }) => `${code} ${path}`,
  );
}

const bodies: Bodies = {
  "alert.incident": {
    kind: "drugs",
    occurredFrom: 1000,
    place: {},
    persons: [],
    commodities: [],
    vessels: [],
    narrative: words,
    caseStatus: "REPORTED",
    caseRef: "1",
  },
  "bulletin.red_flag": {
    title: words,
    indicators: [],
    countries: [],
    evidenceLevel: "POSSIBLE",
    recommendedChecks: [],
    commodities: [],
  },
  "fiu.request": {
    offences: ["ml"],
    caseDescription: words,
    linkToReceivingCountry: words,
    subjects: [{ organisation: { name: "Sahel Trading" } }],
    questions: ["ACCOUNTS"],
    alreadySentTo: [],
  },
  "fiu.reply": {
    answers: [],
    sources: [],
    consent: {
      decision: "REFUSED",
      recipients: [],
      purposes: [],
      refusalGround: "LAW_PRINCIPLES",
    },
    pending: [],
    accounts: [],
  },
  "maritime.incident": {
    stage: "FINAL",
    position: {},
    occurred: { date: { year: 2026 }, timeKnown: "UNKNOWN" },
    shipStatus: "UNKNOWN",
    method: "UNKNOWN",
    statesConcerned: ["TG"],
    weapons: [],
  },
};

const messages = {
  "alert.incident": "AlertIncident",
  "bulletin.red_flag": "BulletinRedFlag",
  "fiu.request": "FiuRequest",
  "fiu.reply": "FiuReply",
  "maritime.incident": "MaritimeIncident",
} as const;

function brokenBody<T extends keyof Bodies>(
  type: T,
  change: Partial<Bodies[T]>,
  form = "SEALED",
): readonly string[] {
  const message = descriptors[messages[type]]!;
  const body: Bodies[T] = { ...bodies[type], ...change };
  return findBroken(bodyRules[type], { message, form, body }).map(
    ({ code, path }) => `${code} ${path}`,
  );
}

describe("headerRules", () => {
  it("a plain header breaks none", () => {
    expect(brokenHeader({})).toEqual([]);
  });

  it.each(["FLASH", "URGENT_DIRECT"])("a sealed %s message says why it is urgent", (urgency) => {
    expect(brokenHeader({ urgency })).toEqual(["RULE_URGENCY_REASON_MISSING /urgencyReason"]);
    expect(brokenHeader({ urgency, inner: { ...inner, urgencyReason: words } })).toEqual([]);
  });

  it("an open FLASH, such as a ship under attack, is its own reason", () => {
    expect(brokenHeader({ type: "maritime.incident", form: "OPEN", urgency: "FLASH" })).toEqual([]);
  });

  it("H3 says in words what is restricted", () => {
    expect(brokenHeader({ handling: "H3" })).toEqual(["RULE_H3_TEXT_MISSING /h3Text"]);
    expect(brokenHeader({ handling: "H3", inner: { ...inner, h3Text: words } })).toEqual([]);
  });

  it("sensitive categories name their legal basis", () => {
    const sensitive = { ...inner, sensitiveCategories: ["HEALTH"] };
    expect(brokenHeader({ inner: sensitive })).toEqual([
      "RULE_SENSITIVE_WITHOUT_BASIS /sensitiveBasis",
    ]);
    const sensitiveBasis = { scheme: "ECOWAS_2010", code: "31.5" };
    expect(brokenHeader({ inner: { ...sensitive, sensitiveBasis } })).toEqual([]);
  });

  it("a reply names the request it answers", () => {
    expect(brokenHeader({ type: "fiu.reply" })).toEqual(["RULE_REPLY_WITHOUT_REQUEST /inReplyTo"]);
    const answering = { ...inner, inReplyTo: Buffer.alloc(16) };
    expect(brokenHeader({ type: "fiu.reply", inner: answering })).toEqual([]);
  });
});

describe("bodyRules", () => {
  it.each(Object.keys(messages))("a plain %s breaks none", (name) => {
    const type = Object.keys(bodies).find((key): key is keyof Bodies => key === name)!;
    expect(brokenBody(type, {})).toEqual([]);
  });

  it("what happened ended after it began", () => {
    expect(brokenBody("alert.incident", { occurredTo: 999 })).toEqual([
      "RULE_PERIOD_REVERSED /occurredTo",
    ]);
    expect(brokenBody("alert.incident", { occurredTo: 1000 })).toEqual([]);
  });

  it("a validity ends after it begins, and may have one end only", () => {
    expect(brokenBody("bulletin.red_flag", { validFrom: 2, validUntil: 1 })).toEqual([
      "RULE_PERIOD_REVERSED /validUntil",
    ]);
    expect(brokenBody("bulletin.red_flag", { validUntil: 1 })).toEqual([]);
  });

  it("the period asked about ends after it begins", () => {
    expect(brokenBody("fiu.request", { periodFrom: 2, periodTo: 1 })).toEqual([
      "RULE_PERIOD_REVERSED /periodTo",
    ]);
    expect(brokenBody("fiu.request", { periodFrom: 1, periodTo: 2 })).toEqual([]);
  });

  it("a subject is exactly one of person, organisation and account", () => {
    const organisation = { name: "Sahel Trading" };
    const account = { institution: "Bank", number: "1" };
    expect(brokenBody("fiu.request", { subjects: [{ account }, {}] })).toEqual([
      "RULE_SUBJECT_NOT_ONE /subjects/1",
    ]);
    expect(brokenBody("fiu.request", { subjects: [{ organisation, account }] })).toEqual([
      "RULE_SUBJECT_NOT_ONE /subjects/0",
    ]);
  });

  const grant: FiuConsent = {
    decision: "GRANTED",
    recipients: ["lr/fiu"],
    purposes: ["INVESTIGATION"],
    expiresAt: 1,
  };

  it("a grant names who, what for and until when", () => {
    expect(brokenBody("fiu.reply", { consent: grant })).toEqual([]);
    const without = (change: Partial<FiuConsent>): readonly string[] =>
      brokenBody("fiu.reply", { consent: { ...grant, ...change } });
    expect(without({ recipients: [] })).toEqual(["RULE_CONSENT_INCOMPLETE /consent/recipients"]);
    expect(without({ purposes: [] })).toEqual(["RULE_CONSENT_INCOMPLETE /consent/purposes"]);
    expect(without({ expiresAt: undefined })).toEqual([
      "RULE_CONSENT_INCOMPLETE /consent/expiresAt",
    ]);
  });

  it("a grant with conditions says the conditions", () => {
    const conditional = { ...grant, decision: "GRANTED_WITH_CONDITIONS" };
    expect(brokenBody("fiu.reply", { consent: conditional })).toEqual([
      "RULE_CONSENT_INCOMPLETE /consent/explanation",
    ]);
    expect(brokenBody("fiu.reply", { consent: { ...conditional, explanation: words } })).toEqual(
      [],
    );
  });

  it("a refusal names its ground", () => {
    const refusal = { decision: "REFUSED", recipients: [], purposes: [] };
    expect(brokenBody("fiu.reply", { consent: refusal })).toEqual([
      "RULE_CONSENT_INCOMPLETE /consent/refusalGround",
    ]);
  });

  it("a message that travels open holds nothing about a person, at any depth", () => {
    const person = {
      roles: ["SUSPECT"],
      names: [
        { full: "A", kind: "LEGAL" },
        { full: "B", kind: "ALIAS" },
      ],
      sex: "UNKNOWN",
      birth: { year: 1980 },
      nationalities: [],
      documents: [],
    };
    expect(brokenBody("alert.incident", { persons: [person] }, "OPEN")).toEqual([
      "RULE_PERSONAL_DATA_IN_OPEN /persons/0/names/0/full",
      "RULE_PERSONAL_DATA_IN_OPEN /persons/0/names/1/full",
      "RULE_PERSONAL_DATA_IN_OPEN /persons/0/birth",
    ]);
    expect(brokenBody("alert.incident", { persons: [person] }, "SEALED")).toEqual([]);
    expect(brokenBody("alert.incident", {}, "OPEN")).toEqual([]);
  });
});

describe("findPersonal", () => {
  it("no type that travels open can even hold a field about a person", () => {
    const reaches = (name: string): boolean =>
      (descriptors[name]?.fields ?? []).some(
        ({ personal, message }) =>
          personal !== undefined || (message !== undefined && reaches(message)),
      );
    const open = Object.values(descriptors).filter(({ body }) => body?.form === "OPEN");
    expect(open.length).toBeGreaterThan(0);
    for (const { name } of open) expect([name, reaches(name)]).toEqual([name, false]);
  });

  it("finds nothing in a message it does not know", () => {
    expect(findPersonal("NoSuchMessage", { full: "A" })).toEqual([]);
  });
});
