import { Fault } from "../../schemas/ground/index.ts";
import { certLimits, type Certificate, isSignedBy } from "../shape/index.ts";

/** Leaf first, root last; each signed by the key of the next. Nothing else of it is proved. */
export type CandidatePath = readonly Certificate[];

/** Where a path may go through, and where it must end. All of it but the roots may come from the peer. */
export interface PathSources {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
}

interface Search extends PathSources {
  /** Issuers looked at so far, over all branches. */
  looked: number;
}

function isNamedAsIssuer(issuer: Certificate, subject: Certificate): boolean {
  return (
    issuer.subjectKeyId !== undefined &&
    issuer.subjectKeyId === subject.authorityKeyId &&
    Buffer.from(issuer.subjectName).equals(subject.issuerName)
  );
}

function issuersIn(search: Search, pool: readonly Certificate[], subject: Certificate) {
  return pool.filter((candidate) => {
    if (!isNamedAsIssuer(candidate, subject)) return false;
    search.looked += 1;
    if (search.looked > certLimits.maxCandidates) {
      throw new Fault(
        "CERT_PATH_INVALID",
        `more than ${certLimits.maxCandidates} possible issuers`,
      );
    }
    return isSignedBy(subject, candidate);
  });
}

function* extend(search: Search, path: CandidatePath): Generator<CandidatePath> {
  const last = path.at(-1);
  if (last === undefined || path.length >= certLimits.maxPathLength) return;
  for (const root of issuersIn(search, search.roots, last)) yield [...path, root];
  for (const issuer of issuersIn(search, search.intermediates, last)) {
    yield* extend(search, [...path, issuer]);
  }
}

/**
 * Gives each path from the leaf to a root whose names, key identifiers and signatures chain, shortest
 * branch first. Work is bounded by the limits on depth and candidates, whatever the sources hold.
 *
 * @throws {Fault} CERT_PATH_INVALID when too many candidates offer themselves
 */
export function findPaths(sources: PathSources): Generator<CandidatePath> {
  return extend({ ...sources, looked: 0 }, [sources.leaf]);
}
