import { describe, expect, it } from "vitest";

import {
  checkWhole,
  type MessageType,
  parseBody,
  parseInnerHeader,
  typeOptions,
} from "../../body/index.ts";
import { exampleInstant, exampleOf } from "../../examples/index.ts";
import { Fault } from "../../ground/index.ts";
import { isStaleEntry } from "./index.ts";

type Json = Readonly<Record<string, unknown>>;

/** The codes and places a body of this type is refused for, the example changed as given. */
function refusals(
  type: MessageType,
  change: Json = {},
  { originator, inner = {} }: { originator?: string; inner?: Json } = {},
): readonly string[] {
  const example = exampleOf(type);
  const { urgency, scope } = typeOptions(type)!;
  const json = Object.entries({ ...example.body, ...change }).filter(([, value]) => value !== null);
  try {
    checkWhole({
      type,
      scope,
      urgency,
      handling: example.handling,
      originator: originator ?? example.originator,
      createdAt: exampleInstant,
      expiresAt: exampleInstant + 86_400_000,
      inner: parseInnerHeader({ ...example.inner, ...inner }),
      body: parseBody(type, Object.fromEntries(json)),
    });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.violations.map(({ code, path }) => `${code} ${path}`);
  }
}

const machine = {
  method: "MT_RAW",
  engine: "LibreTranslate",
  translatorRef: null,
  reviewerRef: null,
};
const notForCourt = { inner: { courtUse: "NO" } };

describe("translation.product", () => {
  it("a sworn translation, a checked one and a raw one pass", () => {
    expect(refusals("translation.product")).toEqual([]);
    expect(refusals("translation.product", { method: "HUMAN", translatorRef: null })).toEqual([]);
    const checked = { ...machine, method: "MT_POST_EDITED", reviewerRef: "gh-r1" };
    expect(refusals("translation.product", checked)).toEqual([]);
    expect(refusals("translation.product", machine, notForCourt)).toEqual([]);
  });

  it.each(["MT_RAW", "MT_POST_EDITED"])(
    "a machine's translation (%s) names its engine",
    (method) => {
      expect(refusals("translation.product", { method }, notForCourt)).toEqual([
        "RULE_TRANSLATION_ENGINE_MISSING /engine",
      ]);
    },
  );

  it.each(["HUMAN", "HUMAN_SWORN"])("a person's translation (%s) names no engine", (method) => {
    expect(refusals("translation.product", { method, engine: "LibreTranslate" })).toEqual([
      "RULE_TRANSLATION_ENGINE_NAMED /engine",
    ]);
  });

  it("a sworn translation names its translator", () => {
    expect(refusals("translation.product", { translatorRef: null })).toEqual([
      "RULE_TRANSLATION_TRANSLATOR_MISSING /translatorRef",
    ]);
  });

  it("a checked machine translation names who checked it", () => {
    expect(refusals("translation.product", { ...machine, method: "MT_POST_EDITED" })).toEqual([
      "RULE_TRANSLATION_REVIEWER_MISSING /reviewerRef",
    ]);
  });

  it("a translation is into another language than its original", () => {
    expect(refusals("translation.product", { sourceLanguage: "en" })).toEqual([
      "RULE_TRANSLATION_SAME_LANGUAGE /text/lang",
    ]);
    expect(refusals("translation.product", { sourceLanguage: "en-GB" })).toEqual([]);
  });

  it.each(["/segments/0/text", "/persons/12/marks/3"])("the pointer %s passes", (pointer) => {
    expect(refusals("translation.product", { pointer })).toEqual([]);
  });

  it.each([
    "narrative",
    "/narrative/",
    "/a//b",
    "/01",
    "/a~1b",
    "/__proto__",
    "/a b",
    `/${"a".repeat(61)}`,
  ])("the pointer %j is refused", (pointer) => {
    expect(refusals("translation.product", { pointer })).toEqual([
      "RULE_TRANSLATION_POINTER /pointer",
    ]);
  });

  it.each(["ASK", "YES_VIA_MLA"])(
    "a raw machine translation is never court text (%s)",
    (courtUse) => {
      expect(refusals("translation.product", machine, { inner: { courtUse } })).toEqual([
        "RULE_TRANSLATION_COURT_RAW /method",
      ]);
    },
  );

  it("the hash of the original and the message's id are never missing", () => {
    expect(refusals("translation.product", { sourceDigest: null, targetId: null })).toEqual([
      "SCHEMA_FIELD_MISSING /targetId",
      "SCHEMA_FIELD_MISSING /sourceDigest",
    ]);
  });

  it("it travels sealed and directly, as its original may", () => {
    expect(typeOptions("translation.product")).toMatchObject({ form: "SEALED", scope: "DIRECT" });
  });
});

describe("translation.request", () => {
  const [segment] = exampleOf("translation.request").body["segments"] as readonly Json[];

  it("the example passes", () => {
    expect(refusals("translation.request")).toEqual([]);
  });

  it("a machine is not asked for court text", () => {
    expect(refusals("translation.request", { quality: "MACHINE_OK" })).toEqual([
      "RULE_TRANSLATION_COURT_QUALITY /quality",
    ]);
    expect(refusals("translation.request", { quality: "MACHINE_OK", forCourt: false })).toEqual([]);
  });

  it("a field is asked for once", () => {
    expect(refusals("translation.request", { segments: [segment, segment] })).toEqual([
      "RULE_TRANSLATION_FIELD_TWICE /segments/1/pointer",
    ]);
  });

  it("a field that is in the language already is not asked for", () => {
    expect(refusals("translation.request", { segments: [segment], language: "fr" })).toEqual([
      "RULE_TRANSLATION_SAME_LANGUAGE /segments/0/source/lang",
    ]);
  });

  it("every pointer is one", () => {
    const segments = [segment, { ...segment, pointer: "x/" }];
    expect(refusals("translation.request", { segments })).toEqual([
      "RULE_TRANSLATION_POINTER /segments/1/pointer",
    ]);
  });

  it("the deadline is after the request", () => {
    expect(refusals("translation.request", { deadline: "2026-11-21T12:00:00.000Z" })).toEqual([
      "RULE_TRANSLATION_DEADLINE_PAST /deadline",
    ]);
    expect(refusals("translation.request", { deadline: null })).toEqual([]);
  });
});

describe("directory.authority", () => {
  const hours = { days: ["MONDAY"], opens: "08:00", closes: "16:00" };

  it("the example passes, and travels open to everyone", () => {
    expect(refusals("directory.authority")).toEqual([]);
    expect(typeOptions("directory.authority")).toMatchObject({
      form: "OPEN",
      scope: "FEED",
      personalData: "CONTACTS",
    });
  });

  it("a text stands once a language", () => {
    const names = ["en", "fr", "en"].map((lang) => ({ text: `name ${lang}`, lang }));
    expect(refusals("directory.authority", { names })).toEqual([
      "RULE_DIRECTORY_NAME_TWICE /names/2/lang",
    ]);
  });

  it.each([
    ["have a time zone", { timeZone: null }, "/timeZone"],
    [
      "close after they open",
      { officeHours: [{ ...hours, closes: "08:00" }] },
      "/officeHours/0/closes",
    ],
    ["are not given for an office that never closes", { alwaysOpen: true }, "/alwaysOpen"],
  ])("office hours %s", (_, change, path) => {
    expect(refusals("directory.authority", change)).toEqual([`RULE_DIRECTORY_HOURS ${path}`]);
  });

  it("an office that never closes needs neither hours nor zone", () => {
    const change = { alwaysOpen: true, officeHours: null, timeZone: null };
    expect(refusals("directory.authority", change)).toEqual([]);
  });

  it.each([
    ["this network", { agency: null }, "/agency"],
    ["e-mail", { contact: { phone: "+251115550101" } }, "/contact/email"],
    ["post", { postalAddress: null }, "/postalAddress"],
  ])("a channel comes with its address: %s", (_, change, path) => {
    expect(refusals("directory.authority", change)).toEqual([`RULE_DIRECTORY_UNREACHABLE ${path}`]);
  });

  it("a state describes its own authorities only", () => {
    expect(refusals("directory.authority", {}, { originator: "ke/ncb" })).toEqual([
      "RULE_DIRECTORY_FOREIGN /country",
      "RULE_DIRECTORY_FOREIGN /agency",
    ]);
    expect(refusals("directory.authority", { agency: "ke/ncb" })).toEqual([
      "RULE_DIRECTORY_FOREIGN /agency",
    ]);
    expect(refusals("directory.authority", {}, { originator: "igad/centre" })).toEqual([]);
  });

  it("an entry was verified before it is sent", () => {
    expect(refusals("directory.authority", { verifiedAt: "2026-11-21T12:00:00.001Z" })).toEqual([
      "RULE_DIRECTORY_VERIFIED_LATER /verifiedAt",
    ]);
  });

  it("an entry nobody verified for twelve months is flagged, not refused", () => {
    const entry = parseBody("directory.authority", exampleOf("directory.authority").body);
    const year = 365 * 86_400_000;
    expect(isStaleEntry(entry, entry.verifiedAt + year)).toBe(false);
    expect(isStaleEntry(entry, entry.verifiedAt + year + 1)).toBe(true);
    expect(refusals("directory.authority", { verifiedAt: "2020-01-01T00:00:00.000Z" })).toEqual([]);
  });
});

describe("glossary.term", () => {
  const words = (...pairs: readonly (readonly [string, string])[]): readonly Json[] =>
    pairs.map(([lang, text]) => ({ lang, text }));

  it("the example passes", () => {
    expect(refusals("glossary.term")).toEqual([]);
  });

  it("a concept has one word and one definition a language", () => {
    const labels = words(["en", "broker"], ["fr", "courtier"], ["en", "middleman"]);
    const definitions = words(["sw", "maana"], ["sw", "maana"]);
    expect(refusals("glossary.term", { labels, definitions })).toEqual([
      "RULE_GLOSSARY_LANGUAGE_TWICE /labels/2/lang",
      "RULE_GLOSSARY_LANGUAGE_TWICE /definitions/1/lang",
    ]);
  });

  it("a word is not both to be used and to be avoided", () => {
    const change = {
      labels: words(["en", "victim"], ["fr", "victime"]),
      doNotUse: words(["fr", "victim"], ["en", "Victim"]),
    };
    expect(refusals("glossary.term", change)).toEqual(["RULE_GLOSSARY_CONTRADICTS /doNotUse/1"]);
  });

  it("one language is no glossary", () => {
    expect(refusals("glossary.term", { labels: words(["en", "victim"]), doNotUse: null })).toEqual([
      "SCHEMA_FIELD_ITEMS /labels",
    ]);
  });
});
