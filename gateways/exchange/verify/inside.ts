import {
  checkContent,
  checkDirectLevel,
  checkStated,
  checkTypeForm,
  decodeInnerHeader,
  type Envelope,
  type InnerHeader,
  isKnownType,
  joinParts,
  type MessageType,
  parseFeedChannel,
  parseParts,
  renderDirectChannel,
} from "../../../schemas/index.ts";
import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import { type Kept, mailboxOf } from "../../../certs/trust/index.ts";
import { openBody, openFeedBody, readableEncryptions, readKeyName } from "../../crypto/index.ts";
import { checkCeiling } from "../../release/index.ts";
import { checkMandates, type ProvenOutside, type VerifyPlace } from "./outside.ts";

/** What was inside a proven publication. */
export interface ProvenInside {
  readonly type: MessageType;
  readonly crimes: readonly string[];
  readonly recipients: readonly string[];
  readonly inner: InnerHeader;
  /** The header as its sender meant it: see `statedHeader`. Whether its time is over is still to be asked. */
  readonly header: Envelope;
  /** The encoded parts; their root is the one the sender signed. */
  readonly parts: Bytes;
}

function refuse(detail: string): never {
  throw new Fault("ENVELOPE_INVALID", detail);
}

/** Whom the sender keeps it from, as decisions ask it. */
function keptOf({ protectedFrom: states, excludedRecipients: agencies }: InnerHeader): Kept {
  return { states, agencies };
}

/** A feed says its type, crimes and readers outside, and nowhere else; inside it says whom it is kept from. */
function readFeed(
  { envelope, channel }: ProvenOutside,
  inner: InnerHeader,
  place: VerifyPlace,
): { type: string; crimes: readonly string[] } {
  const { originator, handling, type = "", crimes } = envelope;
  const { rec: scope, crime } = parseFeedChannel(channel);
  checkMandates(place, { originator, scope, type, crime, handling, kept: keptOf(inner) });
  return { type, crimes };
}

function checkMailboxes(
  { envelope, channel }: ProvenOutside,
  recipients: readonly string[],
  { register, agency }: VerifyPlace,
): void {
  const wanted = envelope.mailboxes.toSorted().join(" ");
  const key = register.mailboxKeys.find(
    (one) =>
      recipients
        .map((recipient) => mailboxOf(one, recipient))
        .toSorted()
        .join(" ") === wanted,
  );
  if (key === undefined || !recipients.includes(agency)) {
    refuse("the recipients inside are not the mailboxes outside, or we are not among them");
  }
  if (renderDirectChannel(mailboxOf(key, agency)) !== channel) {
    throw new Fault("SUBJECT_MISMATCH", "the mailbox is not ours");
  }
}

/** A direct message is asked about again once its seal is open: now its type and crimes are known. */
function readDirect(
  outside: ProvenOutside,
  inner: InnerHeader,
  place: VerifyPlace,
): { type: string; crimes: readonly string[] } {
  const { type = "", crimes, recipients, purposes } = inner;
  checkMailboxes(outside, recipients, place);
  checkDirectLevel(outside.envelope, recipients);
  const { originator, handling } = outside.envelope;
  const asked = { originator, scope: "direct", type, handling, purposes, kept: keptOf(inner) };
  for (const crime of crimes) checkMandates(place, { ...asked, crime });
  return { type, crimes };
}

/** A direct message opens with a key of ours, a feed message with the key its sender shared before. */
async function openSealed(
  { envelope, body: sealed }: ProvenOutside,
  place: VerifyPlace,
): Promise<Bytes> {
  const { originator, id, type = "", scope, createdAt } = envelope;
  const encryptions = readableEncryptions(place.register, { createdAt, now: place.now });
  if (scope !== "FEED") {
    return await openBody({ sealed, originator, id, encryptions, keys: place.keys });
  }
  const feed = { sealed, originator, id, type, encryptions };
  const key = place.findContentKey?.(feed, readKeyName(feed));
  if (key === undefined) {
    throw new Fault(
      "AUDIENCE_KEY_AWAITED",
      "the sender's key for this message is not here; it is asked for, and the message opens when it comes",
    );
  }
  return await openFeedBody(feed, key);
}

/**
 * Opens the body of a publication whose outside was proved, and proves its content: parts, headers that agree
 * with each other, mandates for what was sealed, form, fields and rules.
 *
 * @throws {Fault} AUDIENCE_KEY_AWAITED, BODY_*, ENVELOPE_INVALID, SUBJECT_MISMATCH, MANDATE_*, DEPLOYMENT_CEILING,
 * SCHEMA_*, CODEC_*
 */
export async function verifyInside(
  outside: ProvenOutside,
  place: VerifyPlace,
): Promise<ProvenInside> {
  const { envelope, body: carried } = outside;
  const bytes = envelope.form === "SEALED" ? await openSealed(outside, place) : carried;
  const parts = parseParts(bytes, envelope.bodyRoot);
  if (parts.some(({ value }) => value === undefined)) {
    throw new Fault("BODY_PARTS_INVALID", "parts are withheld; a redacted copy is no message");
  }
  const { innerHeader, body } = joinParts(parts);
  const inner = decodeInnerHeader(innerHeader);
  const header = checkStated(envelope, inner);
  const isFeed = envelope.scope === "FEED";
  const { type, crimes } = isFeed
    ? readFeed(outside, inner, place)
    : readDirect(outside, inner, place);
  if (!isKnownType(type)) throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is not in our schemas");
  checkTypeForm(envelope, type);
  checkCeiling({ handling: envelope.handling, inner }, place.ceiling);
  checkContent(type, { header, inner, bytes: body });
  return { type, crimes, recipients: inner.recipients, inner, header, parts: bytes };
}
