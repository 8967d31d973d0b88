import type { QueryCheck } from "../../schemas/gen/index.ts";
import { type Chance, type EpochMs, renderHex } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { lookupLimits, type LookupSubject } from "../lookups/index.ts";

/** A record of ours that fits, as far as an answer tells of it. */
export interface Fit {
  /** A code of RECORD_KIND. */
  readonly recordKind: string;
  /** A code of MATCH_BASIS. */
  readonly basis: string;
}

/** What answers are made with. */
export interface AnswerPlace {
  readonly now: EpochMs;
  readonly chance: Pick<Chance, "bytes">;
  /** Everything of ours that fits and may be told to whoever asks. */
  fits(subject: LookupSubject): readonly Fit[];
}

type Json = Readonly<Record<string, unknown>>;
type Subject = QueryCheck["querySubjects"][number];

/** Kinds that stand in the index; a person is one by name and birth, or by a document. */
const searched: ReadonlySet<string> = new Set([
  "DOCUMENT", "VEHICLE", "FIREARM", "VESSEL", "AIRCRAFT", "ACCOUNT", "CONTAINER", "PHONE", "ONLINE", "OBJECT",
]); // prettier-ignore

/** What is looked for; undefined where nothing can be: a hash, or a kind that nobody keeps an index of. */
function subjectOf({ kind, plain }: Subject): LookupSubject | undefined {
  if (plain === undefined) return undefined;
  const { name, birth, identifier, issuerCountry, documentType } = plain;
  if (kind === "PERSON" && name !== undefined && birth !== undefined) {
    const spelt = name.transliteration ?? name.full;
    return spelt === undefined ? undefined : { kind, name: spelt, birth };
  }
  const isPapers = kind === "PERSON" && documentType !== undefined;
  if (identifier === undefined || !(isPapers || searched.has(kind))) return undefined;
  return { kind: isPapers ? "DOCUMENT" : kind, identifier, issuerCountry, documentType };
}

/** Made for this answer alone: drawn, so that nobody learns from two answers that they speak of one record. */
function drawRef({ chance }: AnswerPlace): string {
  return `H-${renderHex(chance.bytes(8)).toUpperCase()}`;
}

function answerOne(subject: Subject, recordKinds: readonly string[], place: AnswerPlace): Json {
  const { ref } = subject;
  const wanted = subjectOf(subject);
  if (wanted === undefined) return { ref, answer: "NOT_SEARCHED" };
  const found = place.fits(wanted).filter(({ recordKind }) => recordKinds.includes(recordKind));
  if (found.length === 0) return { ref, answer: "NO_HIT" };
  const hits = found
    .slice(0, lookupLimits.maxHits)
    .map(({ recordKind, basis: matchBasis }) => ({ hitRef: drawRef(place), recordKind, matchBasis }));
  return { ref, answer: "HIT", hits };
} // prettier-ignore

/** The body of a `query.result`: for each that is asked about one word, and for a hit a reference to ask by. */
export function makeResult({ querySubjects, recordKinds }: QueryCheck, place: AnswerPlace): Json {
  const now = renderInstant(place.now);
  return {
    queryAnswers: querySubjects.map((subject) => answerOne(subject, recordKinds, place)),
    recordKinds,
    searchedAt: now,
    // our own records are as new as our own store
    dataAsOf: now,
    automatic: true,
  };
}
