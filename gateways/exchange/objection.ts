import { decide, denialCode } from "../../certs/trust/index.ts";
import {
  bodyCodecs,
  decodeMessage,
  decodeParts,
  type Envelope,
  type InnerHeader,
  isKnownType,
  joinParts,
  type MessageType,
  parseEnvelope,
  statedHeader,
} from "../../schemas/index.ts";
import { type Bytes, type FaultCode, faults, isFault } from "../../schemas/ground/index.ts";
import { sealRecipients } from "../crypto/index.ts";
import { checkOperation } from "../operations/index.ts";
import { decideUses, findLoosened } from "../onward/index.ts";
import { checkCeiling, checkMayPublish, findNamedMessages, readersOf } from "../release/index.ts";
import type { StoredMessage } from "../store/index.ts";
import { touchThread } from "../work/index.ts";
import { isJumped } from "./hub-word.ts";
import { innerOf, keptByReference } from "./inherited.ts";
import type { Asked } from "./keys/asked.ts";
import { forgetUnsent } from "./never-left.ts";
import type { Office } from "./office.ts";
import { placeOf } from "./place.ts";
import { voidSequence } from "./void.ts"; // prettier-ignore

/** Why a message of ours does not leave: it was taken back, its time is over, or a fault. */
export type Objection = "TAKEN_BACK" | FaultCode;

/** A message of ours as it was signed. */
interface Signed {
  readonly stored: StoredMessage;
  readonly type: MessageType;
  /** As it was meant, by both headers. */
  readonly envelope: Envelope;
  readonly inner: InnerHeader;
  readonly bodyBytes: Bytes;
}

function readSigned(stored: StoredMessage | undefined): Signed | undefined {
  if (stored?.parts === undefined || !isKnownType(stored.type)) return undefined;
  const inner = innerOf(stored.parts);
  const envelope = statedHeader(parseEnvelope(decodeMessage(stored.raw).envelope), inner);
  const { body: bodyBytes } = joinParts(decodeParts(stored.parts).parts);
  return { stored, type: stored.type, envelope, inner, bodyBytes };
}

function bodyOf({ type, bodyBytes }: Signed) {
  return { type, body: bodyCodecs[type].decode(bodyBytes) };
}

/** What it asks of the register now; kept from all that it refers to is kept from by now, too. */
function askedOf({ store }: Office, signed: Signed): Asked {
  const { stored, type, envelope, inner } = signed;
  const refs = [envelope.threadId ?? inner.threadId, envelope.inReplyTo ?? inner.inReplyTo, envelope.supersedes ?? inner.supersedes];
  const named = [envelope.id, ...refs.filter((id) => id !== undefined), ...inner.passesOn, ...findNamedMessages(bodyOf(signed))];
  const { states, agencies } = keptByReference(store, named);
  const kept = { states: [...inner.protectedFrom, ...states], agencies: [...inner.excludedRecipients, ...agencies] };
  const recipients = envelope.scope === "FEED" ? [] : stored.audience;
  const { crimes, handling } = stored;
  return { type, crimes: [...crimes], recs: [...envelope.recs], recipients: [...recipients], handling, purposes: inner.purposes, kept };
} // prettier-ignore

function findKeptFrom({ audience }: StoredMessage, { kept }: Asked, office: Office): FaultCode | undefined {
  const isKept = audience.some((agency) => {
    const state = office.register().agency(agency)?.authority ?? agency.split("/", 1)[0] ?? "";
    return kept.agencies.includes(agency) || kept.states.includes(state.toUpperCase());
  });
  return isKept ? "RULE_RECIPIENT_KEPT_FROM" : undefined;
} // prettier-ignore

/** Why one who was to read a feed would not read it now: suspended for a while, or for good. */
function denialOf({ agency: originator, clock, ...office }: Office, asked: Asked, agency: string): FaultCode {
  const codes = asked.recs.flatMap((scope) => asked.crimes.flatMap((crime) => {
    const decision = decide(office.register(), { ...asked, action: "READ", agency, originator, scope, crime }, clock.now());
    return decision.allow ? [] : [denialCode(decision.reason)];
  }));
  return codes.includes("MANDATE_SUSPENDED") ? "MANDATE_SUSPENDED" : "MANDATE_MISSING";
} // prettier-ignore

/** Who may read it, and we may write it: by the register of now. @throws {Fault} as `readersOf`, `checkMayPublish`, `sealRecipients` */
function findDenied(office: Office, { stored, envelope }: Signed, asked: Asked): FaultCode | undefined {
  const place = placeOf(office);
  checkMayPublish(asked, place);
  const readers = readersOf(asked, place);
  if (envelope.form === "SEALED") sealRecipients(place, stored.audience);
  // who may read it besides may ask for its key; who may no longer is not to get it
  const gone = stored.audience.find((agency) => !readers.includes(agency));
  return gone === undefined ? undefined : denialOf(office, asked, gone);
} // prettier-ignore

/** Whether what it passes on may still go: by consents, limits and days of now. @throws {Fault} as `decideUses` */
function findBound(office: Office, signed: Signed): FaultCode | undefined {
  const { stored, type, envelope, inner, bodyBytes } = signed;
  const { handling, releaseLevel, expiresAt } = envelope;
  const supersedes = envelope.supersedes ?? inner.supersedes;
  const [first] = findLoosened(office, { ...bodyOf(signed), inner, handling, releaseLevel, expiresAt, supersedes });
  if (first !== undefined) return first.code;
  const { crimes, audience } = stored;
  decideUses(office, { type, header: envelope, inner, bodyBytes, crimes, audience });
  return undefined;
} // prettier-ignore

/** What speaks against it whoever reads it. @throws {Fault} as `checkCeiling` */
function findEnded(office: Office, { stored, envelope, inner }: Signed): Objection | undefined {
  const { store, agency, clock } = office;
  const isTakenBack = store.recalls.of(stored.id, agency).some(({ kind, box }) => kind === "PURGE" && box === "out");
  if (isTakenBack) return "TAKEN_BACK";
  // by a clock that is ahead the time of much would be over that is not
  if (envelope.expiresAt <= clock.now() && !isJumped(office)) return "ENVELOPE_EXPIRED";
  checkCeiling({ handling: envelope.handling, inner }, office.ceiling);
  return undefined;
} // prettier-ignore

function judge(office: Office, signed: Signed): Objection | undefined {
  const { stored, type, inner, bodyBytes } = signed;
  const ended = findEnded(office, signed);
  if (ended !== undefined) return ended;
  const asked = askedOf(office, signed);
  const wrong = findKeptFrom(stored, asked, office) ?? findDenied(office, signed, asked) ?? findBound(office, signed);
  if (wrong === undefined) checkOperation(office, { type, header: { createdAt: office.clock.now() }, inner, bodyBytes });
  return wrong;
} // prettier-ignore

function tryJudge(office: Office, message: number, act: typeof judge): Objection | undefined {
  const signed = readSigned(office.store.messages.get(message));
  if (signed === undefined) return "NOT_FOUND";
  try {
    return act(office, signed);
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** As `findObjection`, but for what the register says: for whoever asks that of one reader himself. */
export function findOwnObjection(office: Office, message: number): Objection | undefined {
  return tryJudge(office, message, (place, signed) => findEnded(place, signed) ?? findBound(place, signed));
} // prettier-ignore

/**
 * What speaks against sending a message of ours now that it was taken in some time ago: our mandate and its readers' by the
 * register in force, whom it is kept from since, its end, what we took back, consents and limits of what it passes on, and
 * what this deployment may carry. To be called in the write that lets it go or not.
 */
export function findObjection(office: Office, message: number): Objection | undefined {
  return tryJudge(office, message, judge);
}

/** Whether time alone, or a newer register, may undo what speaks against it: then it waits on, and says for what. */
export function isPassing(objection: Objection): boolean {
  return objection !== "TAKEN_BACK" && faults[objection].retry === "later";
}

const states = { TAKEN_BACK: "STOPPED", ENVELOPE_EXPIRED: "EXPIRED" } as const;

function stateOf(objection: Objection): "STOPPED" | "EXPIRED" | "REFUSED" {
  return objection === "TAKEN_BACK" || objection === "ENVELOPE_EXPIRED" ? states[objection] : "REFUSED";
} // prettier-ignore

/** Ends a message that does not leave: whoever looks sees why, its numbers are told as void, and its key goes on standing for it. Runs inside a write. */
export function refuseLeaving(office: Office, message: number, objection: Objection): void {
  const { store } = office;
  forgetUnsent(office, message);
  const state = stateOf(objection);
  store.messages.setState(message, state, objection === "TAKEN_BACK" ? undefined : objection);
  for (const publication of store.outbox.byMessage(message)) {
    if (publication.state !== "HELD" && publication.state !== "WAITING") continue;
    store.outbox.settle(publication.seq, state);
    voidSequence(store.outbox, publication);
  }
  touchThread(store, message);
}

/** Says for what a message waits on; whether that is new. Runs inside a write. */
export function sayWaiting({ store }: Office, message: number, code: FaultCode | undefined): boolean {
  const now = store.messages.summary(message);
  if (now?.state !== "QUEUED" || now.code === code) return false;
  store.messages.setState(message, "QUEUED", code);
  return true;
} // prettier-ignore
