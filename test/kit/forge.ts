import {
  channelsOf,
  encodeBulletinRedFlag,
  encodeEnvelope,
  encodeInnerHeader,
  encodeMessage,
  encodePublication,
  encodeSlip,
  type Envelope,
  type InnerHeader,
  type Message,
  makeParts,
  parseBody,
  parseInnerHeader,
  partsRoot,
  renderParts,
  type Slip,
} from "../../schemas/index.ts";
import { type Bytes, makeUuid, sha256, systemChance } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";

/** How a publication departs from a good one. */
export interface Forgery {
  readonly envelope?: Partial<Envelope>;
  readonly slip?: Partial<Slip>;
  /** Changes the message after it was signed. */
  readonly message?: (message: Message) => Message;
  /** Signs in place of the originator. */
  readonly signedBy?: Signer;
  readonly body?: Bytes;
  readonly inner?: Partial<InnerHeader>;
  readonly now?: number;
}

/** A publication as it goes onto the wire, and what it is made of. */
export interface Forged {
  readonly bytes: Bytes;
  readonly channel: string;
  readonly id: Bytes;
  readonly envelope: Envelope;
}

/** The body of a small, valid bulletin. */
export const bulletin: Bytes = encodeBulletinRedFlag(
  parseBody("bulletin.red_flag", {
    title: { text: "Seals that do not fit", lang: "en" },
    indicators: [{ code: "SEAL_MISMATCH" }],
    countries: ["NG"],
    evidenceLevel: "PROBABLE",
  }),
);

let series = 1_000_000;

function makeEnvelope(
  originator: string,
  now: number,
  { open, root }: { open: Bytes; root: Bytes },
): Envelope {
  return {
    version: 1,
    id: makeUuid(now, systemChance),
    scope: "FEED",
    originator,
    type: "bulletin.red_flag",
    typeVersion: 1,
    recs: ["ecowas"],
    crimes: ["drugs"],
    mailboxes: [],
    handling: "H0",
    releaseLevel: "REGIONAL",
    urgency: "ROUTINE",
    status: "TEST",
    action: "NEW",
    languages: [],
    createdAt: now,
    expiresAt: now + 3_600_000,
    form: "OPEN",
    bodyRoot: root,
    bodyDigest: sha256(open),
  };
}

/** Makes a publication by hand, good but for what `forgery` changes. */
export function forge(signer: Signer, forgery: Forgery = {}): Forged {
  const now = forgery.now ?? Date.now();
  const inner = encodeInnerHeader({ ...parseInnerHeader({}), ...forgery.inner });
  const parts = makeParts(inner, forgery.body ?? bulletin, systemChance);
  const open = renderParts(parts);
  const envelope = {
    ...makeEnvelope(signer.signer, now, { open, root: partsRoot(parts) }),
    ...forgery.envelope,
  };
  const bytes = encodeEnvelope(envelope);
  const by = forgery.signedBy ?? signer;
  const message = { envelope: bytes, signatures: [by.sign("atumpan-envelope", bytes)], open };
  const [channel = ""] = channelsOf(envelope);
  series += 1;
  const slip = encodeSlip({
    version: 1,
    origin: envelope.originator,
    channel,
    series,
    sequence: 1,
    messageId: envelope.id,
    envelopeDigest: sha256(bytes),
    voided: [],
    ...forgery.slip,
  });
  const publication = encodePublication({
    slip,
    slipSignature: by.sign("atumpan-slip", slip),
    message: encodeMessage(forgery.message?.(message) ?? message),
  });
  return { bytes: publication, channel, id: envelope.id, envelope };
}
