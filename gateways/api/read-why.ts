import type { AudienceHeader, Question } from "../../certs/trust/index.ts";
import { isKnownCode, isKnownType, isLanguage, type Language } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** A question about the rights of one agency, and the language of the answer. */
export interface DecisionQuery {
  readonly question: Question;
  readonly lang: Language;
}

/** A question about everybody who would read a message, and which part of the answer is wanted. */
export interface AudienceQuery {
  readonly header: AudienceHeader;
  readonly lang: Language;
  /** Only those who would read it, or only the others. */
  readonly who?: "readers" | "others";
  /** The last agency of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** How a parameter is spelt, how to say so, and how often it may stand there. */
interface Spelling {
  readonly isGood: (text: string) => boolean;
  readonly says: string;
  readonly most: number;
}

const defaultLimit = 50;
const maxLimit = 200;
const maxTextLength = 60;
/** Every place and crime of a message is asked about every agency: more of them is a question for several calls. */
const maxPairs = 12;

function once(pattern: RegExp, says: string): Spelling {
  return { isGood: (text) => pattern.test(text), says, most: 1 };
}

const agency = once(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/, "an agency, such as gh/tcu");
const scope = once(/^[a-z]{2,10}$/, 'a community, such as ecowas, or "direct"');
const crime = {
  isGood: (text: string) => isKnownCode("CRIME", text),
  says: "a crime, such as drugs",
  most: 1,
};
const common = {
  originator: agency,
  type: { isGood: isKnownType, says: "a message type, such as alert.incident", most: 1 },
  handling: once(/^H[0-3]$/, "H0, H1, H2 or H3"),
  lang: { isGood: isLanguage, says: "en, fr, pt, ar, es or sw", most: 1 },
  protectedFrom: { ...once(/^[A-Z]{2}$/, "a state in two capitals, such as GH"), most: 20 },
  excludedRecipient: { ...agency, most: 20 },
} satisfies Readonly<Record<string, Spelling>>;

const decisionSpellings = {
  action: once(/^(?:READ|PUBLISH)$/, "READ or PUBLISH"),
  agency,
  scope,
  crime,
  recipient: agency,
  purpose: {
    isGood: (text: string) => isKnownCode("PURPOSE", text),
    says: "a code of PURPOSE",
    most: 8,
  },
  ...common,
} satisfies Readonly<Record<string, Spelling>>;

const audienceSpellings = {
  scope: { ...scope, most: maxPairs },
  crime: { ...crime, most: maxPairs },
  who: once(/^(?:readers|others)$/, "readers or others"),
  cursor: { ...agency, says: "the cursor of the page before, unchanged" },
  limit: once(/^(?:[1-9]\d?|1\d\d|200)$/, `a number from 1 to ${maxLimit}`),
  ...common,
} satisfies Readonly<Record<string, Spelling>>; // prettier-ignore

/** What stands in a query, each member once it was found good. */
interface Found {
  /** @throws {Fault} REQUEST_INVALID when it is not there */
  one(name: string): string;
  maybe(name: string): string | undefined;
  all(name: string): readonly string[];
}

function checkMember(search: URLSearchParams, name: string, { isGood, says, most }: Spelling): void {
  const values = search.getAll(name);
  const isFit = values.every((value) => value.length <= maxTextLength && isGood(value));
  if (isFit && values.length <= most) return;
  const often = most === 1 ? "once" : `${most} times at most`;
  throw new Fault("REQUEST_INVALID", `${name} is ${says}, ${often}`);
} // prettier-ignore

function readMembers(search: URLSearchParams, spellings: Readonly<Record<string, Spelling>>): Found {
  if ([...search.keys()].some((name) => !Object.hasOwn(spellings, name))) {
    const known = Object.keys(spellings).join(", ");
    throw new Fault("REQUEST_INVALID", `a query parameter is none of ${known}`);
  }
  for (const [name, spelling] of Object.entries(spellings)) checkMember(search, name, spelling);
  return {
    one: (name) => {
      const value = search.get(name);
      if (value !== null) return value;
      throw new Fault("REQUEST_INVALID", `${name} is missing: ${spellings[name]?.says ?? ""}`);
    },
    maybe: (name) => search.get(name) ?? undefined,
    all: (name) => search.getAll(name),
  };
} // prettier-ignore

/** Whom the sender keeps it from; members that are not there are left out. */
function readKept(found: Found): Pick<Question, "kept"> {
  const [states, agencies] = [found.all("protectedFrom"), found.all("excludedRecipient")];
  return states.length + agencies.length === 0 ? {} : { kept: { states, agencies } };
}

function readLanguage(found: Found): Language {
  const lang = found.maybe("lang") ?? "en";
  return isLanguage(lang) ? lang : "en";
}

function readOriginator(found: Found, action: Question["action"]): string {
  if (action === "READ") return found.one("originator");
  const own = found.one("agency");
  if ((found.maybe("originator") ?? own) === own) return own;
  throw new Fault("REQUEST_INVALID", "who publishes is the originator: leave originator out");
}

/**
 * Reads a question about one agency: `action`, `agency`, `scope`, `type`, `crime`, `handling`; of READ `originator`; if
 * wanted `recipient`, `purpose`, `protectedFrom`, `excludedRecipient`, `lang`.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseDecisionQuery(search: URLSearchParams): DecisionQuery {
  const found = readMembers(search, decisionSpellings);
  const action = found.one("action") === "READ" ? "READ" : "PUBLISH";
  const purposes = found.all("purpose");
  const recipient = found.maybe("recipient");
  const question: Question = {
    action,
    agency: found.one("agency"),
    originator: readOriginator(found, action),
    scope: found.one("scope"),
    type: found.one("type"),
    crime: found.one("crime"),
    handling: found.one("handling"),
    ...(recipient === undefined ? {} : { recipient }),
    ...(purposes.length === 0 ? {} : { purposes }),
    ...readKept(found),
  };
  return { question, lang: readLanguage(found) };
}

/**
 * Reads a question about all readers of a feed message: `originator`, `type`, `handling`, each `scope` and `crime`; if
 * wanted `protectedFrom`, `excludedRecipient`, `who`, `lang`, `cursor`, `limit`.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseAudienceQuery(search: URLSearchParams): AudienceQuery {
  const found = readMembers(search, audienceSpellings);
  const [recs, crimes] = [found.all("scope"), found.all("crime")];
  const pairs = recs.length * crimes.length;
  if (pairs === 0 || pairs > maxPairs || recs.includes("direct")) {
    const says = `name a community and a crime, ${maxPairs} pairs at most; of mail by name ask /v1/register/decision`;
    throw new Fault("REQUEST_INVALID", says);
  }
  const who = found.maybe("who");
  const cursor = found.maybe("cursor");
  return {
    header: {
      originator: found.one("originator"),
      type: found.one("type"),
      handling: found.one("handling"),
      recs: [...recs],
      crimes: [...crimes],
      ...readKept(found),
    },
    lang: readLanguage(found),
    ...(who === "readers" || who === "others" ? { who } : {}),
    ...(cursor === undefined ? {} : { cursor }),
    limit: Number(found.maybe("limit") ?? defaultLimit),
  };
}
