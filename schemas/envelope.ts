import { regionalFields, typeOptions } from "./body/index.ts";
import { checkMessage } from "./check/index.ts";
import { checkEnvelope, decodeEnvelope, type Envelope } from "./gen/index.ts";
import { type Bytes, type EpochMs, Fault } from "./ground/index.ts";
import { limits } from "./limits.ts";
import { checkFeedLevel } from "./release-level.ts";
import { directUrgency } from "./stated.ts";

function refuse(detail: string): never {
  throw new Fault("ENVELOPE_INVALID", detail);
}

function checkFeed(envelope: Envelope): void {
  const { type, typeVersion, recs, crimes, mailboxes, action } = envelope;
  if (type === undefined || typeVersion === undefined)
    refuse("a feed message names its type and version");
  if (recs.length === 0 || crimes.length === 0)
    refuse("a feed message names a community and a crime");
  if (mailboxes.length > 0) refuse("a feed message names no mailbox");
  if (action === undefined) refuse("a feed message says its action");
  checkFeedLevel(envelope);
}

/** What a direct message says inside its seal and nowhere else. */
const sealedNames = ["type", "typeVersion", "action", "validFrom", "threadId", "inReplyTo", "supersedes"] as const; // prettier-ignore

/** Outside, all direct messages are alike: what differs by type would tell the hub the type. */
function checkTellsNothing(envelope: Envelope): void {
  const { urgency, createdAt, expiresAt, languages } = envelope;
  const told = sealedNames.find((name) => envelope[name] !== undefined);
  if (told !== undefined) refuse(`a direct message says its ${told} inside the seal only`);
  if (languages.length > 0) refuse("a direct message says its languages inside the seal only");
  if (urgency !== directUrgency)
    refuse(`urgency is ${directUrgency} outside every direct message; its own stands inside`);
  if (expiresAt - createdAt !== limits.maxLifetimeMs)
    refuse("expiresAt is five years after createdAt outside every direct message; its own end stands inside"); // prettier-ignore
}

function checkDirect(envelope: Envelope): void {
  const { recs, crimes, mailboxes, form } = envelope;
  if (recs.length > 0 || crimes.length > 0)
    refuse("a direct message says its communities and crimes inside the seal only");
  if (mailboxes.length === 0) refuse("a direct message names a mailbox");
  if (form !== "SEALED") throw new Fault("BODY_MUST_BE_SEALED", "a direct message travels sealed");
  checkTellsNothing(envelope);
}

function checkTimes({ createdAt, expiresAt, validFrom }: Envelope): void {
  if (expiresAt <= createdAt) refuse("a message expires after it was created");
  if (expiresAt - createdAt > limits.maxLifetimeMs) refuse("a message lives at most five years");
  if (validFrom !== undefined && validFrom >= expiresAt)
    refuse("a message is valid before it expires");
}

function hasRepeats(list: readonly string[]): boolean {
  return new Set(list).size !== list.length;
}

/**
 * Reads an envelope: shape, formats, and the rules that hold for every message. Says nothing of who made it.
 *
 * @param bytes the exact bytes that were or will be signed
 * @throws {Fault} CODEC_MALFORMED, CODEC_TOO_LARGE, SCHEMA_INVALID, SCHEMA_FIELD_MISSING, ENVELOPE_INVALID,
 * BODY_MUST_BE_SEALED, RELEASE_LEVEL_EXCEEDED
 */
export function parseEnvelope(bytes: Bytes): Envelope {
  if (bytes.length > limits.maxEnvelopeBytes) {
    throw new Fault("CODEC_TOO_LARGE", `an envelope has at most ${limits.maxEnvelopeBytes} bytes`);
  }
  const envelope = decodeEnvelope(bytes);
  checkMessage(checkEnvelope, envelope);
  if (envelope.scope === "FEED") checkFeed(envelope);
  else if (envelope.scope === "DIRECT") checkDirect(envelope);
  else refuse("the scope is FEED or DIRECT");
  if ([envelope.recs, envelope.crimes, envelope.mailboxes].some(hasRepeats)) {
    refuse("a community, crime or mailbox is named twice");
  }
  checkTimes(envelope);
  return envelope;
}

/**
 * Refuses a message that is past its time, or dated further ahead than clocks may differ.
 *
 * @throws {Fault} ENVELOPE_EXPIRED, ENVELOPE_FROM_FUTURE
 */
export function checkFresh(
  { createdAt, expiresAt }: Pick<Envelope, "createdAt" | "expiresAt">,
  now: EpochMs,
): void {
  if (expiresAt <= now) throw new Fault("ENVELOPE_EXPIRED", "expires_at has passed");
  if (createdAt > now + limits.maxAheadMs) {
    throw new Fault(
      "ENVELOPE_FROM_FUTURE",
      `created_at is more than ${limits.maxAheadMs} ms ahead`,
    );
  }
}

/**
 * Refuses a type that is not known, or one that travels in another form or scope than its schema says.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE, BODY_MUST_BE_SEALED, BODY_MUST_BE_OPEN, ENVELOPE_INVALID
 */
export function checkTypeForm({ scope, form }: Envelope, type: string): void {
  const options = typeOptions(type);
  if (options === undefined)
    throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is not in our schemas");
  const isNominal = scope === "DIRECT" && regionalFields(type) !== undefined;
  if (options.scope !== scope && !isNominal) refuse(`this type travels as ${options.scope}`);
  if (options.form === form) return;
  if (options.form === "SEALED")
    throw new Fault("BODY_MUST_BE_SEALED", "this type travels sealed only");
  throw new Fault("BODY_MUST_BE_OPEN", "this type travels open only");
}
