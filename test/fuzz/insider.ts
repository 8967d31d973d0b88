import {
  decodeEnvelope,
  decodeMessage,
  decodeParts,
  decodePublication,
  decodeSlip,
  encodeEnvelope,
  encodeMessage,
  encodePublication,
  encodeSlip,
  partsRoot,
} from "../../schemas/index.ts";
import { type Bytes, isFault, makeUuid, sha256 } from "../../schemas/ground/index.ts";
import {
  deriveContentKey,
  makeOpeningKey,
  openBody,
  openFeedBody,
  type OpeningKey,
  sealBody,
  sealFeedBody,
  sealRecipients,
} from "../../gateways/crypto/index.ts";
import { believesAll } from "../kit/believes-all.ts";
import { fixtureAudienceKey } from "../kit/fixture-audience.ts";
import { type FuzzGround, fuzzNow, type MadePublication } from "./ground.ts";

/** The pieces of a message before it is signed. The body is the encoded parts, in the clear. */
export interface Unsigned {
  readonly envelope: Bytes;
  readonly slip: Bytes;
  readonly body: Bytes;
}

/** The id that a message made of this input is given; none for one in four, which then fits nothing. */
export function idFor(input: Bytes, choice: Bytes): Bytes | undefined {
  const digest = sha256(input);
  if ((choice[0] ?? 1) % 4 === 0) return undefined;
  return makeUuid(fuzzNow, { bytes: (count) => digest.subarray(0, count) });
}

/** The keys an agency opens with. */
export function keysOf({ world }: FuzzGround, agency: string): readonly OpeningKey[] {
  const { certificate, key } = world.agency(agency).sealing;
  return [makeOpeningKey(certificate, key)];
}

/** Takes a made publication apart, and opens it with its reader's keys. */
export async function takeApart(
  { bytes }: MadePublication,
  keys: readonly OpeningKey[],
): Promise<Unsigned> {
  const publication = decodePublication(bytes);
  const { envelope, open, sealed = Buffer.alloc(0) } = decodeMessage(publication.message);
  const { originator, id, type } = decodeEnvelope(envelope);
  const feed = { sealed, originator, id, type: type ?? "" };
  const contentKey = deriveContentKey(fixtureAudienceKey.key, feed);
  const closed = async (): Promise<Bytes> =>
    type === undefined
      ? await openBody({ sealed, originator, id, keys })
      : await openFeedBody(feed, contentKey);
  const body = open ?? (await closed());
  return { envelope, slip: publication.slip, body };
}

/** What `edit` makes of it; as it is when it cannot be read. */
function edited(bytes: Bytes, edit: (bytes: Bytes) => Bytes): Bytes {
  try {
    return edit(bytes);
  } catch (error) {
    if (isFault(error) || error instanceof TypeError) return bytes;
    throw error;
  }
}

function rootOf(body: Bytes): Bytes | undefined {
  try {
    return partsRoot(decodeParts(body).parts);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

interface Carried {
  readonly open?: Bytes;
  readonly sealed?: Bytes;
}

async function closeBody(
  { view }: FuzzGround,
  { envelope, body }: Unsigned,
  reader: string,
): Promise<Carried> {
  try {
    const { form, originator, id, type } = decodeEnvelope(envelope);
    if (form !== "SEALED") return { open: body };
    if (type !== undefined) {
      const sealing = { parts: body, originator, id, type, audienceKey: fixtureAudienceKey };
      return { sealed: await sealFeedBody(sealing) };
    }
    const recipients = sealRecipients({ register: view, now: fuzzNow, believes: believesAll }, [
      reader,
    ]);
    return { sealed: await sealBody({ parts: body, originator, id, type, recipients }) };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { open: body };
  }
}

/** Who signs, for whom, and how much of it is made to fit. */
export interface Signing {
  readonly sender: string;
  readonly reader: string;
  /** Makes digests and the slip's references fit what they name, and gives the message this id. */
  readonly fittedAs?: Bytes | undefined;
}

/** The pieces with every reference among them made right, where they can be read at all. */
function fit({ envelope, slip, body }: Unsigned, id: Bytes, bodyDigest: Bytes): Unsigned {
  const bodyRoot = rootOf(body);
  const fitted = edited(envelope, (bytes) => {
    const decoded = decodeEnvelope(bytes);
    return encodeEnvelope({ ...decoded, id, bodyDigest, bodyRoot: bodyRoot ?? decoded.bodyRoot });
  });
  const envelopeDigest = sha256(fitted);
  const fittedSlip = edited(slip, (bytes) =>
    encodeSlip({ ...decodeSlip(bytes), messageId: id, envelopeDigest }),
  );
  return { envelope: fitted, slip: fittedSlip, body };
}

/** Signs whatever it is given as `sender` would: what an agency of the register could send if it wanted to. */
export async function signPublication(
  ground: FuzzGround,
  unsigned: Unsigned,
  { sender, reader, fittedAs }: Signing,
): Promise<Bytes> {
  const { signer } = ground.world.agency(sender);
  const named =
    fittedAs === undefined ? unsigned : fit(unsigned, fittedAs, sha256(Buffer.alloc(0)));
  const carried = await closeBody(ground, named, reader);
  const bodyDigest = sha256(carried.sealed ?? carried.open ?? Buffer.alloc(0));
  const { envelope, slip } = fittedAs === undefined ? named : fit(named, fittedAs, bodyDigest);
  const signatures = [signer.sign("atumpan-envelope", envelope)];
  const slipSignature = signer.sign("atumpan-slip", slip);
  const message = encodeMessage({ envelope, signatures, ...carried });
  return Buffer.from(encodePublication({ slip, slipSignature, message }));
}
