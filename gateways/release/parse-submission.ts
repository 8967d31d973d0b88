import {
  checkDirectLevel,
  checkFeedLevel,
  checkHeaders,
  checkWhole,
  encodeBody,
  encodeInnerHeader,
  type Envelope,
  findMissingNominal,
  type InnerHeader,
  isKnownCode,
  makeSealedWords,
  type MessageType,
  narrowestLevel,
  parseBody,
  parseInnerHeader,
  scopeOf,
  typeOptions,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type EpochMs,
  Fault,
  makeUuid,
  type Violation,
} from "../../schemas/ground/index.ts";
import { checkSubmission } from "../../schemas/explain/index.ts";
import { isMoved, readShape, type ShapedSubmission } from "../../schemas/submission/index.ts";
import {
  currentMailboxKey,
  type Kept,
  mailboxOf,
  type RegisterView,
} from "../../certs/trust/index.ts";
import { type Ceiling, findAboveCeiling } from "./ceiling.ts";
import type { SealingBelief } from "../crypto/index.ts";
import { findGivenToKept, findNamedMessages, keepFrom, type TypedBody } from "./inherit.ts";
import { checkMayPublish, readersOf } from "./mandates.ts";
import { makeProblems, type Problems } from "./problems.ts";
import { readReferences, type References, type ThreadOf } from "./references.ts";
import { readTimes, type Times } from "./times.ts";

/** Where a submission is handed in: whose gateway, under which register, when. */
export interface SubmissionPlace {
  readonly register: RegisterView;
  readonly agency: string;
  readonly now: EpochMs;
  /** As in `SealPlace`. */
  readonly listedAt?: EpochMs | undefined;
  readonly chance: Chance;
  /** Which sealing keys of readers are sealed to. */
  readonly believes: SealingBelief;
  /** Whom messages are kept from that have these ids or are in these threads. */
  readonly keptByReference: (ids: readonly Bytes[]) => Kept;
  /** What this deployment may carry; all that is unclassified when left out. */
  readonly ceiling?: Ceiling | undefined;
  /** What is handed in is the regional edition of another, and goes without what that one says. */
  readonly edition?: "REGIONAL" | undefined;
  /** What a message says by whose content it passes on; none where no message of others is kept. */
  readonly bindPassedOn?: ((said: PassingOn) => Bound) | undefined;
  /** The thread a message belongs to by what its body says it is about; none where no threads are kept. */
  readonly threadOf?: ThreadOf | undefined;
  /** Digests of the last messages of a thread that these readers could read too; none where no thread is kept. */
  readonly headsOf?:
    ((words: References, readers: readonly string[]) => readonly Bytes[]) | undefined;
}

/** A submission as far as what it passes on depends on it. */
export interface PassingOn extends TypedBody {
  readonly inner: InnerHeader;
  readonly handling: string;
  readonly releaseLevel: string;
  readonly expiresAt: EpochMs;
  readonly supersedes?: Bytes | undefined;
}

/** What a submission becomes by what it passes on, and what is wrong with it. */
export interface Bound {
  readonly inner: InnerHeader;
  readonly violations: readonly Violation[];
}

/** A submission that was found good in all its parts, and is not yet sealed or signed. */
export interface Draft {
  readonly type: MessageType;
  /**
   * The header as it is meant, complete but for the body's root and digest. Of direct mail the outer one says less: see
   * `makeOuterHeader`.
   */
  readonly header: Omit<Envelope, "bodyRoot" | "bodyDigest">;
  readonly inner: InnerHeader;
  /** The inner header and the body, encoded: never again after this. */
  readonly innerBytes: Bytes;
  readonly bodyBytes: Bytes;
  /** Exactly the agencies that will read it. */
  readonly audience: readonly string[];
  readonly crimes: readonly string[];
}

const typeVersion = 1;

/** A code of no list was told already where it stood. */
function knownCode(list: string, code = ""): string | undefined {
  return isKnownCode(list, code) ? code : undefined;
}

/** What of a header stands inside the seal. */
function sealedWordsOf(header: Draft["header"]): ReturnType<typeof makeSealedWords> {
  const words = makeSealedWords(header);
  const urgency = knownCode("URGENCY", words.urgency);
  return { ...words, urgency, action: knownCode("ACTION", words.action) };
}

function readInner(
  shaped: ShapedSubmission,
  { header, references }: { header: Draft["header"]; references: References },
  problems: Problems,
): InnerHeader | undefined {
  const json = shaped.inner ?? {};
  const inner = problems.attempt("/inner", () => parseInnerHeader(json));
  if (inner === undefined || header.scope === "FEED") return inner;
  const { type, crimes, recipients = [] } = shaped;
  const words = sealedWordsOf(header);
  return { ...inner, ...references, ...words, type, typeVersion, crimes, recipients };
}

/**
 * Keeps the message from all that a message it refers to is kept from: a reply, a hit or a consent tells no less of a
 * protected person than the message it is about.
 */
function inheritKept(
  inner: InnerHeader,
  { references, typed }: { references: References; typed: TypedBody },
  { keptByReference }: SubmissionPlace,
): InnerHeader {
  const { threadId, inReplyTo, supersedes } = references;
  const named = [threadId, inReplyTo, supersedes].filter((id) => id !== undefined);
  const ids = [...named, ...inner.passesOn, ...findNamedMessages(typed)];
  return keepFrom(inner, keptByReference(ids));
}

/** Pointers of the header rules are into the inner header; some of its fields stand outside. */
function placeOfHeader(path: string): string {
  const [, first = ""] = path.split("/");
  return isMoved(first) ? path : `/inner${path}`;
}

/** What a feed says outside, and a direct message inside: a direct one shows its mailboxes only. */
function makePlaceFields(
  shaped: ShapedSubmission,
  references: References,
  { register, agency, now }: SubmissionPlace,
): Pick<Envelope, "type" | "typeVersion" | "recs" | "crimes" | "mailboxes" | "releaseLevel"> &
  References {
  const { type, crimes, recs = [], recipients = [], releaseLevel } = shaped;
  if (scopeOf(type, recipients) === "FEED") {
    const level = releaseLevel ?? "REGIONAL";
    return { type, typeVersion, recs, crimes, mailboxes: [], releaseLevel: level, ...references };
  }
  const key = currentMailboxKey(register.mailboxKeys, now);
  const mailboxes = recipients.map((recipient) => mailboxOf(key, recipient));
  const level = releaseLevel ?? narrowestLevel(agency, recipients);
  return { recs: [], crimes: [], mailboxes, releaseLevel: level };
}

function makeHeader(
  shaped: ShapedSubmission,
  { times, references }: { times: Times; references: References },
  place: SubmissionPlace,
): Draft["header"] {
  const { type, handling = "H0", status = "ACTUAL", action = "NEW", languages = [] } = shaped;
  const options = typeOptions(type);
  if (options === undefined) throw new Fault("SCHEMA_UNKNOWN_TYPE", "type is not one we know");
  const { form } = options;
  const scope = scopeOf(type, shaped.recipients);
  return {
    version: 1,
    id: makeUuid(place.now, place.chance),
    scope,
    originator: place.agency,
    handling,
    urgency: shaped.urgency ?? options.urgency,
    status,
    action,
    languages,
    form,
    ...times,
    ...makePlaceFields(shaped, references, place),
  };
}

function refuseProblems({ found }: Problems): void {
  const [first] = found;
  if (first === undefined) return;
  const more = found.length === 1 ? "" : `, and ${found.length - 1} more`;
  throw new Fault("SCHEMA_INVALID", `${first.message}${more}`, { violations: found.slice(0, 100) });
}

function checkLevel(header: Draft["header"], recipients: readonly string[]): void {
  if (header.scope === "FEED") checkFeedLevel(header);
  else checkDirectLevel(header, recipients);
}

/** Only the gateway itself makes a regional edition: whoever writes says the whole. */
function findPartOnly({ type, body }: TypedBody, { scope }: Draft["header"], { edition }: SubmissionPlace): readonly Violation[] {
  const isWhole = scope === "DIRECT" || edition === "REGIONAL";
  const missing = isWhole ? [] : findMissingNominal(type, body, true);
  return missing.map((one) => ({ ...one, path: `/body${one.path}` }));
} // prettier-ignore

/** Both headers and the body of a submission, each checked alone and together as far as it could be read. */
function readWhole(
  shaped: ShapedSubmission,
  place: SubmissionPlace,
  problems: Problems,
): { header: Draft["header"]; inner: InnerHeader | undefined; typed: TypedBody | undefined } {
  const { type } = shaped;
  const times = readTimes(shaped, place.now, problems);
  const body = problems.attempt("/body", () => parseBody(type, shaped.body));
  const references = readReferences(shaped, { body, threadOf: place.threadOf }, problems);
  const header = makeHeader(shaped, { times, references }, place);
  const said = readInner(shaped, { header, references }, problems);
  const { urgency, handling } = header;
  problems.attempt("/releaseLevel", () => checkLevel(header, shaped.recipients ?? []));
  if (said === undefined || body === undefined) return { header, inner: said, typed: undefined };
  const typed = { type, body };
  const follows = place.headsOf?.(references, shaped.recipients ?? []) ?? [];
  const { releaseLevel, expiresAt } = header;
  const passing = { ...typed, inner: { ...said, follows }, handling, releaseLevel, expiresAt };
  const bound = place.bindPassedOn?.({ ...passing, supersedes: references.supersedes });
  problems.add(...(bound?.violations ?? []));
  const inner = inheritKept(bound?.inner ?? passing.inner, { references, typed }, place);
  problems.add(...findAboveCeiling({ handling, inner }, place.ceiling));
  problems.attempt(placeOfHeader, () => checkHeaders({ type, urgency, handling, inner }));
  problems.attempt("/body", () => checkWhole({ ...header, type, inner, body }));
  problems.add(...findPartOnly(typed, header, place));
  const given = findGivenToKept(typed, inner);
  problems.add(...given.map((one) => ({ ...one, path: `/body${one.path}` })));
  return { header, inner, typed };
}

/** All else that can be said of a submission that cannot be read whole: who wired it wrong mends it once, not twice. */
function addReadable(json: unknown, { now, agency }: SubmissionPlace, problems: Problems): void {
  const told = new Set(problems.found.flatMap(({ path, code }) => [path, `${code} ${path}`]));
  const { violations } = checkSubmission(json, { now, originator: agency });
  const isNew = ({ path, code }: Violation): boolean =>
    !told.has(code.startsWith("RULE_") ? `${code} ${path}` : path);
  problems.add(...violations.filter(isNew));
}

/**
 * Reads a submission: every field checked, the mandates asked for every channel, the audience computed.
 * Nothing is stored, sealed or signed.
 *
 * @param json the submission as parsed JSON; nothing of it is believed
 * @throws {Fault} SCHEMA_INVALID with all violations, those of rules that look at nothing wrong among them, a hundred at
 * most, pointers into the submission; MANDATE_MISSING,
 * MANDATE_SUSPENDED, FEED_REACHES_PROTECTED, SEAL_NO_RECIPIENTS
 */
export function parseSubmission(json: unknown, place: SubmissionPlace): Draft {
  const problems = makeProblems();
  const { violations, shaped } = readShape(json);
  problems.add(...violations);
  if (shaped === undefined) {
    addReadable(json, place, problems);
    refuseProblems(problems);
    throw new Fault("SCHEMA_INVALID", "the submission is not an object");
  }
  const { type, crimes, recs = [], recipients = [] } = shaped;
  const { header, inner, typed } = readWhole(shaped, place, problems);
  if (inner === undefined || typed === undefined) addReadable(json, place, problems);
  refuseProblems(problems);
  if (inner === undefined || typed === undefined) {
    throw new Fault("INTERNAL", "a submission without problems has an inner header and a body");
  }
  const { purposes, protectedFrom: states, excludedRecipients: agencies } = inner;
  const kept = { states, agencies };
  const { handling } = header;
  const asked = { type, crimes, recs, recipients, handling, purposes, kept };
  checkMayPublish(asked, place);
  const audience = readersOf(asked, place);
  const innerBytes = encodeInnerHeader(inner);
  const bodyBytes = encodeBody(type, typed.body);
  return { type, header, inner, innerBytes, bodyBytes, audience, crimes };
}
