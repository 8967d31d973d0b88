import {
  decodeMessage,
  decodePublication,
  type Envelope,
  parseEnvelope,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Fault,
  type FaultCode,
  isFault,
  makeUuid,
  renderUuid,
  sameBytes,
  sha256,
} from "../../schemas/ground/index.ts";
import type { StoredMessage } from "../store/index.ts";
import { addWait, type Keyless } from "./keys/wait.ts";
import type { Office } from "./office.ts";
import { type Shown, shownOf } from "./shown.ts";

/** A publication as it was found. Nothing of it is believed. */
export interface Arrival {
  readonly subject: string;
  readonly bytes: Bytes;
  /** Its place in the store, when it lies in quarantine and is judged again. */
  readonly quarantined?: number | undefined;
  /** It came by a carry file, and not from a hub. */
  readonly byHand?: true | undefined;
  /** Where its acknowledgement goes, when a hub handed it over: it names the place. */
  readonly reply?: string | undefined;
}

/** A publication that was not proved, and why. */
export interface Refused {
  readonly arrival: Arrival;
  readonly fault: Fault;
  /** Present when all but the body was proved. */
  readonly keyless?: Keyless | undefined;
  /** What its headers say, where both were proved: of direct mail only they know when it ends. */
  readonly header?: Envelope | undefined;
}

/** Faults that a newer register, or only time, may undo; what lies there for them is judged again. */
export const registerCodes: readonly FaultCode[] = [
  "AGENCY_UNKNOWN",
  "CERT_UNKNOWN",
  "CERT_STATUS_UNKNOWN",
  "CERT_NOT_YET_VALID",
  "CERT_EXPIRED",
  "MANDATE_MISSING",
  "MANDATE_SUSPENDED",
  "RELAY_NOT_AGREED",
  // by a gateway that was cleared for more since
  "DEPLOYMENT_CEILING",
  "REGISTER_STALE",
  "ENVELOPE_FROM_FUTURE",
  "ENVELOPE_SIGNATURE_REQUIRED",
  "SIGNATURE_ALGORITHM_NOT_PERMITTED",
  "SEAL_ALGORITHM_NOT_PERMITTED",
];

/** Faults that come with time to what was good before. */
const agingCodes: readonly FaultCode[] = [
  ...registerCodes,
  "CERT_REVOKED",
  "ADMISSION_AWAITED",
  "ENVELOPE_EXPIRED",
];

type Claimed = Omit<Shown, "id"> & Pick<StoredMessage, "type" | "crimes">;

const unreadable: Claimed = {
  originator: "",
  type: "",
  crimes: [],
  recs: [],
  handling: "",
  urgency: "",
  status: "",
  createdAt: 0,
  expiresAt: 0,
};

/** How urgent it is stands inside direct mail, and what stands outside says nothing of it. */
function claimedHeader(envelope: Envelope, header: Envelope | undefined): Envelope {
  if (header !== undefined) return header;
  return envelope.scope === "DIRECT" ? { ...envelope, urgency: "" } : envelope;
}

/** What an unproved publication claims to be, for the one who looks into the quarantine. */
function claimsOf(
  { bytes }: Arrival,
  header?: Envelope,
): Claimed & { readonly id?: Bytes; readonly digest?: Bytes } {
  try {
    const { envelope } = decodeMessage(decodePublication(bytes).message);
    const parsed = parseEnvelope(envelope);
    const { type = "", crimes } = parsed;
    const claimed = claimedHeader(parsed, header);
    return { ...shownOf(claimed), type, crimes, digest: sha256(envelope) };
  } catch (error) {
    if (isFault(error)) return unreadable;
    throw error;
  }
}

/** Whether this is a message we proved and hold, handed over again when it no longer could be proved. */
export function isHeldAlready({ store }: Office, arrival: Arrival, { code }: Fault): boolean {
  if (!agingCodes.includes(code)) return false;
  const { originator, id, digest } = claimsOf(arrival);
  if (id === undefined || digest === undefined) return false;
  const known = store.messages.known("in", originator, id);
  return known !== undefined && sameBytes(known.digest, digest);
}

/** Whether the message it carries was taken back from the inbox: one place says so already. */
function isTakenBack({ store }: Office, arrival: Arrival): boolean {
  const { digest } = claimsOf(arrival);
  return digest !== undefined && store.rechecks.isTakenBack(digest);
}

/** Whether only its key is missing. */
export function isKeyless(refused: Refused): refused is Refused & { readonly keyless: Keyless } {
  return refused.fault.code === "AUDIENCE_KEY_AWAITED" && refused.keyless !== undefined;
}

/** It lay there already: its code is the one of now, and it waits for a key exactly when that is what it lacks. */
function keepApart(office: Office, seq: number, refused: Refused): readonly number[] {
  const { messages, keyWaits } = office.store;
  const { code } = refused.fault;
  const lying = messages.summary(seq);
  if (lying?.state !== "QUARANTINED") return [];
  // else what is over by its own word would be opened again and again
  if (refused.header !== undefined) messages.setEnd(seq, refused.header.expiresAt);
  if (lying.code === code) return [];
  messages.setState(seq, "QUARANTINED", code);
  if (isKeyless(refused)) addWait(office, seq, refused.keyless);
  else keyWaits.remove(seq);
  return [seq];
}

/**
 * Stores what could not be proved, under an id of our own: what it calls itself is not believed. Says which places in the
 * store changed. Runs inside a write.
 */
export function quarantine(office: Office, refused: Refused): readonly number[] {
  const { store, clock, chance, log } = office;
  const { arrival, fault } = refused;
  if (arrival.quarantined !== undefined) return keepApart(office, arrival.quarantined, refused);
  const digest = sha256(arrival.bytes);
  if (store.messages.isQuarantined(digest) || isHeldAlready(office, arrival, fault)) return [];
  if (isTakenBack(office, arrival)) return [];
  const { subject, bytes: raw } = arrival;
  const storedAt = clock.now();
  const { id: _claimed, digest: _envelope, ...claims } = claimsOf(arrival, refused.header);
  const id = makeUuid(storedAt, chance);
  const own = { box: "in", id, digest, storedAt, audience: [], subject, raw } as const;
  const seq = store.messages.add({ ...claims, ...own, state: "QUARANTINED", code: fault.code });
  const fields = { code: fault.code, subject, messageId: renderUuid(id) };
  if (!isKeyless(refused)) {
    log.warn("quarantined", fields);
    return [seq];
  }
  addWait(office, seq, refused.keyless);
  log.info("waits for its key", fields);
  return [seq];
}
