import {
  bodyMessageName,
  decodeMessage,
  descriptors,
  parseEnvelope,
  renderJson,
} from "../../schemas/index.ts";
import { type CopyKind, makeCopy, readCopy, type ReadCopy } from "../../schemas/copies/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  parseUuid,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import { checkEnvelopeSigned, decide, type RegisterView } from "../../certs/trust/index.ts";
import type { StoredMessage } from "../store/index.ts";
import { keptByReference } from "./inherited.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Office } from "./office.ts";

/** Which copy is made, and whom it is given to. */
export interface CopyWish {
  readonly kind: CopyKind;
  /** An agency of the register; may be left out only of what is kept from nobody. */
  readonly to?: string | undefined;
}

/**
 * A copy leaves by hand, past everything that decides who reads. So of a message that is kept from anybody none is
 * made but for a named agency, of which the register knows the state. What else the receiver may read is not asked:
 * a court may be given what no feed gives it.
 */
function checkNotKept(office: Office, { id, ...stored }: StoredMessage, { to }: CopyWish): void {
  const kept = keptByReference(office.store, [id]);
  if (kept.states.length + kept.agencies.length === 0 && to === undefined) return;
  if (to === undefined) {
    const way = "name the agency that the copy is for";
    throw new Fault("COPY_NOT_POSSIBLE", `its sender keeps this message from somebody; ${way}`);
  }
  const { recs } = parseEnvelope(decodeMessage(stored.raw).envelope);
  const about = {
    ...stored,
    action: "READ",
    agency: to,
    scope: recs[0] ?? "direct",
    kept,
  } as const;
  const decision = decide(office.register(), about, office.clock.now());
  if (decision.allow) return;
  const { reasons } = decision;
  if (reasons.includes("AGENCY_UNKNOWN")) {
    throw new Fault("AGENCY_UNKNOWN", "a copy is for an agency that is in the register");
  }
  if (reasons.includes("PROTECTED_FROM") || reasons.includes("EXCLUDED_BY_ORIGINATOR")) {
    const why = "its sender keeps this message from that agency or its state";
    throw new Fault("RULE_RECIPIENT_KEPT_FROM", `${why}; no copy of any kind is for it`);
  }
}

/**
 * A redacted copy of a message we hold: the signer's own bytes with parts withheld. None is made for whom the message
 * is kept from, and of one that is kept from anybody none without a name.
 *
 * @throws {Fault} NOT_FOUND, COPY_NOT_POSSIBLE, ID_INVALID, AGENCY_UNKNOWN, RULE_RECIPIENT_KEPT_FROM
 */
export function copyOf(office: Office, id: string, wish: CopyWish): Bytes {
  const stored = office.store.messages.find(parseUuid(id));
  if (stored?.parts === undefined) {
    throw new Fault("NOT_FOUND", "no message here that was proved has this id");
  }
  checkNotKept(office, stored, wish);
  return makeCopy({ message: stored.raw, parts: stored.parts }, wish.kind);
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
  // by the lists and algorithms of today: what a message says of its own time, a stolen key can say too
  checkEnvelopeSigned(register, { bytes: envelopeBytes, signatures, signer }, now);
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
    body: withoutSecrets(name, renderJson(name, body)),
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
 * SIGNATURE_*
 */
export function checkCopy(office: Office, bytes: Bytes): CheckedCopy {
  const copy = readCopy(bytes);
  if (!isOfHeld(office, copy)) checkSigned(office.register(), copy, office.clock.now());
  return showCopy(copy);
}
