import { decodeMessage, parseEnvelope } from "../../schemas/index.ts";
import { type Bytes, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { type Certificate, parseCertificate, parseCrl } from "../shape/index.ts";
import { parseSignature, type RegisterView } from "../trust/index.ts";

/** Lists longer than this are left to the register: a long list of one state would outweigh all the rest. */
const maxListBytes = 2048;

/** What of a register stands in the evidence of one message. */
export interface SignerDocuments {
  readonly certificates: readonly Bytes[];
  readonly crls: readonly Bytes[];
}

function thumbprintsOf(signatures: readonly string[]): readonly Bytes[] {
  return signatures.flatMap((text) => {
    try {
      return [parseSignature(text).thumbprint];
    } catch (error) {
      if (isFault(error)) return [];
      throw error;
    }
  });
}

/** The CAs that stand above certificates, by the names of keys; what is no issuer of theirs is left out. */
function findAbove(leaves: readonly Certificate[], all: readonly Certificate[]): readonly Certificate[] {
  const found = new Set<Certificate>();
  let open: readonly Certificate[] = leaves;
  while (open.length > 0) {
    const wanted = new Set(open.map(({ authorityKeyId }) => authorityKeyId));
    open = all.filter((one) => !found.has(one) && one.subjectKeyId !== undefined && wanted.has(one.subjectKeyId));
    open.forEach((one) => found.add(one));
  }
  return [...found];
} // prettier-ignore

/** The certificates of those who signed a message, the CAs above them and their lists, as a register has them. */
export function collectDocuments(register: RegisterView, message: Bytes): SignerDocuments {
  const { envelope, signatures } = decodeMessage(message);
  const agency = register.agency(parseEnvelope(envelope).originator);
  const authority = agency && register.authority(agency.authority);
  if (agency === undefined || authority === undefined) return { certificates: [], crls: [] };
  const names = thumbprintsOf(signatures);
  const leaves = agency.certificates
    .filter(({ thumbprint }) => names.some((name) => sameBytes(name, thumbprint)))
    .map(({ certificate }) => parseCertificate(certificate));
  const above = findAbove(leaves, authority.intermediates.map((der) => parseCertificate(der)));
  const path = [...leaves, ...above];
  const issuers = new Set(path.map(({ authorityKeyId }) => authorityKeyId));
  const crls = authority.crls.filter(
    (der) => der.length <= maxListBytes && issuers.has(parseCrl(der).authorityKeyId),
  );
  return { certificates: path.map(({ der }) => der), crls };
} // prettier-ignore
