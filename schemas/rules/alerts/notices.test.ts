import { describe, expect, it } from "vitest";

import {
  checkWhole,
  type MessageType,
  parseBody,
  parseInnerHeader,
  typeOptions,
} from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { isFault } from "../../ground/index.ts";

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

const words = { text: "words", lang: "en" };
const messageId = "019a1fe8-0000-7000-8000-000000000001";

function after(days: number): string {
  return new Date(exampleInstant + days * day).toISOString();
}

describe("a wanted notice (T5)", () => {
  const refused = (changes: Json): readonly string[] => refusals("notice.wanted", changes);

  it("with warrant, offence, facts and identity passes", () => {
    expect(refused({})).toEqual([]);
  });

  it("without a warrant, or without the warrant's number, is refused", () => {
    expect(refused({ "/warrants": [] })).toEqual(["RULE_WANTED_WITHOUT_WARRANT /warrants"]);
    const unnumbered = ["RULE_WANTED_WITHOUT_WARRANT /warrants/0/reference"];
    expect(refused({ "/warrants/0/reference": null })).toEqual(unnumbered);
    expect(refused({ "/warrants/0/reference": " " })).toEqual(unnumbered);
  });

  it("without an offence is refused", () => {
    expect(refused({ "/warrants/0/offences": [] })).toEqual([
      "RULE_WANTED_WITHOUT_OFFENCE /warrants/0/offences",
    ]);
  });

  it("without facts is refused", () => {
    expect(refused({ "/facts": null })).toEqual(["RULE_WANTED_WITHOUT_FACTS /facts"]);
  });

  it("whose act names no legal system is refused", () => {
    expect(refused({ "/warrants/0/legalSystem": null })).toEqual([
      "RULE_ACT_WITHOUT_LEGAL_SYSTEM /warrants/0/legalSystem",
    ]);
  });

  it("that asks for an arrest without promising extradition is refused", () => {
    const expected = ["RULE_WANTED_ARREST_WITHOUT_EXTRADITION /extraditionAssured"];
    expect(refused({ "/extraditionAssured": null })).toEqual(expected);
    expect(refused({ "/extraditionAssured": false })).toEqual(expected);
    expect(refused({ "/extraditionAssured": false, "/onFinding": "LOCATE_NO_ACTION" })).toEqual([]);
  });

  it("with a public edition is bound to handling H0 and no restriction", () => {
    const edition = { "/publicEdition": true };
    const restricted = ["RULE_PUBLIC_EDITION_RESTRICTED /publicEdition"];
    expect(refusals("notice.wanted", edition, { handling: "H0" })).toEqual([]);
    expect(refused(edition)).toEqual(restricted);
    const asked = { handling: "H0", inner: { consentRequiredFor: ["PUBLIC_RELEASE"] } };
    expect(refusals("notice.wanted", edition, asked)).toEqual(restricted);
  });
});

describe("a capital offence", () => {
  const capital = { "/warrants/0/offences/1/deathPenalty": true };
  const promise = { kind: "DEATH_PENALTY", authority: "Minister of Justice" };
  const refused = (changes: Json, inner: Json = {}): readonly string[] =>
    refusals("notice.wanted", { ...capital, ...changes }, { inner });
  const expected = ["RULE_WANTED_CAPITAL_WITHOUT_ASSURANCE /assurances"];

  it("without an assurance against death is refused, whatever others there are", () => {
    expect(refused({})).toEqual(expected);
    expect(refused({ "/assurances": [] })).toEqual(expected);
    expect(refused({ "/assurances": [{ ...promise, kind: "TORTURE", messageId }] })).toEqual(
      expected,
    );
  });

  it("with an assurance that names its number or message passes; one that names neither does not", () => {
    expect(refused({ "/assurances": [{ ...promise, messageId }] })).toEqual([]);
    expect(refused({ "/assurances": [{ ...promise, reference: "EX-1" }] })).toEqual([]);
    expect(refused({ "/assurances": [promise] })).toEqual(expected);
  });

  it("is not covered by a consent the sender asks of others", () => {
    expect(refused({}, { consentRequiredFor: ["DEATH_PENALTY_CASE"] })).toEqual(expected);
  });
});

describe("the identity of a wanted person", () => {
  const bare = { "/person/documents": [], "/person/biometrics": [], "/photos": [] };
  const unknown = ["RULE_WANTED_NOT_IDENTIFIED /person"];
  const plain = { ...bare, "/person/physical": null };
  const refused = (changes: Json): readonly string[] => refusals("notice.wanted", changes);
  const document = { type: "PASSPORT", number: "EX1", issuerCountry: "ML" };
  const file = {
    digest: "A".repeat(43),
    role: "FINGERPRINT_NIST",
    mediaType: "application/octet-stream",
    size: 1,
  };
  const photos = [{ ...file, role: "PHOTO" }];

  it("is sex, year of birth and one of description, documents and biometrics", () => {
    expect(refused(bare)).toEqual([]);
    expect(refused({ ...plain, "/person/documents": [document] })).toEqual([]);
    expect(refused({ ...plain, "/person/biometrics": [file] })).toEqual([]);
    expect(refused(plain)).toEqual(unknown);
    expect(refused({ ...plain, "/person/physical": {} })).toEqual(unknown);
    expect(refused({ ...bare, "/person/birth": null })).toEqual(unknown);
    expect(refused({ ...bare, "/person/sex": "UNKNOWN" })).toEqual(unknown);
  });

  const faceOnly = {
    ...plain,
    "/photos": photos,
    "/person/birth": null,
    "/person/names": [{ full: "A", kind: "ALIAS" }],
  };

  it("or a photo and one thing more", () => {
    expect(refused(faceOnly)).toEqual(unknown);
    for (const more of [
      { "/person/birth": { year: 1979 } },
      { "/person/documents": [document] },
      { "/person/biometrics": [file] },
      { "/person/addresses": [{ city: "Kayes" }] },
      { "/person/physical": { heightCm: 184 } },
      { "/person/names/0/fatherName": "Bakary" },
      { "/person/names/0/motherFamily": "Keïta" },
      {
        "/person/names": [
          { full: "A", kind: "ALIAS" },
          { full: "B", kind: "ALIAS" },
        ],
      },
    ]) {
      expect(refused({ ...faceOnly, ...more })).toEqual([]);
      expect(refused({ ...faceOnly, ...more, "/photos": [] })).toEqual(unknown);
    }
  });
});

describe("the review of a notice (T6)", () => {
  const types = [
    "notice.wanted",
    "notice.missing",
    "notice.information",
    "notice.warning_person",
    "notice.unidentified_body",
    "notice.threat",
    "notice.modus_operandi",
    "notice.sanctions",
  ] as const;

  it.each(types)("%s says when it is reviewed, within five years", (type) => {
    const reviewed = (reviewBy: string | null): readonly string[] =>
      refusals(type, {}, { inner: { reviewBy } });
    expect(reviewed(after(1))).toEqual([]);
    expect(reviewed(after(5 * 365 + 2))).toEqual([]);
    expect(reviewed(after(5 * 365 + 3))).toEqual(["RULE_NOTICE_REVIEW_TOO_LATE "]);
    expect(reviewed(after(0))).toEqual(["RULE_NOTICE_REVIEW_TOO_LATE "]);
    expect(reviewed(null)).toEqual(["RULE_NOTICE_REVIEW_MISSING "]);
  });
});

describe("other notices", () => {
  it("a notice that seeks information cannot ask for an arrest", () => {
    expect(refusals("notice.information", { "/onFinding": "ARREST_PROVISIONAL" })).toEqual([
      "RULE_INFORMATION_ASKS_ARREST /onFinding",
    ]);
  });

  it.each([
    "alert.update",
    "notice.missing",
    "notice.warning_person",
    "notice.threat",
    "notice.sanctions",
    "record.person",
    "record.stolen_document",
    "record.stolen_vehicle",
    "record.firearm",
    "record.object",
  ] as const)("%s cannot ask for an arrest: that needs a wanted notice", (type) => {
    expect(refusals(type, {})).toEqual([]);
    expect(refusals(type, { "/onFinding": "ARREST_PROVISIONAL" })).toEqual([
      "RULE_ARREST_WITHOUT_WANTED_NOTICE /onFinding",
    ]);
  });

  it("a warning about a person without a conviction is refused", () => {
    expect(refusals("notice.warning_person", { "/convictions": [] })).toEqual([
      "RULE_WARNING_WITHOUT_CONVICTION /convictions",
    ]);
  });

  it.each([null, "", " "])("sanctions with the list number %j are refused", (unReference) => {
    expect(refusals("notice.sanctions", { "/unReference": unReference })).toEqual([
      "RULE_SANCTIONS_WITHOUT_UN_REFERENCE /unReference",
    ]);
  });

  it("sanctions are about one person, one organisation or one ship", () => {
    const vessel = { name: "Exercise Star" };
    expect(refusals("notice.sanctions", { "/organisation": null, "/vessel": vessel })).toEqual([]);
    const expected = ["RULE_SANCTIONS_SUBJECT_NOT_ONE "];
    expect(refusals("notice.sanctions", { "/organisation": null })).toEqual(expected);
    expect(refusals("notice.sanctions", { "/vessel": vessel })).toEqual(expected);
  });

  it("a missing person is shown to the public only with consent", () => {
    const expected = ["RULE_MISSING_PUBLISHED_WITHOUT_CONSENT /publicationConsented"];
    expect(refusals("notice.missing", { "/publicationConsented": null })).toEqual(expected);
    expect(refusals("notice.missing", { "/publicationConsented": false })).toEqual(expected);
    const hidden = { "/publicationConsented": null, "/publicEdition": false };
    expect(refusals("notice.missing", hidden)).toEqual([]);
  });
});

describe("a challenge", () => {
  const inner = { inReplyTo: messageId };

  it("without reasons is refused, and so is its answer", () => {
    const expected = ["RULE_CHALLENGE_WITHOUT_REASONS /reasons"];
    expect(refusals("notice.challenge", { "/reasons": null })).toEqual(expected);
    const answer = { "/reasons": null, "/step": "CONFIRMED" };
    expect(refusals("notice.challenge", answer, { inner })).toEqual(expected);
  });

  it.each(["HELD", "CONFIRMED", "CORRECTED", "WITHDRAWN"])("answered with %s is named", (step) => {
    const answer = { "/step": step, "/reasons": words };
    expect(refusals("notice.challenge", answer, { inner })).toEqual([]);
    expect(refusals("notice.challenge", answer)).toEqual(["RULE_CHALLENGE_ANSWER_UNLINKED /step"]);
  });
});
