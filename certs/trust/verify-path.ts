import {
  type Bytes,
  type EpochMs,
  Fault,
  type FaultCode,
  isFault,
} from "../../schemas/ground/index.ts";
import {
  certLimits,
  findAgencyName,
  type GeneralCertificate,
  type LeafKind,
  parseCertificate,
  parseCrl,
  readGeneralCertificate,
  readGeneralCrl,
} from "../shape/index.ts";
import { proveGeneral } from "./general/prove.ts";
import type { PeerHost, PolicyQuestion } from "./general/question.ts";
import { proveLeaf } from "./path.ts";

/** What a path is to be judged by: RFC 5280 alone, or our own profile of one kind of leaf. */
export type PathUsage = "any" | LeafKind;

/** What is asked of `verifyPath`. Every document is DER. */
export interface EncodedQuestion {
  /** Certificates that are trusted. They bind as certificates do: validity, constraints and all. */
  readonly anchors: readonly Bytes[];
  /** What may stand between, in any order; none of it is trusted, what cannot be read is passed over. */
  readonly intermediates: readonly Bytes[];
  readonly leaf: Bytes;
  /**
   * Revocation lists. With `usage: "any"`, undefined asks nothing of revocation; a list, though empty, asks
   * that every certificate is known not to be revoked. Our own kinds always ask.
   */
  readonly crls?: readonly Bytes[] | undefined;
  readonly at: EpochMs;
  readonly usage: PathUsage;
  /** For our own kinds: the agency that the leaf must name. Left out, the name it bears is taken. */
  readonly agency?: string | undefined;
  /** For `any`: an extended key usage that the leaf must name. */
  readonly purpose?: string | undefined;
  /** For `any`: what is asked of policies, RFC 5280 §6.1.1. */
  readonly policy?: PolicyQuestion | undefined;
  /** For `any`: a host that the leaf must name, whole; wildcards are not matched. */
  readonly host?: PeerHost | undefined;
  /** For `any`: CAs between leaf and anchor, self-issued ones not counted. */
  readonly maxIntermediates?: number | undefined;
}

/** The answer: the path in DER, leaf first and anchor last, or the code of the refusal. */
export type PathAnswer =
  | { readonly ok: true; readonly path: readonly Bytes[] }
  | { readonly ok: false; readonly code: FaultCode; readonly detail: string };

function checkSizes({ anchors, intermediates, leaf, crls = [] }: EncodedQuestion): void {
  const { maxDocuments, maxQuestionBytes } = certLimits;
  const kinds = [anchors, intermediates, crls];
  if (kinds.some((documents) => documents.length > maxDocuments)) {
    throw new Fault("CERT_TOO_COMPLEX", `more than ${maxDocuments} documents of one kind`);
  }
  if (kinds.flat().reduce((sum, { length }) => sum + length, leaf.length) > maxQuestionBytes) {
    throw new Fault("CERT_TOO_COMPLEX", `documents of more than ${maxQuestionBytes} bytes`);
  }
}

/** Documents that can be read; the refusal of the first other one is kept. */
function makeReader(): {
  readonly readAll: <T>(documents: readonly Bytes[], read: (der: Bytes) => T) => readonly T[];
  readonly refusal: () => Fault | undefined;
} {
  let first: Fault | undefined;
  return {
    readAll: (documents, read) =>
      documents.flatMap((der) => {
        try {
          return [read(der)];
        } catch (error) {
          if (!isFault(error)) throw error;
          first ??= error;
          return [];
        }
      }),
    refusal: () => first,
  };
}

function withoutTwins(
  certificates: readonly GeneralCertificate[],
  others: readonly GeneralCertificate[],
): readonly GeneralCertificate[] {
  const known = new Set(others.map(({ id }) => id));
  return certificates.filter(({ id }) => {
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
}

type Reader = ReturnType<typeof makeReader>;

function proveAny(question: EncodedQuestion, { readAll }: Reader): readonly Bytes[] {
  const leaf = readGeneralCertificate(question.leaf);
  const anchors = withoutTwins(readAll(question.anchors, readGeneralCertificate), [leaf]);
  const found = readAll(question.intermediates, readGeneralCertificate);
  const intermediates = withoutTwins(found, [leaf, ...anchors]);
  const crls = question.crls === undefined ? undefined : readAll(question.crls, readGeneralCrl);
  // Certificates tell time in whole seconds: the last second of one is inside to its end.
  const at = Math.floor(question.at / 1000) * 1000;
  return proveGeneral({ ...question, at, leaf, anchors, intermediates, crls }).map(
    ({ der }) => der,
  );
}

function proveOwn(
  question: EncodedQuestion,
  kind: LeafKind,
  { readAll }: Reader,
): readonly Bytes[] {
  const leaf = parseCertificate(question.leaf);
  const agency = question.agency ?? findAgencyName(leaf.uris[0] ?? "")?.agency;
  if (agency === undefined) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "the certificate names no agency");
  }
  const proof = proveLeaf({
    leaf,
    agency,
    kind,
    at: question.at,
    roots: readAll(question.anchors, parseCertificate),
    intermediates: readAll(question.intermediates, parseCertificate),
    crls: readAll(question.crls ?? [], parseCrl),
  });
  return proof.path.map(({ der }) => der);
}

/** Refusals that an unreadable document may be the true reason of. */
const mayHide: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "CERT_PATH_INVALID",
  "CERT_STATUS_UNKNOWN",
]);

/**
 * Judges a certification path by RFC 5280 §6 as a closed profile: what is outside it is refused with a code.
 * Pure: the answer depends on the question alone, no network is touched and no clock is read. Never throws,
 * whatever the documents hold; its work is bounded.
 */
export function verifyPath(question: EncodedQuestion): PathAnswer {
  const reader = makeReader();
  try {
    checkSizes(question);
    // Nothing is before or after what is no moment, so that nothing would be out of its time.
    if (!Number.isFinite(question.at)) {
      throw new Fault("CERT_NOT_YET_VALID", "the time that is asked about is no moment");
    }
    const { usage } = question;
    const path = usage === "any" ? proveAny(question, reader) : proveOwn(question, usage, reader);
    return { ok: true, path };
  } catch (error) {
    if (!isFault(error))
      return { ok: false, code: "INTERNAL", detail: "the path could not be judged" };
    const hidden = mayHide.has(error.code) ? reader.refusal() : undefined;
    const { code, detail } = hidden ?? error;
    return { ok: false, code, detail };
  }
}
