import { bytesKey, type Bytes, sha256 } from "../../schemas/ground/index.ts";
import {
  type Certificate,
  certLimits,
  type Crl,
  parseCertificate,
  parseCrl,
} from "../shape/index.ts";
import { type PathQuestion, type ProvenLeaf, proveLeaf } from "./path.ts";

export type { ProvenLeaf } from "./path.ts";

/** What is asked of the cache: as `PathQuestion`, each document in DER as the register holds it. */
export interface EncodedPathQuestion extends Pick<
  PathQuestion,
  "kind" | "agency" | "at" | "provenAt"
> {
  readonly leaf: Bytes;
  readonly intermediates: readonly Bytes[];
  readonly roots: readonly Bytes[];
  readonly crls: readonly Bytes[];
}

/** Paths that were proved, so that the many messages of one key cost one proof. */
export interface PathCache {
  /**
   * As `proveLeaf`, with the same answer. `epoch` stands for the roots, intermediates and lists of the
   * question: whoever changes any of those changes it too (a register's digest does).
   *
   * @throws {Fault} CERT_MALFORMED, and all of `proveLeaf`
   */
  prove(question: EncodedPathQuestion, epoch: string): ProvenLeaf;
  /** How many proofs are held. */
  readonly size: number;
}

/** Remembers what was parsed of bytes that never change, for as long as their holder keeps them. */
function parseOnce<T>(parse: (der: Bytes) => T): (der: Bytes) => T {
  const parsed = new WeakMap<Bytes, T>();
  return (der) => {
    const held = parsed.get(der);
    if (held !== undefined) return held;
    const made = parse(der);
    parsed.set(der, made);
    return made;
  };
}

function holdsAt({ holds }: ProvenLeaf, at: number): boolean {
  return at >= holds.from && at <= holds.until;
}

/**
 * Makes a cache of proven paths. A proof is used again for the same certificate, kind, agency and epoch,
 * and only for a moment inside the period it holds for; refusals are never kept. Bounded; the proof
 * longest unused goes first. Every document is read once for each array of bytes, so these arrays must never
 * be written to again.
 */
export function makePathCache(maxProofs: number = certLimits.maxProvenPaths): PathCache {
  const proofs = new Map<string, ProvenLeaf>();
  const certificateOf = parseOnce<Certificate>(parseCertificate);
  const crlOf = parseOnce<Crl>(parseCrl);
  const nameOf = parseOnce<string>((der) => bytesKey(sha256(der)));
  const verify = (question: EncodedPathQuestion): ProvenLeaf =>
    proveLeaf({
      ...question,
      leaf: parseCertificate(question.leaf),
      intermediates: question.intermediates.map(certificateOf),
      roots: question.roots.map(certificateOf),
      crls: question.crls.map(crlOf),
    });
  return {
    get size() {
      return proofs.size;
    },
    prove: (question, epoch) => {
      // what rests on a moment of its own is asked once, and says nothing of the next
      if (question.provenAt !== undefined) return verify(question);
      const { kind, agency } = question;
      const key = `${nameOf(question.leaf)}/${kind}/${agency}/${epoch}`;
      const held = proofs.get(key);
      const proof = held !== undefined && holdsAt(held, question.at) ? held : verify(question);
      proofs.delete(key);
      const [oldest] = proofs.keys();
      if (oldest !== undefined && proofs.size >= maxProofs) proofs.delete(oldest);
      proofs.set(key, proof);
      return proof;
    },
  };
}
