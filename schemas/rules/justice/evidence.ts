import type { EvidenceTransfer, Exhibit } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { isProposal } from "./steps.ts";

type TransferRule = Rule<BodyContext<EvidenceTransfer>>;

/** An offer of evidence says which exhibits. */
const transferHasExhibits: TransferRule = {
  code: "RULE_TRANSFER_WITHOUT_EXHIBIT",
  says: "exhibits is empty; list the exhibits that are offered",
  find: ({ body }) => (isProposal(body.step) && body.exhibits.length === 0 ? ["/exhibits"] : []),
};

/** Evidence leaves a country on a legal basis; one that rests on a formal request names it. */
const transferHasBasis: TransferRule = {
  code: "RULE_TRANSFER_WITHOUT_BASIS",
  says: "the legal basis of the transfer is missing; give basis, and mlaId when it is a request for assistance",
  find: ({ body: { step, basis, mlaId } }) => {
    if (!isProposal(step)) return [];
    if (basis === undefined) return ["/basis"];
    return basis === "MLA_REQUEST" && mlaId === undefined ? ["/mlaId"] : [];
  },
};

function isCopy({ kind, acquisition }: Exhibit): boolean {
  return kind === "DIGITAL_COPY" || acquisition !== undefined;
}

/** A copy of data without its digest can never be shown to be unchanged. */
const copyHasDigest: TransferRule = {
  code: "RULE_EXHIBIT_DIGEST_MISSING",
  says: "digest is missing; give the SHA-256 of the copied data",
  find: ({ body }) =>
    body.exhibits.flatMap((exhibit, at) =>
      isCopy(exhibit) && exhibit.digest === undefined ? [`/exhibits/${at}/digest`] : [],
    ),
};

/** What was taken from another exhibit leads back to the first of its line. */
const derivedHasRoot: TransferRule = {
  code: "RULE_EXHIBIT_ROOT_MISSING",
  says: "rootExhibitNo is missing; name the first exhibit of the line that derivedFrom belongs to",
  find: ({ body }) =>
    body.exhibits.flatMap(({ derivedFrom, rootExhibitNo }, at) =>
      derivedFrom !== undefined && rootExhibitNo === undefined
        ? [`/exhibits/${at}/rootExhibitNo`]
        : [],
    ),
};

/** Pointers of the exhibits of `field` whose number stands there before. */
export function findRepeated(
  exhibits: readonly { readonly exhibitNo: string }[],
  field: string,
): readonly string[] {
  const numbers = exhibits.map(({ exhibitNo }) => exhibitNo);
  return numbers.flatMap((number, at) =>
    numbers.indexOf(number) === at ? [] : [`/${field}/${at}/exhibitNo`],
  );
}

/** One number is one exhibit. */
const exhibitStandsOnce: TransferRule = {
  code: "RULE_EXHIBIT_TWICE",
  says: "the exhibit number stands in this message already; correct it or leave the second out",
  find: ({ body }) => findRepeated(body.exhibits, "exhibits"),
};

/**
 * Evidence is sent to be used in court, so its header may not forbid that. Pointer to the whole body: what is to
 * be mended stands in the inner header.
 */
export const courtUseIsOpen: Rule<MessageContext<EvidenceTransfer>> = {
  code: "RULE_EVIDENCE_COURT_USE",
  says: "courtUse of the header is missing or NO, and exhibits are for court; say ASK or YES_VIA_MLA",
  find: ({ body, inner }) =>
    isProposal(body.step) && (inner.courtUse === undefined || inner.courtUse === "NO") ? [""] : [],
};

/** Every rule over a transfer of evidence. */
export const transferRules: readonly TransferRule[] = [
  transferHasExhibits,
  transferHasBasis,
  copyHasDigest,
  derivedHasRoot,
  exhibitStandsOnce,
];
