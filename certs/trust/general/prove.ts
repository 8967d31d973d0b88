import { Fault, isFault } from "../../../schemas/ground/index.ts";
import { certLimits, type GeneralCertificate, isSameName } from "../../shape/index.ts";
import { findPaths, type SearchRules } from "../path-build.ts";
import { checkHost, checkPurposes } from "./asked.ts";
import { checkAnchor, checkIssuer, checkPathLength, checkTarget } from "./checks.ts";
import { checkPolicies } from "./policy-graph.ts";
import { type Budget, makeBudget } from "./budget.ts";
import type { GeneralPath, GeneralQuestion } from "./question.ts";
import { checkStatus } from "./status.ts";
import { checkSubtrees } from "./subtrees.ts";

/** One proof that is under way; proofs of list signers stand inside the proof they are needed for. */
interface Proof {
  readonly question: GeneralQuestion;
  readonly budget: Budget;
  /** Signers whose proof is under way: none of them may vouch for itself. */
  readonly pending: ReadonlySet<string>;
  /** Signers proved so far. */
  readonly signers: Set<string>;
}

/** Answers `check`, keeping the first refusal for the caller; what is not a refusal of ours is thrown on. */
function isPassed(check: () => void, refuse: (fault: Fault) => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (!isFault(error) || error.code === "CERT_TOO_COMPLEX") throw error;
    refuse(error);
    return false;
  }
}

function makeRules(proof: Proof, refuse: (fault: Fault) => void): SearchRules<GeneralCertificate> {
  const { budget, question } = proof;
  const anchors = new Set(question.anchors);
  return {
    maxLength: certLimits.maxGeneralPathLength,
    isNamed: (issuer, subject) => {
      budget.compare();
      // A certificate may leave out its issuer's key only when it names itself as issuer.
      const keyId = subject.authorityKeyId ?? subject.subjectKeyId;
      return issuer.subjectKeyId === keyId && isSameName(issuer.subject, subject.issuer);
    },
    isIssuer: (issuer, subject) =>
      budget.isSigned(subject, issuer) &&
      isPassed(() => {
        checkIssuer(issuer, question.at);
        if (anchors.has(issuer)) checkAnchor(issuer);
      }, refuse),
  };
}

function judge(path: GeneralPath, proof: Proof): void {
  const { question, budget } = proof;
  const { crls } = question;
  budget.judge();
  checkPathLength(path, question);
  checkPurposes(path, question);
  checkHost(question);
  checkSubtrees(path, budget);
  checkPolicies(path, question.policy ?? {}, budget);
  if (crls === undefined) return;
  checkStatus(path, {
    ...question,
    crls,
    budget,
    isProven: (signer, anchor) => isSignerProven(proof, signer, anchor),
  });
}

/** RFC 5280 §6.3.3 (f): a signer of lists leads to the same anchor, by a path that is judged as any other. */
function isSignerProven(
  proof: Proof,
  signer: GeneralCertificate,
  anchor: GeneralCertificate,
): boolean {
  const { question, pending, signers } = proof;
  const name = `${signer.id}${anchor.id}`;
  if (signers.has(name)) return true;
  if (pending.has(signer.id)) return false;
  const asked = {
    leaf: signer,
    anchors: [anchor],
    purpose: undefined,
    policy: undefined,
    host: undefined,
  };
  const inner = {
    ...proof,
    question: { ...question, ...asked },
    pending: new Set([...pending, signer.id]),
  };
  const isProven = isPassed(
    () => void provePath(inner),
    () => undefined,
  );
  if (isProven) signers.add(name);
  return isProven;
}

function provePath(proof: Proof): GeneralPath {
  const { question } = proof;
  const refusals: Fault[] = [];
  const refuse = (fault: Fault): void => void refusals.push(fault);
  checkTarget(question.leaf, question.at);
  const sources = { ...question, roots: question.anchors };
  for (const path of findPaths(sources, makeRules(proof, refuse))) {
    if (isPassed(() => judge(path, proof), refuse)) return path;
  }
  throw refusals[0] ?? new Fault("CERT_PATH_INVALID", "no chain of signatures leads to an anchor");
}

/**
 * Proves that the leaf leads to an anchor by RFC 5280 §6, over every path there is, until one holds. Pure,
 * and bounded in work whatever the question holds.
 *
 * @returns the path, leaf first, anchor last
 * @throws {Fault} CERT_PATH_INVALID, CERT_EXPIRED, CERT_NOT_YET_VALID, CERT_NAME_NOT_PERMITTED,
 *   CERT_USAGE_NOT_PERMITTED, CERT_POLICY_NOT_PERMITTED, CERT_OUTSIDE_PROFILE, CERT_REVOKED,
 *   CERT_STATUS_UNKNOWN: the first refusal met; CERT_TOO_COMPLEX
 */
export function proveGeneral(question: GeneralQuestion): GeneralPath {
  return provePath({ question, budget: makeBudget(), pending: new Set(), signers: new Set() });
}
