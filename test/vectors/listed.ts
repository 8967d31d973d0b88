import { readGeneralCertificate, readGeneralCrl } from "../../certs/shape/index.ts";
import { type EncodedQuestion, type PathAnswer } from "../../certs/trust/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

type Refusal = Extract<PathAnswer, { ok: false }>;

interface Reason {
  /** As certs/README.md lists it. */
  readonly name: string;
  readonly code: Refusal["code"];
  readonly says: RegExp;
  /** Holds when the documents are what the reason speaks of. */
  readonly fits?: (question: EncodedQuestion) => boolean;
}

function hasOne<T>(
  documents: readonly Bytes[],
  read: (der: Bytes) => T,
  fits: (one: T) => boolean,
): boolean {
  return documents.some((der) => {
    try {
      return fits(read(der));
    } catch {
      return false;
    }
  });
}

/** Why a path that its publishers call good is refused: nothing else is an answer. */
const reasons: readonly Reason[] = [
  {
    name: "signature algorithm not verified (DSA, SHA-1, MD5, other PSS parameters)",
    code: "CERT_OUTSIDE_PROFILE",
    says: /signature algorithm/,
  },
  { name: "key kind or size not verified", code: "CERT_OUTSIDE_PROFILE", says: /the key is|RSA/ },
  {
    name: "serial number not positive, or longer than 20 octets",
    code: "CERT_MALFORMED",
    says: /serial number/,
  },
  {
    name: "key identifier missing",
    code: "CERT_OUTSIDE_PROFILE",
    says: /does not bear the identifier/,
  },
  {
    name: "name constraints not marked critical",
    code: "CERT_MALFORMED",
    says: /not critical that always is/,
  },
  {
    name: "indirect lists not read",
    code: "CERT_STATUS_UNKNOWN",
    says: /no fresh lists/,
    fits: ({ crls = [] }) =>
      hasOne(crls, readGeneralCrl, ({ scope }) => scope?.isIndirect === true),
  },
  {
    name: "a hold that a delta list lifts stays",
    code: "CERT_REVOKED",
    says: /on its issuer's list/,
    fits: ({ crls = [] }) => hasOne(crls, readGeneralCrl, ({ isDelta }) => isDelta),
  },
  {
    name: "wildcards not matched",
    code: "CERT_NAME_NOT_PERMITTED",
    says: /this host/,
    fits: ({ leaf }) =>
      hasOne([leaf], readGeneralCertificate, ({ names }) =>
        names.some((name) => name.form === "dns" && name.text.startsWith("*.")),
      ),
  },
];

/** The listed reason of a refusal; undefined when it has none. */
export function findListedReason(question: EncodedQuestion, refusal: Refusal): string | undefined {
  return reasons.find(
    ({ code, says, fits }) =>
      code === refusal.code && says.test(refusal.detail) && fits?.(question) !== false,
  )?.name;
}
