import { describe, expect, it } from "vitest";

import { parseBody, parseInnerHeader } from "../body/index.ts";
import { type Bodies, bodyCodecs, descriptors } from "../gen/index.ts";
import {
  bodyRulesOf,
  findBroken,
  findPersonal,
  type HeaderContext,
  headerRules,
  messageRulesOf,
} from "./index.ts";

const words = { text: "words", lang: "en", marks: [] };
const inner = parseInnerHeader({});

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

const alert = parseBody("alert.incident", {
  kind: "drugs",
  occurredFrom: "2026-03-09T14:05:00Z",
  place: { country: "TG" },
  narrative: { text: "words", lang: "en" },
  caseStatus: "REPORTED",
  caseRef: "1",
});
type Alert = Bodies["alert.incident"];
type Person = Alert["persons"][number];

const message = descriptors[bodyCodecs["alert.incident"].message]!;

function brokenBody(change: Partial<Alert>, form = "SEALED"): readonly string[] {
  const rules = bodyRulesOf("alert.incident");
  return findBroken(rules, { message, form, body: { ...alert, ...change } }).map(
    ({ code, path }) => `${code} ${path}`,
  );
}

function brokenWhole(person: object, scope = "FEED"): readonly string[] {
  const persons: readonly Person[] = parseBody("alert.incident", {
    kind: "drugs",
    occurredFrom: "2026-03-09T14:05:00Z",
    place: { country: "TG" },
    narrative: { text: "words", lang: "en" },
    caseStatus: "REPORTED",
    caseRef: "1",
    persons: [person],
  }).persons;
  const context = { ...header, message, scope, originator: "tg/tcu", createdAt: 1, expiresAt: 2 };
  return findBroken(messageRulesOf("alert.incident"), {
    ...context,
    body: { ...alert, persons },
  }).map(({ code, path }) => `${code} ${path}`);
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
    const sensitiveBasis = { scheme: "ECOWAS_2010", code: "31.5", mapped: [] };
    expect(brokenHeader({ inner: { ...sensitive, sensitiveBasis } })).toEqual([]);
  });

  it.each(["fiu.reply", "reply.final", "hit.confirmation", "query.result"])(
    "%s names what it answers",
    (type) => {
      expect(brokenHeader({ type })).toEqual(["RULE_REPLY_WITHOUT_REQUEST /inReplyTo"]);
      const answering = { ...inner, inReplyTo: Buffer.alloc(16) };
      expect(brokenHeader({ type, inner: answering })).toEqual([]);
    },
  );
});

describe("rules of every header", () => {
  it.each(["RED", "AMBER_STRICT"])("what travels open is not marked %s", (tlp) => {
    const open = { type: "maritime.incident", form: "OPEN", inner: { ...inner, tlp } };
    expect(brokenHeader(open)).toEqual(["RULE_OPEN_TLP_TOO_HIGH /tlp"]);
    expect(brokenHeader({ ...open, form: "SEALED" })).toEqual([]);
    expect(brokenHeader({ ...open, inner: { ...inner, tlp: "AMBER" } })).toEqual([]);
  });

  it("an evaluation is graded in one scheme", () => {
    const graded = (scheme: string, sourceGrade: string, informationGrade: string) =>
      brokenHeader({ inner: { ...inner, evaluation: { scheme, sourceGrade, informationGrade } } });
    expect(graded("EUROPOL_4X4", "EUROPOL_B", "EUROPOL_2")).toEqual([]);
    expect(graded("UK_3X5X2", "UK352_1", "UK352_A")).toEqual([]);
    for (const [source, information] of [
      ["ADMIRALTY_B", "EUROPOL_2"],
      ["EUROPOL_B", "UK555_2"],
    ] as const) {
      expect(graded("EUROPOL_4X4", source, information)).toEqual([
        "RULE_EVALUATION_MIXED /evaluation",
      ]);
    }
  });

  it("nobody is written to from whom it is kept", () => {
    const recipients = ["rw/ncb", "ke/dpp"];
    const sent = (kept: Partial<typeof inner>): readonly string[] =>
      brokenHeader({ inner: { ...inner, recipients, ...kept } });
    expect(sent({ protectedFrom: ["SO"], excludedRecipients: ["rw/police"] })).toEqual([]);
    expect(sent({ protectedFrom: ["KE"] })).toEqual(["RULE_RECIPIENT_KEPT_FROM /recipients/1"]);
    expect(sent({ excludedRecipients: ["rw/ncb"] })).toEqual([
      "RULE_RECIPIENT_KEPT_FROM /recipients/0",
    ]);
  });
});

describe("an open message", () => {
  it("cannot be kept from anyone: its feed is open to all its readers", () => {
    const open = { type: "bulletin.red_flag", form: "OPEN" };
    const kept = (change: object): readonly string[] =>
      brokenHeader({ ...open, inner: { ...inner, ...change } });
    expect(kept({})).toEqual([]);
    expect(kept({ protectedFrom: ["KE"] })).toEqual(["RULE_OPEN_KEPT_FROM /protectedFrom"]);
    expect(kept({ excludedRecipients: ["ke/tcu"] })).toEqual([
      "RULE_OPEN_KEPT_FROM /excludedRecipients",
    ]);
    expect(brokenHeader({ inner: { ...inner, protectedFrom: ["KE"] } })).toEqual([]);
  });
});

describe("rules of every body", () => {
  it("a plain body breaks none", () => {
    expect(brokenBody({})).toEqual([]);
  });

  it("what happened ended after it began", () => {
    const { occurredFrom } = alert;
    expect(brokenBody({ occurredTo: occurredFrom - 1 })).toEqual([
      "RULE_PERIOD_REVERSED /occurredTo",
    ]);
    expect(brokenBody({ occurredTo: occurredFrom })).toEqual([]);
  });

  const born = (birth: object): readonly string[] => {
    const person: object = { roles: ["SUSPECT"], names: [], sex: "M", birth };
    const rules = bodyRulesOf("alert.incident");
    const body = { ...alert, persons: [person] };
    return findBroken(rules, { message, form: "SEALED", body: Object.assign({}, alert, body) }).map(
      ({ code, path }) => `${code} ${path}`,
    );
  };

  it.each([
    [{ year: 1980, month: 2, day: 30 }],
    [{ year: 1981, month: 2, day: 29 }],
    [{ year: 1980, month: 4, day: 31 }],
    [{ year: 1980, day: 3 }],
  ])("%o is no date of the calendar", (birth) => {
    expect(born(birth)).toEqual(["RULE_DATE_IMPOSSIBLE /persons/0/birth"]);
  });

  it.each([[{ year: 1980 }], [{ year: 1980, month: 2 }], [{ year: 1980, month: 2, day: 29 }]])(
    "%o is a date",
    (birth) => {
      expect(born(birth)).toEqual([]);
    },
  );

  it("a span that a translation must not touch lies within its text, counted in characters", () => {
    const marked = (start: number, end: number): readonly string[] =>
      brokenBody({
        narrative: { text: "🚢 Traoré", lang: "fr", marks: [{ start, end, kind: "PERSON_NAME" }] },
      });
    expect(marked(2, 8)).toEqual([]);
    expect(marked(2, 9)).toEqual(["RULE_SPAN_OUTSIDE /narrative/marks/0"]);
    expect(marked(3, 3)).toEqual(["RULE_SPAN_OUTSIDE /narrative/marks/0"]);
  });

  it("an attachment has key and manifest, or neither, at any depth", () => {
    const digest = new Uint8Array(32);
    const file = { digest, role: "PHOTO", mediaType: "image/png", size: 9 };
    const broken = (change: object, place: "attachments" | "biometrics"): readonly string[] => {
      const attachment = { ...file, ...change };
      if (place === "attachments") return brokenBody({ attachments: [file, attachment] });
      const names = [{ full: "A", kind: "LEGAL" }];
      const person: object = {
        roles: ["SUSPECT"],
        names,
        sex: "UNKNOWN",
        biometrics: [attachment],
      };
      return brokenBody(Object.assign({}, alert, { persons: [person] }));
    };
    for (const place of ["attachments", "biometrics"] as const) {
      const at = place === "attachments" ? "/attachments/1" : "/persons/0/biometrics/0";
      expect(broken({}, place)).toEqual([]);
      expect(broken({ key: digest, manifest: digest }, place)).toEqual([]);
      expect(broken({ key: digest }, place)).toEqual([`RULE_ATTACHMENT_KEY_ALONE ${at}/manifest`]);
      expect(broken({ manifest: digest }, place)).toEqual([`RULE_ATTACHMENT_KEY_ALONE ${at}/key`]);
    }
  });

  it("a message that travels open holds nothing about a person, at any depth", () => {
    const person: object = {
      roles: ["SUSPECT"],
      names: [
        { full: "A", kind: "LEGAL" },
        { full: "B", kind: "ALIAS" },
      ],
      sex: "UNKNOWN",
      birth: { year: 1980 },
    };
    const body = Object.assign({}, alert, { persons: [person] });
    const broken = (form: string): readonly string[] =>
      findBroken(bodyRulesOf("alert.incident"), { message, form, body }).map(
        ({ code, path }) => `${code} ${path}`,
      );
    expect(broken("OPEN")).toEqual([
      "RULE_PERSONAL_DATA_IN_OPEN /persons/0/names/0/full",
      "RULE_PERSONAL_DATA_IN_OPEN /persons/0/names/1/full",
      "RULE_PERSONAL_DATA_IN_OPEN /persons/0/birth",
    ]);
    expect(broken("SEALED")).toEqual([]);
    expect(brokenBody({}, "OPEN")).toEqual([]);
  });
});

describe("protected persons", () => {
  const named = { names: [{ full: "Awa N'Diaye", kind: "LEGAL" }], sex: "F" };
  const hidden = { names: [{ full: "V-17", kind: "PSEUDONYM" }], sex: "F" };

  it.each(["VICTIM", "WITNESS", "SMUGGLED_PERSON", "PROTECTED"])(
    "a %s stands in a feed by pseudonym only",
    (role) => {
      expect(brokenWhole({ ...named, roles: [role] })).toEqual([
        "RULE_PROTECTED_NAMED_IN_FEED /persons/0/names/0",
      ]);
      expect(brokenWhole({ ...hidden, roles: [role] })).toEqual([]);
      expect(brokenWhole({ ...named, roles: [role] }, "DIRECT")).toEqual([]);
    },
  );

  it("a minor stands in a feed by pseudonym only, unless he is sought", () => {
    expect(brokenWhole({ ...named, roles: ["SUSPECT"], minor: true })).toEqual([
      "RULE_PROTECTED_NAMED_IN_FEED /persons/0/names/0",
    ]);
    expect(brokenWhole({ ...named, roles: ["MISSING"], minor: true })).toEqual([]);
    expect(brokenWhole({ ...named, roles: ["MISSING"], minor: true, protected: true })).toEqual([
      "RULE_PROTECTED_NAMED_IN_FEED /persons/0/names/0",
    ]);
  });

  it("nothing else that tells who it is stands beside the pseudonym", () => {
    const phones = [{ number: "+22177123456" }];
    expect(brokenWhole({ ...hidden, roles: ["VICTIM"], phones })).toEqual([
      "RULE_PROTECTED_NAMED_IN_FEED /persons/0/phones",
    ]);
  });

  it.each(["FEED", "DIRECT"])("an informant is named to nobody, %s or not", (scope) => {
    expect(brokenWhole({ ...named, roles: ["INFORMANT"] }, scope)).toEqual([
      "RULE_INFORMANT_NAMED /persons/0/names/0",
    ]);
    expect(brokenWhole({ ...hidden, roles: ["INFORMANT"] }, scope)).toEqual([]);
  });
});

describe("findPersonal", () => {
  it("no type that travels open can even hold a field about a person", () => {
    const reaches = (name: string): boolean =>
      (descriptors[name]?.fields ?? []).some(
        ({ personal, message: held }) =>
          personal !== undefined || (held !== undefined && reaches(held)),
      );
    const open = Object.values(descriptors).filter(({ body }) => body?.form === "OPEN");
    expect(open.length).toBeGreaterThan(0);
    for (const { name } of open) expect([name, reaches(name)]).toEqual([name, false]);
  });

  it("finds nothing in a message it does not know", () => {
    expect(findPersonal("NoSuchMessage", { full: "A" })).toEqual([]);
  });
});
