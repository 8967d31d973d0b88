import type { KeyObject } from "node:crypto";

import { type EpochMs, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import {
  type Certificate,
  type Crl,
  isSignedBy,
  parseCertificate,
  parseCrl,
} from "../shape/index.ts";
import {
  checkEnvelopeAlgorithms,
  type DetachedSignature,
  fitsKey,
  isSignatureValid,
  parseSignature,
  proveAgencyKey,
  proveLeaf,
  type RegisterView,
} from "../trust/index.ts";
import { type EvidenceCase, type ReadMessage, use } from "./case.ts";
import { maxSignatures, ofMessage } from "./check-message.ts";
import { cannotSay, holds, type Verdict } from "./verdict.ts"; // prettier-ignore

/** The one algorithm whose keys stand in the register and in no certificate. */
const uncertified = "ML-DSA-65";

function signaturesOf({ message }: ReadMessage): readonly DetachedSignature[] {
  const { signatures } = message;
  if (signatures.length === 0) throw new Fault("ENVELOPE_SIGNATURE_MISSING", "a message bears a signature");
  if (signatures.length > maxSignatures) throw new Fault("ENVELOPE_INVALID", `a message has at most ${maxSignatures} signatures`);
  return signatures.map(parseSignature);
} // prettier-ignore

function leafOf({ certificates }: EvidenceCase, { thumbprint }: DetachedSignature): Certificate {
  const found = use(certificates).find((one) => sameBytes(one.thumbprint, thumbprint));
  if (found !== undefined) return found;
  throw new Fault("CERT_UNKNOWN", "certificates: the signer's own is not among them");
}

/** When the signature provably stood: when the hub took the message, as its log says. */
function entryTime({ leaf }: EvidenceCase): EpochMs | undefined {
  return "value" in leaf ? leaf.value.time : undefined;
}

function keyOf(one: EvidenceCase, signature: DetachedSignature, agency: string): KeyObject | undefined {
  if (signature.alg !== uncertified) return leafOf(one, signature).publicKey;
  const { trust, now } = one;
  const question = { agency, algorithm: uncertified, thumbprint: signature.thumbprint } as const;
  return trust?.register && proveAgencyKey(trust.register, question, entryTime(one) ?? now);
} // prettier-ignore

function checkOne(bytes: Uint8Array, key: KeyObject, signature: DetachedSignature): void {
  if (!fitsKey(signature.alg, key)) {
    throw new Fault("SIGNATURE_KEY_NOT_PERMITTED", `the key is not one for ${signature.alg}`);
  }
  if (isSignatureValid(signature, bytes, key)) return;
  throw new Fault("ENVELOPE_SIGNATURE_INVALID", "the signature does not fit the bytes");
}

/** Whether every signature is over these bytes, by the certificate in the file that it names. Says nothing of whose it is. */
export function checkSignature(one: EvidenceCase): Verdict {
  return ofMessage(one, (read) => {
    const { originator } = read.envelope;
    const unasked = signaturesOf(read).filter((signature) => {
      if (signature.typ !== "atumpan-envelope") throw new Fault("SIGNATURE_MALFORMED", "the signature is not over an envelope");
      if (signature.kid !== originator) throw new Fault("ORIGIN_MISMATCH", "the signature names another signer");
      const key = keyOf(one, signature, originator);
      if (key !== undefined) checkOne(read.message.envelope, key, signature);
      return key === undefined;
    });
    return unasked.length === 0 ? holds() : cannotSay("NEEDS_REGISTER");
  });
} // prettier-ignore

interface PathCase {
  readonly leaves: readonly Certificate[];
  readonly agency: string;
  readonly at: EpochMs;
  readonly roots: readonly Certificate[];
}

function authorityOf(agency: string): string {
  return agency.slice(0, Math.max(0, agency.indexOf("/")));
}

/** What paths are asked of, or why none can be. */
function pathsOf(one: EvidenceCase, read: ReadMessage): PathCase | Verdict {
  const { trust } = one;
  const { originator: agency } = read.envelope;
  const certified = signaturesOf(read).filter(({ alg }) => alg !== uncertified);
  const leaves = certified.map((signature) => leafOf(one, signature));
  if (trust === undefined) return cannotSay("NEEDS_ROOTS");
  const at = entryTime(one);
  if (at === undefined) return cannotSay("UNREADABLE");
  const roots = trust.rootsOf(authorityOf(agency)).map((der) => parseCertificate(der));
  if (roots.length === 0) throw new Fault("AGENCY_UNKNOWN", "no root of the signer's state is trusted");
  return { leaves, agency, at, roots };
} // prettier-ignore

/** Lists of the file, each truly its issuer's, and those of the register. */
function listsOf(
  { evidence, trust, certificates }: EvidenceCase,
  { agency, roots }: PathCase,
): readonly Crl[] {
  const issuers = [...use(certificates), ...roots];
  const own = evidence.crls.map((der) => parseCrl(der));
  if (!own.every((crl) => issuers.some((issuer) => isSignedBy(crl, issuer)))) {
    throw new Fault("CERT_STATUS_UNKNOWN", "crls: a list is not its issuer's own");
  }
  const more = trust?.register?.authority(authorityOf(agency))?.crls ?? [];
  return [...own, ...more.map((der) => parseCrl(der))];
}

/** Lists are judged on their own; a path without them is found all the same. */
function readableLists(one: EvidenceCase, paths: PathCase): readonly Crl[] {
  try {
    return listsOf(one, paths);
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}

/** The path of each signer, judged as of the entry and by lists no older than it. */
function provePaths(one: EvidenceCase, paths: PathCase, crls: readonly Crl[]): void {
  const { leaves, agency, at: provenAt, roots } = paths;
  const intermediates = use(one.certificates).filter(({ isCa }) => isCa);
  // the newest word on revocations that is at hand; nothing is asked of a moment before the entry
  const at = Math.max(provenAt, ...crls.map(({ thisUpdate }) => thisUpdate));
  const question = { intermediates, roots, crls, kind: "SIGNING", agency, at, provenAt } as const;
  for (const leaf of leaves) proveLeaf({ ...question, leaf });
}

function isOfLists(error: unknown): boolean {
  return isFault(error, "CERT_REVOKED") || isFault(error, "CERT_STATUS_UNKNOWN");
}

/** Nothing may stand among the certificates that nothing rests on: it would look as if it had been checked. */
function checkAllUsed({ certificates }: EvidenceCase, { leaves }: PathCase): void {
  const all = use(certificates);
  const isUsed = all.every(
    (one) => leaves.includes(one) || all.some((other) => other !== one && isSignedBy(other, one)),
  );
  if (isUsed) return;
  throw new Fault("CERT_PATH_INVALID", "certificates: one stands in no path of a signer");
}

/** Whether the signer's certificate led to a root of its state when the hub took the message. */
export function checkCertificate(one: EvidenceCase): Verdict {
  return ofMessage(one, (read) => {
    const paths = pathsOf(one, read);
    if ("says" in paths) return paths;
    checkAllUsed(one, paths);
    try {
      provePaths(one, paths, readableLists(one, paths));
    } catch (error) {
      // every other step comes before the lists are asked
      if (!isOfLists(error)) throw error;
    }
    return holds("AS_OF_ENTRY");
  });
}

/** Whether no list says that a certificate of the path was revoked by then. */
export function checkRevocation(one: EvidenceCase): Verdict {
  return ofMessage(one, (read) => {
    const paths = pathsOf(one, read);
    if ("says" in paths) return paths;
    const crls = listsOf(one, paths);
    try {
      provePaths(one, paths, crls);
      return holds("AS_OF_ENTRY");
    } catch (error) {
      if (isFault(error, "CERT_REVOKED")) throw error;
      return cannotSay(isOfLists(error) ? "NO_LIST" : "NO_PATH");
    }
  });
}

/** Whether the register knows the signer's keys, and lets them sign so. */
export function checkRegister(one: EvidenceCase): Verdict {
  const { trust, evidence } = one;
  const register = trust?.register;
  if (register === undefined) return cannotSay("NEEDS_REGISTER");
  const { epoch, digest } = evidence.register;
  if (register.epoch === epoch && !sameBytes(register.digest, digest)) {
    throw new Fault("REGISTER_FORKED", "the file was made by another register of the same epoch");
  }
  const at = entryTime(one);
  const known = ofMessage(one, (read) => {
    if (at === undefined) return cannotSay("UNREADABLE");
    checkEnvelopeAlgorithms(register, read.message.signatures, [at]);
    for (const { alg, thumbprint } of signaturesOf(read)) {
      const agency = read.envelope.originator;
      if (alg === uncertified) proveAgencyKey(register, { agency, algorithm: alg, thumbprint }, at);
      else checkNamed(register, { agency, thumbprint });
    }
    return holds();
  });
  if (known.says !== "YES" || register.epoch === epoch) return known;
  return cannotSay("OTHER_EPOCH", `${epoch}, ${register.epoch}`);
}

function checkNamed(
  register: RegisterView,
  { agency, thumbprint }: { readonly agency: string; readonly thumbprint: Uint8Array },
): void {
  const registered = register.agency(agency);
  if (registered === undefined) throw new Fault("AGENCY_UNKNOWN", "the agency is not in the register");
  const isNamed = registered.certificates.some((one) => one.kind === "SIGNING" && sameBytes(one.thumbprint, thumbprint));
  if (!isNamed) throw new Fault("CERT_UNKNOWN", "the register names no such certificate of the agency");
} // prettier-ignore
