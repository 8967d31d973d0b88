import type { Signer } from "../../certs/keys/index.ts";
import {
  bodyCodecs,
  channelsOf,
  encodeEnvelope,
  encodeInnerHeader,
  encodeMessage,
  encodePublication,
  encodeSlip,
  type Envelope,
  isKnownType,
  makeOuterHeader,
  makeParts,
  parseBody,
  parseInnerHeader,
  partsRoot,
  renderParts,
  typeOptions,
} from "../../schemas/index.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import {
  type Bytes,
  makeUuid,
  renderBase64url,
  renderUuid,
  sha256,
  systemChance,
  utf8,
} from "../../schemas/ground/index.ts";
import type { Cell } from "./rights-cells.ts";

/** A signed publication, good in its form, and where it goes. */
export interface MadeOne {
  readonly id: string;
  readonly bytes: Bytes;
  readonly channel: string;
}

const hourMs = 3_600_000;
const nonce = "A".repeat(16);
const tag = "A".repeat(22);
const json = (value: unknown): string => renderBase64url(utf8(JSON.stringify(value)));

/** A sealed feed body as far as a hub can tell: it holds no key, so it looks at the form alone. */
const sealedFeed = utf8(
  `${json({ alg: "dir", enc: "A256GCM", kid: "0".repeat(32) })}..${nonce}.AAAA.${tag}`,
);
/** A sealed direct body likewise. */
const sealedDirect = utf8(
  JSON.stringify({
    protected: json({ enc: "A256GCM" }),
    recipients: [{ header: { alg: "ECDH-ES+A256KW" }, encrypted_key: "AAAA" }],
    iv: nonce,
    ciphertext: "AAAA",
    tag,
  }),
);

interface Content {
  readonly root: Bytes;
  readonly body: Bytes;
  readonly form: "OPEN" | "SEALED";
}

const contents = new Map<string, Content>();

/** What a message of the type carries; made once, for only its form is looked at. */
function contentOf(type: string, now: number): Content {
  const known = contents.get(type);
  if (known !== undefined) return known;
  if (!isKnownType(type)) throw new Error(`${type} is no type`);
  const example = exampleOf(type);
  // an edition for the public is for H0 alone
  const { publicEdition: _left, ...general } = example.body;
  const shifted = shiftInstants(general, now - exampleInstant);
  const body = bodyCodecs[type].encode(parseBody(type, shifted) as never);
  const parts = makeParts(encodeInnerHeader(parseInnerHeader({})), body, systemChance);
  const isOpen = typeOptions(type)?.form === "OPEN";
  const made: Content = {
    root: partsRoot(parts),
    body: isOpen ? renderParts(parts) : sealedFeed,
    form: isOpen ? "OPEN" : "SEALED",
  };
  contents.set(type, made);
  return made;
}

let series = 3_000_000;

function finish(signer: Signer, envelope: Envelope, body: Bytes): MadeOne {
  const bytes = encodeEnvelope(envelope);
  const signatures = [signer.sign("atumpan-envelope", bytes)];
  const carried = envelope.form === "OPEN" ? { open: body } : { sealed: body };
  const [channel = ""] = channelsOf(envelope);
  series += 1;
  const { id: messageId } = envelope;
  const numbers = { series, sequence: 1, voided: [] };
  const bound = { messageId, envelopeDigest: sha256(bytes) };
  const slip = encodeSlip({ version: 1, origin: signer.signer, channel, ...numbers, ...bound });
  const publication = encodePublication({
    slip,
    slipSignature: signer.sign("atumpan-slip", slip),
    message: encodeMessage({ envelope: bytes, signatures, ...carried }),
  });
  return { id: renderUuid(messageId), bytes: publication, channel };
}

function common(signer: Signer, now: number) {
  return {
    version: 1,
    id: makeUuid(now, systemChance),
    originator: signer.signer,
    urgency: "ROUTINE",
    status: "TEST",
    action: "NEW",
    languages: [],
    createdAt: now,
    expiresAt: now + 12 * hourMs,
  };
}

/** A message for one cell of a feed. */
export function makeFeedOne(signer: Signer, cell: Cell, now: number): MadeOne {
  const { rec, type, crime, handling } = cell;
  const { root, body, form } = contentOf(type, now);
  const place = { scope: "FEED", recs: [rec], crimes: [crime], mailboxes: [], releaseLevel: "REGIONAL" };
  const what = { type, typeVersion: 1, handling, form, bodyRoot: root, bodyDigest: sha256(body) };
  return finish(signer, { ...common(signer, now), ...place, ...what }, body);
} // prettier-ignore

/** A message for one mailbox. */
export function makeDirectOne(
  signer: Signer,
  { mailbox, handling }: { mailbox: string; handling: string },
  now: number,
): MadeOne {
  const place = { scope: "DIRECT", recs: [], crimes: [], mailboxes: [mailbox], releaseLevel: "BILATERAL" };
  const digest = sha256(sealedDirect);
  const header = makeOuterHeader({ ...common(signer, now), ...place, handling, form: "SEALED" });
  return finish(signer, { ...header, bodyRoot: digest, bodyDigest: digest }, sealedDirect);
} // prettier-ignore
