import {
  bodyCodecs,
  channelsOf,
  encodeEnvelope,
  encodeInnerHeader,
  encodeMessage,
  encodePublication,
  encodeSlip,
  type Envelope,
  makeParts,
  parseBody,
  parseInnerHeader,
  type Message,
  outSubject,
  parseIntakeSubject,
  type Part,
  partsRoot,
  renderParts,
  type Slip,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Clock,
  makeSeededChance,
  makeUuid,
  sha256,
  systemClock,
} from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import { mailboxOwners } from "../../broker/nats/index.ts";
import type { Region } from "./hub-region.ts";
import { makeKnown } from "../../broker/admission/known.ts";
import { makeQuota } from "../../broker/admission/quota.ts";
import type { Arrived, Bench } from "../../broker/admission/verdict.ts";

const day = 86_400_000;
const chance = makeSeededChance("broker fixture messages");

/** What a made publication is to differ in; each function sees what would have been. */
export interface PublicationChange {
  readonly envelope?: Partial<Envelope>;
  readonly slip?: Partial<Slip>;
  readonly message?: (usual: Message) => Message;
  readonly parts?: (usual: readonly Part[]) => readonly Part[];
  /** The body in place of the encoded parts; sealed when the envelope says so. */
  readonly body?: Bytes;
  /** Signs in place of the sender. */
  readonly signer?: Signer;
  readonly slipSigner?: Signer;
  /** The channel it is sent on, in place of its envelope's first. */
  readonly channel?: string;
  /** The account it comes from. */
  readonly origin?: string;
}

/** A publication and what it was made of. */
export interface MadePublication {
  readonly bytes: Bytes;
  readonly envelope: Envelope;
  readonly message: Message;
  readonly channel: string;
  readonly arrived: Arrived;
}

const bulletin = bodyCodecs["bulletin.red_flag"].encode(
  parseBody("bulletin.red_flag", {
    title: { text: "Seals that do not match the papers", lang: "en" },
    indicators: [{ code: "SEAL_MISMATCH" }],
    evidenceLevel: "PROBABLE",
  }),
);

function innerHeader(): Bytes {
  return encodeInnerHeader(parseInnerHeader({}));
}

function usualSlip({ id, originator }: Envelope, channel: string): Omit<Slip, "envelopeDigest"> {
  return {
    version: 1,
    origin: originator,
    channel,
    series: 1,
    sequence: 1,
    messageId: id,
    voided: [],
  };
}

function usualEnvelope(region: Region, sender: string): Omit<Envelope, "bodyRoot" | "bodyDigest"> {
  return {
    version: 1,
    id: makeUuid(region.now, chance),
    scope: "FEED",
    originator: sender,
    type: "bulletin.red_flag",
    typeVersion: 1,
    recs: ["ecowas"],
    crimes: ["drugs"],
    mailboxes: [],
    handling: "H0",
    releaseLevel: "REGIONAL",
    urgency: "ROUTINE",
    status: "ACTUAL",
    action: "NEW",
    languages: ["en"],
    createdAt: region.now,
    expiresAt: region.now + 30 * day,
    form: "OPEN",
  };
}

function same<T>(value: T): T {
  return value;
}

function placeOf(origin: string, channel: string): Arrived["place"] {
  return parseIntakeSubject(outSubject(channel).replace(/^out/, `in.${origin.replace("/", ".")}`));
}

/** Makes a publication of an open bulletin that passes every step but for what `change` says. */
export function makePublication(
  region: Region,
  sender: string,
  change: PublicationChange = {},
): MadePublication {
  const usualParts = makeParts(innerHeader(), bulletin, chance);
  const body = change.body ?? renderParts((change.parts ?? same)(usualParts));
  const envelope: Envelope = {
    ...usualEnvelope(region, sender),
    bodyRoot: partsRoot(usualParts),
    bodyDigest: sha256(body),
    ...change.envelope,
  };
  const bytes = encodeEnvelope(envelope);
  const signer = change.signer ?? region.signer(sender);
  const usual: Message = {
    envelope: bytes,
    signatures: [signer.sign("atumpan-envelope", bytes)],
    ...(envelope.form === "SEALED" ? { sealed: body } : { open: body }),
  };
  const message = (change.message ?? same)(usual);
  const channel = change.channel ?? channelsOf(envelope)[0] ?? "";
  const slip = encodeSlip({
    ...usualSlip(envelope, channel),
    envelopeDigest: sha256(bytes),
    ...change.slip,
  });
  const slipSignature = (change.slipSigner ?? signer).sign("atumpan-slip", slip);
  const publication = encodePublication({ slip, slipSignature, message: encodeMessage(message) });
  const place = placeOf(change.origin ?? sender, channel);
  return { bytes: publication, envelope, message, channel, arrived: { bytes: publication, place } };
}

/** What publications of a region are judged by, at its moment, with nothing known. */
export function makeBench(region: Region, change: Partial<Bench> = {}): Bench {
  const register = change.register ?? region.view;
  const clock: Clock = { ...systemClock, elapsed: () => 0 };
  return {
    register,
    now: region.now,
    known: makeKnown(100),
    quota: makeQuota(clock, { perSecond: 10, burst: 1000 }),
    mailboxes: mailboxOwners(register, region.now),
    instances: new Map([
      ["FEED_ECOWAS", "one"],
      ["DIRECT", "two"],
    ]),
    ...change,
  };
}
