import { parseBody } from "../../../schemas/index.ts";
import { type Bytes, type Clock, Fault, systemClock } from "../../../schemas/ground/index.ts";
import { buildPerson } from "./build-person.ts";
import { buildActivity, buildTransaction } from "./build-transaction.ts";
import { collectRest, type NotTaken } from "./collect-rest.ts";
import { buildAddress } from "./contacts.ts";
import { readMoment } from "./dates.ts";
import type { Dialect } from "./dialect.ts";
import type { XmlElement } from "./element.ts";
import { childOf, itemsOf } from "./find.ts";
import { readDecimal, readFlag } from "./numbers.ts";
import { parseXml } from "./parse-xml.ts";
import type { GoamlWarning, Reading } from "./reading.ts";
import { takeCode, takeCodeText, takeWords } from "./take-codes.ts";
import { needFrom, takeFrom, takeGroup, takeGroups } from "./take.ts";
import { type Json, readFormat, readShort } from "./values.ts";

/** What was read from one file. */
export interface GoamlReport {
  /** The body of a `fiu.report` in its JSON form; `parseBody` took it. */
  readonly body: Json;
  /** What stands in the file and not in the body, and why. Empty for every file of the usual size. */
  readonly notTaken: readonly NotTaken[];
  readonly warnings: readonly GoamlWarning[];
}

/** What a reader may be told beside the dialect. */
export interface GoamlOptions {
  /** The language the file's texts are in, BCP 47, when it is not the dialect's. */
  readonly lang?: string;
  readonly clock?: Pick<Clock, "elapsed">;
}

/** The most characters of one LocalizedText. */
const maxWords = 4000;

/** Cuts a long text between words, so that each piece fits one LocalizedText. */
function cutWords(text: string): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > maxWords) {
    const gap = Math.max(rest.lastIndexOf(" ", maxWords), rest.lastIndexOf("\n", maxWords));
    // half a character may not end a piece
    const whole = /[\ud800-\udbff]/.test(rest[maxWords - 1] ?? "") ? maxWords - 1 : maxWords;
    const end = gap > 0 ? gap : whole;
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...pieces, rest].filter((piece) => piece !== "");
}

function takeReason(reading: Reading, root: XmlElement): readonly Json[] {
  const pieces = takeFrom(reading, [root, "reason"], (text) => {
    const cut = cutWords(text);
    return cut.length <= 5 ? cut : undefined;
  });
  return (pieces ?? []).map((text) => ({ text, lang: reading.lang }));
}

function buildFact(reading: Reading, element: XmlElement): Json | undefined {
  const topic = takeFrom(reading, [element, "info_subject"], (text) => readShort(text, 255));
  if (topic === undefined) return undefined;
  return {
    localType: takeCode(reading, [element, "info_type"], "information").local,
    topic,
    text: takeWords(reading, [element, "info_text"]),
    figure: takeFrom(reading, [element, "info_numeric"], readDecimal),
    date: takeFrom(reading, [element, "info_date"], readMoment),
    holds: takeFrom(reading, [element, "info_boolean"], readFlag),
  };
}

function buildIndicators(reading: Reading, root: XmlElement): readonly Json[] {
  const found = itemsOf(root, "report_indicators", "indicator").slice(0, 50);
  return found.flatMap((one) => {
    const { code, local } = takeCodeText(reading, one, "indicator");
    return local === undefined ? [] : [{ kind: code, local }];
  });
}

function buildHead(reading: Reading, root: XmlElement): Json {
  const short = (name: string, max: number): string | undefined =>
    takeFrom(reading, [root, name], (text) => readShort(text, max));
  const kind = takeCode(reading, [root, "report_code"], "report");
  const submission = takeCode(reading, [root, "submission_code"], "submission");
  const dated = childOf(root, "report_date") === undefined ? "submission_date" : "report_date";
  return {
    kind: kind.code ?? "UNKNOWN",
    localKind: kind.local,
    scheme: reading.dialect.name,
    schemaVersion: short("schema_version", 25),
    reportingEntity: needFrom(reading, [root, "rentity_id"], (text) => readShort(text, 60)),
    reportingBranch: short("rentity_branch", 255),
    submission: submission.code,
    localSubmission: submission.local,
    entityReference: short("entity_reference", 255),
    fiuReference: short("fiu_ref_number", 255),
    rejectedReference: short("prev_rejected_ref_number", 255),
    reportDate: needFrom(reading, [root, dated], readMoment),
    currency: needFrom(reading, [root, "currency_code_local"], (text) =>
      readFormat(text, "currency"),
    ),
    reportingUser: short("reporting_user_code", 50),
    action: takeWords(reading, [root, "action"]),
  };
}

function buildContent(reading: Reading, root: XmlElement): Json {
  const transactions = root.children.filter(({ name }) => name === "transaction");
  if (transactions.length > 500) {
    throw new Fault("GOAML_TOO_MANY", "more than 500 transactions; split the report");
  }
  const activity = childOf(root, "activity");
  const person = childOf(root, "reporting_person");
  return {
    reportingPerson: person === undefined ? undefined : buildPerson(reading, person, ["OFFICIAL"]),
    location: takeGroup(reading, childOf(root, "location"), (one) => buildAddress(reading, one)),
    reason: takeReason(reading, root),
    transactions: transactions.map((one) => buildTransaction(reading, one)),
    activity: activity === undefined ? undefined : buildActivity(reading, activity),
    indicators: buildIndicators(reading, root),
    facts: takeGroups(
      reading,
      [itemsOf(root, "additional_information", "additional_info"), 50],
      (one) => buildFact(reading, one),
    ),
  };
}

/** Without what is undefined or an empty list: the form in which it is stored and shown. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => held !== undefined && !(Array.isArray(held) && held.length === 0))
      .map(([name, held]) => [name, compact(held)]),
  );
}

function makeReading(root: XmlElement, dialect: Dialect, lang: string | undefined): Reading {
  return {
    dialect,
    lang: lang ?? dialect.lang,
    localCurrency: childOf(root, "currency_code_local")?.text ?? "",
    connected: { persons: [], organisations: [] },
    warnings: [],
    taken: new Set(),
    unmapped: new Set(),
  };
}

/**
 * Reads one goAML report, as XML, into the body of a `fiu.report`. What the standard names goes into its field; what
 * it does not name, or what is not spelt as it says, stands among `details` with its path; what does not
 * fit there is listed in `notTaken`. Nothing is dropped without a word and nothing is invented. A local code
 * stays beside ours, and an unknown one is no obstacle.
 *
 * The file is not trusted in any way (threats.md, malicious XML); nothing is fetched.
 *
 * @throws {Fault} every XML_ code of `parseXml`; GOAML_ROOT, GOAML_ELEMENT_MISSING, GOAML_ELEMENT_TWICE,
 * GOAML_VALUE, GOAML_CHOICE, GOAML_TOO_MANY; SCHEMA_INVALID when the report breaks a rule of its type
 */
export function readGoaml(bytes: Bytes, dialect: Dialect, options: GoamlOptions = {}): GoamlReport {
  const { clock = systemClock, lang } = options;
  const root = parseXml(bytes, { namespaces: dialect.namespaces, clock });
  if (root.name !== "report") {
    throw new Fault("GOAML_ROOT", "the first element is not report; a file holds one report");
  }
  const reading = makeReading(root, dialect, lang);
  const report = { ...buildHead(reading, root), ...buildContent(reading, root) };
  if (!dialect.marksSuspects) {
    reading.warnings.push({ path: "report_code", line: root.line, code: "SUSPECTS_NOT_MARKED" });
  }
  const { details, notTaken } = collectRest(root, reading.taken, dialect.blanks);
  const whole = {
    ...report,
    suspectsNotMarked: dialect.marksSuspects ? undefined : true,
    ...reading.connected,
    details,
  };
  const body: Json = Object.fromEntries(Object.entries(compact(whole) ?? {}));
  parseBody("fiu.report", body);
  return { body, notTaken, warnings: reading.warnings };
}
