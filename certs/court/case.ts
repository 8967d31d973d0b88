import { type Octets, refuse } from "./bytes.ts";
import { type CourtCertificate, type CourtList, readCertificate, readList } from "./certificate.ts";
import type { CourtFile, CourtTrust } from "./file.ts";
import { type CourtPolicy, type CourtProof, readPolicy, readProof } from "./note.ts";
import { momentOf, textOf, textsOf } from "./text.ts";
import { type Fields, pieceOf, readFields } from "./wire.ts"; // prettier-ignore

/** The message taken apart. */
export interface CourtMessage {
  readonly envelopeBytes: Octets;
  readonly envelope: Fields;
  readonly originator: string;
  readonly signatures: readonly string[];
  readonly open: Octets | undefined;
  readonly sealed: Octets | undefined;
}

/** Everything that checks ask; each piece is read when it is first asked for. */
export interface CourtCase {
  readonly file: CourtFile;
  readonly trust: CourtTrust | undefined;
  readonly now: number;
  message(): CourtMessage | undefined;
  certificates(): readonly CourtCertificate[];
  lists(): readonly CourtList[];
  leaf(): Fields;
  /** When the hub took it, by its entry. */
  leafTime(): number;
  proof(): CourtProof;
  policy(): Promise<CourtPolicy>;
}

function readMessage(bytes: Octets): CourtMessage {
  const fields = readFields(bytes);
  if ([...fields.keys()].some((number) => number > 4)) refuse("CODEC_MALFORMED");
  const envelopeBytes = pieceOf(fields, 1) ?? refuse("CODEC_MALFORMED");
  const envelope = readFields(envelopeBytes);
  const [open, sealed] = [pieceOf(fields, 3), pieceOf(fields, 4)];
  return { envelopeBytes, envelope, originator: textOf(envelope, 4), signatures: textsOf(fields, 2), open, sealed };
} // prettier-ignore

/** Takes a file apart. */
export function openCourtCase(file: CourtFile, trust: CourtTrust | undefined, now: number): CourtCase {
  const leaf = (): Fields => readFields(file.leaf);
  return {
    file, trust, now, leaf,
    message: () => (file.message === undefined ? undefined : readMessage(file.message)),
    certificates: () => file.certificates.map(readCertificate),
    lists: () => file.crls.map(readList),
    leafTime: () => momentOf(leaf(), 2),
    proof: () => readProof(file.proof),
    policy: () => readPolicy(trust?.policy ?? ""),
  };
} // prettier-ignore
