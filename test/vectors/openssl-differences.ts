import { readGeneralCertificate, readGeneralCrl } from "../../certs/shape/index.ts";
import type { EncodedQuestion, PathAnswer } from "../../certs/trust/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

interface Difference {
  readonly name: string;
  /** What the one says that refuses. */
  readonly says: RegExp;
  /** Holds when the documents are what the reason speaks of. */
  readonly fits?: (question: EncodedQuestion) => boolean;
}

/** Whether some document can be read and fits. */
function some(documents: readonly Bytes[], fits: (der: Bytes) => boolean): boolean {
  return documents.some((der) => {
    try {
      return fits(der);
    } catch {
      return false;
    }
  });
}

/** We refuse and OpenSSL accepts. */
const stricter: readonly Difference[] = [
  { name: "the serial number is positive and of at most 20 octets", says: /serial number/ },
  { name: "one spelling: DER, RFC 5280's shapes and syntax", says: /^CERT_MALFORMED/ },
  { name: "an anchor is held to what it says of itself", says: /an anchor is not a plain CA/ },
  {
    name: "a path goes by key identifiers",
    says: /does not bear the identifier|no chain of signatures/,
  },
  { name: "algorithms and keys that are not verified", says: /signature algorithm|the key is/ },
  { name: "a mapping of any policy is refused", says: /mapping from or to any policy/ },
  {
    name: "indirect lists are not read",
    says: /no fresh lists cover/,
    fits: ({ crls = [] }) => some(crls, (der) => readGeneralCrl(der).scope?.isIndirect === true),
  },
];

function endsNow({ leaf, anchors, intermediates, crls = [], at }: EncodedQuestion): boolean {
  const certificates = [leaf, ...anchors, ...intermediates];
  return (
    some(certificates, (der) => readGeneralCertificate(der).notAfter === at) ||
    some(crls, (der) => readGeneralCrl(der).nextUpdate === at)
  );
}

/** OpenSSL refuses and we accept: each must be no more than another reading that is safe. */
const looser: readonly Difference[] = [
  {
    name: "the last second of a period is inside it (RFC 5280 §4.1.2.5)",
    says: /certificate has expired|CRL has expired/,
    fits: endsNow,
  },
  {
    name: "a CA that bears no key usage may do all (RFC 5280 §6.1.4 (n))",
    says: /CA cert does not include key usage extension/,
  },
  {
    name: "a CA is one whether its flag is critical or not (PKITS 4.6.4)",
    says: /Basic Constraints of CA cert not marked critical/,
  },
  {
    name: "what cannot be read is passed over",
    says: /Could not read any (?:untrusted )?(?:certificates|CRLs)/,
  },
  {
    name: "an anchor need not be signed by itself",
    says: /\[CRL path\] error 18 |error 3 at 2 depth/,
    fits: ({ anchors }) => some(anchors, (der) => !readGeneralCertificate(der).isSelfIssued),
  },
];

/** The listed reason of a difference; undefined when it has none. `other` is what OpenSSL said, "" a yes. */
export function findDifference(
  question: EncodedQuestion,
  answer: PathAnswer,
  other: string,
): string | undefined {
  const said = answer.ok ? other : `${answer.code}: ${answer.detail}`;
  return (answer.ok ? looser : stricter).find(
    ({ says, fits }) => says.test(said) && fits?.(question) !== false,
  )?.name;
}
