import { type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import {
  certLimits,
  type Certificate,
  checkCaProfile,
  checkLeafProfile,
  type Crl,
  isSignedBy,
  type LeafKind,
  type NameConstraints,
  oids,
  parseAgencyUri,
  renderAgencyUri,
  trustDomainOf,
} from "../shape/index.ts";
import { checkNotRevoked, type Window } from "./crl.ts";
import { findPaths, type SearchRules } from "./path-build.ts";

/** What is asked: is `leaf` the certificate of `agency` for `kind`, at `at`? */
export interface PathQuestion {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  /** Roots of the agency's own authority, from the register; never from the peer. */
  readonly roots: readonly Certificate[];
  readonly crls: readonly Crl[];
  readonly kind: LeafKind;
  readonly agency: string;
  /** When the statement to be judged was made, or now for a connection. */
  readonly at: EpochMs;
  /** A moment at which what is judged provably existed; an end or a revocation after it does not undo it. */
  readonly provenAt?: EpochMs | undefined;
}

/** A leaf that was proved; only `proveLeaf` makes one. */
export interface ProvenLeaf {
  readonly agency: string;
  readonly kind: LeafKind;
  readonly certificate: Certificate;
  /** Leaf first, root last. */
  readonly path: readonly Certificate[];
  /** The proof holds for any moment in this period, given the same roots and lists. */
  readonly holds: Window;
}

/** One check of a path whose signatures chain. Returns the period it holds for, when it depends on time. */
type Step = (path: readonly Certificate[], question: PathQuestion) => readonly Window[];

/** §6.1.3 (a)(2): every certificate of the path is in its validity period, the root too; or was when it was used. */
const checkValidity: Step = (path, { at: asked, provenAt }) => {
  const at = provenAt ?? asked;
  for (const { notBefore, notAfter, serial } of path) {
    if (at < notBefore) throw new Fault("CERT_NOT_YET_VALID", `serial ${serial} is not valid yet`);
    if (at > notAfter) throw new Fault("CERT_EXPIRED", `serial ${serial} has expired`);
  }
  return path.map(({ notBefore, notAfter }) => ({ from: notBefore, until: notAfter }));
};

/** §6.1.4 (k), (n): every issuer is a CA, for certificates and CRLs. */
const checkIssuers: Step = (path) => {
  for (const issuer of path.slice(1)) checkCaProfile(issuer);
  return [];
};

/** §6.1.4 (l), (m): no CA has more CAs beneath it than it may. Self-issued ones count as well. */
const checkPathLength: Step = (path) => {
  path.forEach(({ pathLength }, index) => {
    if (index > 0 && pathLength !== undefined && index - 1 > pathLength) {
      throw new Fault("CERT_PATH_INVALID", "more CAs stand beneath one than it may have");
    }
  });
  return [];
};

/** The leaf bears the usage of its kind, exactly. */
const checkUsage: Step = (_path, { leaf, kind }) => {
  checkLeafProfile(leaf, kind);
  return [];
};

function isInside(host: string, constraint: string): boolean {
  return constraint.startsWith(".") ? host.endsWith(constraint) : host === constraint;
}

function isPermitted(host: string, constraints: NameConstraints): boolean {
  return (
    !constraints.hasDirectoryNames &&
    constraints.permittedUris.some((constraint) => isInside(host, constraint)) &&
    !constraints.excludedUris.some((constraint) => isInside(host, constraint))
  );
}

/** §6.1.3 (b), (c): one name, the agency's, inside what every CA above may give. CAs bear no such name. */
const checkNames: Step = (path, { leaf, agency }) => {
  const uri = renderAgencyUri(agency);
  if (leaf.uris.length !== 1 || leaf.otherNames > 0 || leaf.uris[0] !== uri) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "the certificate does not name this agency alone");
  }
  const host = trustDomainOf(parseAgencyUri(uri).authority);
  for (const { nameConstraints, critical, uris, otherNames } of path.slice(1)) {
    const bound =
      nameConstraints !== undefined &&
      critical.has(oids.nameConstraints) &&
      isPermitted(host, nameConstraints);
    if (!bound || uris.length + otherNames > 0) {
      throw new Fault("CERT_NAME_NOT_PERMITTED", "a CA in the path may not give this name");
    }
  }
  return [];
};

/** §6.1.4 (o), §6.1.5 (f): nothing critical stands in the path that we do not act on. */
const checkCritical: Step = (path) => {
  const unknown = path.flatMap(({ criticalUnknown }) => criticalUnknown);
  if (unknown.length > 0) {
    throw new Fault(
      "CERT_PATH_INVALID",
      `a critical extension is not known: ${unknown.join(", ")}`,
    );
  }
  return [];
};

/** §6.1.3 (a)(3): of every certificate but the root its issuer says, freshly, that it is not revoked. */
const checkRevocation: Step = (path, { leaf, crls, at, provenAt }) => {
  let certificate = leaf;
  return path.slice(1).map((issuer) => {
    const window = checkNotRevoked({ certificate, issuer, crls, at, provenAt });
    certificate = issuer;
    return window;
  });
};

/** In order; the first that refuses is what the caller hears. */
const steps: readonly Step[] = [
  checkValidity,
  checkIssuers,
  checkPathLength,
  checkUsage,
  checkNames,
  checkCritical,
  checkRevocation,
];

function isNamedAsIssuer(issuer: Certificate, subject: Certificate): boolean {
  return (
    issuer.subjectKeyId !== undefined &&
    issuer.subjectKeyId === subject.authorityKeyId &&
    Buffer.from(issuer.subjectName).equals(subject.issuerName)
  );
}

/** Rules of one search: issuers are looked at up to a limit, over all branches. */
function makeRules(): SearchRules<Certificate> {
  let looked = 0;
  return {
    maxLength: certLimits.maxPathLength,
    isNamed: isNamedAsIssuer,
    isIssuer: (issuer, subject) => {
      looked += 1;
      if (looked > certLimits.maxCandidates) {
        throw new Fault(
          "CERT_PATH_INVALID",
          `more than ${certLimits.maxCandidates} possible issuers`,
        );
      }
      return isSignedBy(subject, issuer);
    },
  };
}

function provePath(path: readonly Certificate[], question: PathQuestion): ProvenLeaf {
  const windows = steps.flatMap((step) => step(path, question));
  const holds = {
    from: Math.max(...windows.map(({ from }) => from)),
    until: Math.min(...windows.map(({ until }) => until)),
  };
  const { agency, kind, leaf: certificate } = question;
  return Object.freeze({ agency, kind, certificate, path, holds });
}

/**
 * Proves that `leaf` names `agency`, is of `kind`, and led at `at` to one of `roots`: signatures, validity,
 * CA flags, path length, usage, names, critical extensions and revocation, over every path there is, until
 * one holds. Makes no network call: what is known of revocation is in `crls`.
 *
 * A closed profile of RFC 5280 §6: no policies, no name forms but our URI, no indirect or delta lists.
 *
 * @throws {Fault} CERT_PATH_INVALID, CERT_EXPIRED, CERT_NOT_YET_VALID, CERT_NAME_NOT_PERMITTED,
 *   CERT_USAGE_NOT_PERMITTED, CERT_REVOKED, CERT_STATUS_UNKNOWN: the first path's refusal
 * @see RFC 5280 §6.1
 */
export function proveLeaf(question: PathQuestion): ProvenLeaf {
  let refusal: Fault | undefined;
  for (const path of findPaths(question, makeRules())) {
    try {
      return provePath(path, question);
    } catch (error) {
      if (!isFault(error)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new Fault("CERT_PATH_INVALID", "no chain of signatures leads to a root");
}
