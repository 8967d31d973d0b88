import type { Envelope, InnerHeader } from "./gen/index.ts";
import { Fault } from "./ground/index.ts";
import { limits } from "./limits.ts";

/** What every direct message says of its urgency where the hub sees it. */
export const directUrgency = "NORMAL";

/** An outer header that is complete but for the body's root and digest. */
type Header = Omit<Envelope, "bodyRoot" | "bodyDigest">;

/** What a direct message says inside its seal that a feed message says outside. */
type SealedWords = Pick<
  InnerHeader,
  "urgency" | "action" | "languages" | "validFrom" | "expiresAt"
>;

/**
 * The header as hubs see it. Of a feed it is the same; of direct mail urgency, times, action and languages are those of
 * all direct mail, and the message's own stand in its inner header.
 */
export function makeOuterHeader(header: Header): Header {
  if (header.scope !== "DIRECT") return header;
  const { action: _action, validFrom: _validFrom, ...rest } = header;
  const expiresAt = header.createdAt + limits.maxLifetimeMs;
  return { ...rest, urgency: directUrgency, languages: [], expiresAt };
}

/** What of a header stands inside the seal: nothing of a feed's. */
export function makeSealedWords(header: Omit<Header, "id">): SealedWords {
  if (header.scope !== "DIRECT") return { languages: [] };
  const { urgency, action, languages, validFrom, expiresAt } = header;
  return { urgency, action, languages, validFrom, expiresAt };
}

/**
 * The header as its sender meant it: of direct mail with the urgency, times, action and languages of the inner header. What
 * is not there stands as it is outside.
 */
export function statedHeader(envelope: Envelope, inner: InnerHeader): Envelope {
  if (envelope.scope !== "DIRECT") return envelope;
  const { urgency = envelope.urgency, expiresAt = envelope.expiresAt } = inner;
  const { action, languages, validFrom } = inner;
  return { ...envelope, urgency, expiresAt, action, languages, validFrom };
}

function refuse(detail: string): never {
  throw new Fault("ENVELOPE_INVALID", detail);
}

function checkFeedInside(inner: InnerHeader): void {
  const { type, crimes, recipients, urgency, action, languages, validFrom, expiresAt } = inner;
  if (type !== undefined || crimes.length > 0 || recipients.length > 0)
    refuse("a feed message says its type and crimes outside only");
  const words = [urgency, action, validFrom, expiresAt].filter((one) => one !== undefined);
  if (words.length > 0 || languages.length > 0)
    refuse("a feed message says its urgency, times, action and languages outside only");
}

function checkDirectInside(envelope: Envelope, inner: InnerHeader): void {
  const { type, crimes, urgency, action, validFrom, expiresAt } = inner;
  if (type === undefined || crimes.length === 0)
    refuse("a direct message says its type and crimes inside");
  if (urgency === undefined || action === undefined || expiresAt === undefined)
    refuse("a direct message says its urgency, action and end inside");
  if (expiresAt <= envelope.createdAt) refuse("a message expires after it was created");
  if (expiresAt > envelope.expiresAt) refuse("expiresAt inside is after the end outside");
  if (validFrom !== undefined && validFrom >= expiresAt)
    refuse("a message is valid before it expires");
}

/**
 * Reads both headers of a message together: each thing is said in its one place, and what direct mail says inside fits what
 * stands outside.
 *
 * @returns the header as its sender meant it
 * @throws {Fault} ENVELOPE_INVALID
 */
export function checkStated(envelope: Envelope, inner: InnerHeader): Envelope {
  if (envelope.scope === "DIRECT") checkDirectInside(envelope, inner);
  else checkFeedInside(inner);
  return statedHeader(envelope, inner);
}
