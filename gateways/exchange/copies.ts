import { bodyMessageName, decodeMessage, descriptors, renderJson } from "../../schemas/index.ts";
import { type CopyKind, makeCopy, readCopy, type ReadCopy } from "../../schemas/copies/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  parseUuid,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import { isStatementProven, type RegisterView } from "../../certs/trust/index.ts";
import type { Office } from "./office.ts";

/**
 * A redacted copy of a message we hold: the signer's own bytes with parts withheld.
 *
 * @throws {Fault} NOT_FOUND, COPY_NOT_POSSIBLE, ID_INVALID
 */
export function copyOf({ store }: Office, id: string, kind: CopyKind): Bytes {
  const stored = store.messages.find(parseUuid(id));
  if (stored?.parts === undefined) {
    throw new Fault("NOT_FOUND", "no message here that was proved has this id");
  }
  return makeCopy({ message: stored.raw, parts: stored.parts }, kind);
}

/** What a copy was found to say, and that its signer said it. */
export interface CheckedCopy {
  readonly id: string;
  readonly originator: string;
  readonly type: string;
  readonly createdAt: EpochMs;
  /** JSON form; absent where the copy withholds it. */
  readonly inner?: unknown;
  readonly body: unknown;
  /** Names of the first-level fields that are withheld; "inner" is the inner header. */
  readonly withheld: readonly string[];
}

function checkSigned(
  register: RegisterView,
  { envelope, envelopeBytes, signatures }: ReadCopy,
  now: EpochMs,
): void {
  const { originator: signer } = envelope;
  const statement = { typ: "atumpan-envelope", bytes: envelopeBytes, signer } as const;
  if (signatures.length === 0) {
    throw new Fault("ENVELOPE_SIGNATURE_MISSING", "there is no signature");
  }
  for (const signature of signatures) {
    // by the lists of today: what a message says of its own time, a stolen key can say too
    if (isStatementProven(register, { ...statement, signature }, now)) continue;
    throw new Fault("ENVELOPE_SIGNATURE_INVALID", "the signature does not fit the bytes");
  }
}

function namesOf(type: string, withheld: readonly number[]): readonly string[] {
  const fields = descriptors[type]?.fields ?? [];
  return withheld.map(
    (number) =>
      fields.find((field) => field.number === number)?.name ??
      (number === 0 ? "inner" : `field ${number}`),
  );
}

/** What a copy says, in JSON. */
export function showCopy({ envelope, type, inner, body, withheld }: ReadCopy): CheckedCopy {
  const name = bodyMessageName(type);
  return {
    id: renderUuid(envelope.id),
    originator: envelope.originator,
    type,
    createdAt: envelope.createdAt,
    ...(inner === undefined ? {} : { inner: renderJson("InnerHeader", inner) }),
    body: renderJson(name, body),
    withheld: namesOf(name, withheld),
  };
}

/** Whether we hold the very message the copy is of: its signatures were proved when it came. */
function isOfHeld({ store }: Office, { envelope, envelopeBytes, signatures }: ReadCopy): boolean {
  const held = store.messages.find(envelope.id);
  if (held?.parts === undefined) return false;
  const { envelope: heldBytes, signatures: heldSignatures } = decodeMessage(held.raw);
  return (
    sameBytes(heldBytes, envelopeBytes) &&
    signatures.length === heldSignatures.length &&
    signatures.every((signature, at) => signature === heldSignatures[at])
  );
}

/**
 * Reads a redacted copy and proves that the agency it names signed it, and that what it shows is what was signed.
 * The signer's certificate holds now; only of a message that we hold, and proved when it came, it may have ended since.
 *
 * @throws {Fault} CODEC_*, ENVELOPE_*, BODY_*, SCHEMA_UNKNOWN_TYPE, AGENCY_UNKNOWN, CERT_*, ORIGIN_MISMATCH,
 * SIGNATURE_MALFORMED
 */
export function checkCopy(office: Office, bytes: Bytes): CheckedCopy {
  const copy = readCopy(bytes);
  if (!isOfHeld(office, copy)) checkSigned(office.register(), copy, office.clock.now());
  return showCopy(copy);
}
