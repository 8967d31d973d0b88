import { describe, expect, it } from "vitest";

import sentences from "../../codes/faults/finance.json" with { type: "json" };
import { checkWhole, type MessageType, parseBody, parseInnerHeader } from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { descriptors } from "../../gen/index.ts";
import { isFault } from "../../ground/index.ts";
import { financeBodyRules, financeMessageRules } from "./index.ts";

/** By pointer, the values that are put into an example; undefined takes one away. */
type Changes = Readonly<Record<string, unknown>>;

function put(json: unknown, [step = "", ...rest]: readonly string[], value: unknown): unknown {
  const next = (held: unknown): unknown => (rest.length === 0 ? value : put(held, rest, value));
  if (Array.isArray(json)) return json.map((item, at) => (String(at) === step ? next(item) : item));
  const members = new Map(Object.entries(json ?? {}));
  members.set(step, next(members.get(step)));
  return Object.fromEntries([...members].filter(([, held]) => held !== undefined));
}

function changed(type: MessageType, changes: Changes): unknown {
  return Object.entries(changes).reduce<unknown>(
    (json, [path, value]) => put(json, path.slice(1).split("/"), value),
    exampleOf(type).body,
  );
}

/** What `act` is refused with, as "code pointer"; empty when it is not. */
function refusals(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (!isFault(error, "SCHEMA_INVALID")) throw error;
    return error.violations.map(({ code, path }) => `${code} ${path}`);
  }
}

/** The example of a type, changed, by the rules of the body. */
function broken(type: MessageType, changes: Changes): readonly string[] {
  return refusals(() => parseBody(type, changed(type, changes)));
}

interface Whole {
  readonly body?: Changes;
  readonly inner?: Changes;
  readonly urgency?: string;
}

/** The example of a type, changed, by the rules of the whole message. */
function brokenWhole(
  type: MessageType,
  { body = {}, inner, urgency = "NORMAL" }: Whole,
): readonly string[] {
  const { handling, originator, inner: own } = exampleOf(type);
  return refusals(() =>
    checkWhole({
      type,
      urgency,
      handling,
      originator,
      inner: parseInnerHeader({ ...own, ...inner }),
      body: parseBody(type, changed(type, body)),
      scope: "DIRECT",
      createdAt: exampleInstant,
      expiresAt: exampleInstant + 86_400_000,
    }),
  );
}

const person = { roles: ["SUSPECT"], names: [{ full: "Awa Diop", kind: "LEGAL" }], sex: "F" };
const organisation = { name: "Sahel Négoce" };
const account = { institution: "Banque", number: "1" };

describe("subjects", () => {
  it.each<[MessageType, string]>([
    ["fiu.request", "/subjects"],
    ["fiu.spontaneous", "/subjects"],
    ["fiu.bulk_cbr", "/reports/1/subjects"],
  ])("a subject of %s is exactly one of person, organisation and account", (type, list) => {
    const given = (subject: object) => broken(type, { [list]: [{ account }, subject] });
    for (const good of [{ person }, { organisation }, { account }]) {
      expect(given(good)).toEqual([]);
    }
    for (const bad of [{}, { person, account }, { organisation, account }, { person, organisation, account }]) {
      expect(given(bad)).toEqual([`RULE_SUBJECT_NOT_ONE ${list}/1`]);
    }
  }); // prettier-ignore

  it("a report stands once in a bulk", () => {
    expect(broken("fiu.bulk_cbr", { "/reports/1/reportRef": "ET-STR-26-0711" })).toEqual([
      "RULE_CBR_REPEATED /reports/1/reportRef",
    ]);
  });
});

describe("T17: consent names recipient, purpose and offence", () => {
  const nothing = { decision: undefined, recipients: undefined, purposes: undefined, offences: undefined,
    expiresAt: undefined, refusalGround: undefined, explanation: undefined, courtUse: undefined }; // prettier-ignore
  const grant = { decision: "GRANTED", recipients: ["sn/police"], purposes: ["INVESTIGATION"], offences: ["ml"],
    expiresAt: "2027-01-01T00:00:00Z" }; // prettier-ignore

  describe.each<[MessageType, string]>([
    ["fiu.reply", "/consent"],
    ["fiu.spontaneous", "/consent"],
    ["fiu.bulk_cbr", "/consent"],
    ["fiu.consent_decision", ""],
  ])("in %s", (type, at) => {
    const decided = (consent: Changes): readonly string[] => {
      const fields = Object.entries({ ...nothing, ...consent });
      return broken(
        type,
        Object.fromEntries(fields.map(([name, value]) => [`${at}/${name}`, value])),
      );
    };

    it("a whole grant and a refusal with its ground are taken", () => {
      expect(decided(grant)).toEqual([]);
      expect(decided({ decision: "REFUSED", refusalGround: "LAW_PRINCIPLES" })).toEqual([]);
    });

    it.each(["recipients", "purposes", "expiresAt"])("a grant without %s is refused", (field) => {
      expect(decided({ ...grant, [field]: undefined })).toEqual([
        `RULE_CONSENT_INCOMPLETE ${at}/${field}`,
      ]);
    });

    it("conditions stand in words, and a refusal names its ground", () => {
      const conditional = { ...grant, decision: "GRANTED_WITH_CONDITIONS" };
      const explanation = { text: "No copy.", lang: "en" };
      expect(decided(conditional)).toEqual([`RULE_CONSENT_INCOMPLETE ${at}/explanation`]);
      expect(decided({ ...conditional, explanation })).toEqual([]);
      expect(decided({ decision: "REFUSED" })).toEqual([
        `RULE_CONSENT_INCOMPLETE ${at}/refusalGround`,
      ]);
    });
  });

  it("a decision names the offence it is given for, and the message it is about", () => {
    const decide = (offences: string[]) => broken("fiu.consent_decision", { "/offences": offences });
    expect(decide([])).toEqual(["RULE_CONSENT_OFFENCE_VAGUE /offences"]);
    expect(decide(["other"])).toEqual(["RULE_CONSENT_OFFENCE_VAGUE /offences"]);
    expect(decide(["other", "tf"])).toEqual([]);
    expect(broken("fiu.consent_decision", { "/targetId": undefined })).toEqual([
      "SCHEMA_FIELD_MISSING /targetId",
    ]);
  }); // prettier-ignore

  it("a request for consent names its offence: 'the police want it' is not one", () => {
    const ask = (offences: string[]) => broken("fiu.consent_request", { "/offences": offences });
    expect(ask(["other"])).toEqual(["RULE_CONSENT_OFFENCE_VAGUE /offences"]);
    expect(ask([])).toEqual(["SCHEMA_FIELD_ITEMS /offences"]);
    expect(ask(["corr"])).toEqual([]);
  });
});

describe("requests and feedback", () => {
  it("the question OTHER is asked in words", () => {
    const otherQuestion = { "/otherQuestion": undefined };
    expect(broken("fiu.request", otherQuestion)).toEqual([
      "RULE_FIU_QUESTION_WITHOUT_WORDS /otherQuestion",
    ]);
    expect(broken("fiu.request", { ...otherQuestion, "/questions": ["ACCOUNTS"] })).toEqual([]);
  });

  it("the time to reply by lies after the request", () => {
    const by = (replyBy: string) => brokenWhole("fiu.request", { body: { "/replyBy": replyBy } });
    expect(by("2026-11-21T12:00:00Z")).toEqual(["RULE_FIU_REPLY_BY_PAST /replyBy"]);
    expect(by("2026-11-21T12:00:01Z")).toEqual([]);
  });

  it.each<MessageType>([
    "fiu.request", "fiu.reply", "fiu.spontaneous", "fiu.consent_request", "fiu.consent_decision", "fiu.bulk_cbr", "fiu.report",
  ])("T18: %s with URGENT_INDIRECT says why", (type) => {
    const urgency = "URGENT_INDIRECT";
    expect(brokenWhole(type, { urgency })).toEqual(["RULE_FIU_URGENCY_REASON "]);
    const urgencyReason = { text: "The account is being emptied.", lang: "en" };
    expect(brokenWhole(type, { urgency, inner: { urgencyReason } })).toEqual([]);
    expect(brokenWhole(type, { urgency: "FIU_EXTERNAL" })).toEqual([]);
  }); // prettier-ignore

  it.each<MessageType>(["fiu.spontaneous", "fiu.bulk_cbr", "fiu.report"])(
    "what %s may be used for is said",
    (type) => {
      expect(brokenWhole(type, { inner: { purposes: [] } })).toEqual(["RULE_FIU_PURPOSE_MISSING "]);
      expect(brokenWhole(type, {})).toEqual([]);
    },
  );

  it("feedback that something was of no use says why", () => {
    const none = { "/usefulness": "NONE" };
    expect(broken("fiu.feedback", none)).toEqual([]);
    expect(broken("fiu.feedback", { ...none, "/remarks": undefined })).toEqual([
      "RULE_FIU_FEEDBACK_UNEXPLAINED /remarks",
    ]);
  });

  it("a postponement names the account or the transaction, at most 90 days, and its report", () => {
    const without = (...fields: string[]) =>
      broken("fiu.postpone_request", Object.fromEntries(fields.map((field) => [`/${field}`, undefined])));
    expect(without("account", "transaction")).toEqual(["RULE_POSTPONE_TARGET_MISSING /account"]);
    expect(without("account")).toEqual([]);
    expect(without("transaction")).toEqual([]);
    expect(without("maxHours")).toEqual(["SCHEMA_FIELD_MISSING /maxHours"]);
    expect(without("reportRef")).toEqual(["SCHEMA_FIELD_MISSING /reportRef"]);
    expect(broken("fiu.postpone_request", { "/maxHours": 2161 })).toEqual([
      "SCHEMA_FIELD_RANGE /maxHours",
    ]);
  }); // prettier-ignore
});

describe("T24: a filter", () => {
  it("is valid for 90 days at most", () => {
    const until = (validUntil: string) =>
      brokenWhole("fiu.match_filter", { body: { "/validUntil": validUntil } });
    expect(until("2027-02-19T12:00:00Z")).toEqual([]);
    expect(until("2027-02-19T12:00:01Z")).toEqual(["RULE_FILTER_TOO_LONG /validUntil"]);
    expect(until("2026-11-21T12:00:00Z")).toEqual(["RULE_FILTER_TOO_LONG /validUntil"]);
  });

  it("goes to its named testers and to nobody else", () => {
    const to = (...recipients: string[]) =>
      brokenWhole("fiu.match_filter", { inner: { recipients } });
    expect(to("tn/fiu")).toEqual([]);
    expect(to("tn/fiu", "dz/fiu")).toEqual(["RULE_FILTER_TESTERS /allowedTesters"]);
    expect(to("dz/fiu")).toEqual(["RULE_FILTER_TESTERS /allowedTesters"]);
    expect(broken("fiu.match_filter", { "/allowedTesters": [] })).toEqual([
      "SCHEMA_FIELD_ITEMS /allowedTesters",
    ]);
  });

  it("has as many bits as it says, and a key of an agreement", () => {
    const bits = (count: number) => broken("fiu.match_filter", { "/filterBits": count });
    expect(bits(1017)).toEqual([]);
    expect(bits(1016)).toEqual(["RULE_FILTER_SHAPE /payload"]);
    expect(bits(1025)).toEqual(["RULE_FILTER_SHAPE /payload"]);
    expect(broken("fiu.match_filter", { "/saltId": undefined })).toEqual([
      "SCHEMA_FIELD_MISSING /saltId",
    ]);
  });
});

type Field = NonNullable<(typeof descriptors)[string]>["fields"][number];

/** Every field of a message and of all it holds. */
function reach(name: string): readonly Field[] {
  const fields = descriptors[name]?.fields ?? [];
  return fields.flatMap((field) => [field, ...reach(field.message ?? "")]);
}

describe("T24, T25: a hit", () => {
  it.each(["FiuMatchHit", "FiuMatchFilter"])("%s cannot name anyone", (message) => {
    const fields = reach(message);
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter(({ personal }) => personal !== undefined)).toEqual([]);
    expect(fields.filter(({ message: held }) => held === "LocalizedText")).toEqual([]);
  });

  it("has no text of its own at all", () => {
    const texts = reach("FiuMatchHit").filter(
      ({ kind, code }) => kind === "string" && code === undefined,
    );
    expect(texts).toEqual([]);
    expect(broken("fiu.match_hit", { "/name": "Awa Diop" })).toEqual([
      "SCHEMA_FIELD_UNKNOWN /name",
    ]);
  });

  it("has a handle that only its maker can resolve, and at most a draft that a person sends", () => {
    expect(broken("fiu.match_hit", { "/localHandle": "QUJD" })).toEqual([
      "SCHEMA_FIELD_LENGTH /localHandle",
    ]);
    expect(broken("fiu.match_hit", { "/draftId": undefined })).toEqual([]);
  });
});

describe("the rules of this group", () => {
  it("each has its sentence in six languages, and no sentence is without a rule", () => {
    const rules = [
      ...Object.values(financeBodyRules),
      ...Object.values(financeMessageRules),
    ].flat();
    expect(Object.keys(sentences).toSorted()).toEqual(
      [...new Set(rules.map(({ code }) => code))].toSorted(),
    );
    for (const labels of Object.values(sentences)) {
      expect(Object.keys(labels)).toEqual(["en", "fr", "pt", "ar", "es", "sw"]);
    }
  });
});
