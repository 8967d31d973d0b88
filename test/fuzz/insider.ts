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
import { type Bytes, isFault, sha256 } from "../../schemas/ground/index.ts";
import {
  makeOpeningKey,
  openBody,
  type OpeningKey,
  sealBody,
  sealRecipients,
} from "../../gateways/crypto/index.ts";
import { type FuzzGround, fuzzNow, type MadePublication } from "./ground.ts";

/** The pieces of a message before it is signed. The body is the encoded parts, in the clear. */
export interface Unsigned {
  readonly envelope: Bytes;
  readonly slip: Bytes;
  readonly body: Bytes;
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
  const { id, type } = decodeEnvelope(envelope);
  const body = open ?? (await openBody({ sealed, id, type, keys }));
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
    const { form, id, type } = decodeEnvelope(envelope);
    if (form !== "SEALED") return { open: body };
    const recipients = sealRecipients(view, [reader], fuzzNow);
    return { sealed: await sealBody({ parts: body, id, type, recipients }) };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { open: body };
  }
}

/**
 * Signs whatever it is given as `sender` would: what an agency of the register could send if it wanted to.
 * With `isFitted`, digests and the slip's references are made to fit what they name, where they can be.
 */
export async function signPublication(
  ground: FuzzGround,
  unsigned: Unsigned,
  { sender, reader, isFitted }: { sender: string; reader: string; isFitted: boolean },
): Promise<Bytes> {
  const { signer } = ground.world.agency(sender);
  const carried = await closeBody(ground, unsigned, reader);
  const bodyDigest = sha256(carried.sealed ?? carried.open ?? Buffer.alloc(0));
  const bodyRoot = rootOf(unsigned.body);
  const envelope = !isFitted
    ? unsigned.envelope
    : edited(unsigned.envelope, (bytes) => {
        const decoded = decodeEnvelope(bytes);
        return encodeEnvelope({ ...decoded, bodyDigest, bodyRoot: bodyRoot ?? decoded.bodyRoot });
      });
  const slip = !isFitted
    ? unsigned.slip
    : edited(unsigned.slip, (bytes) =>
        encodeSlip({ ...decodeSlip(bytes), envelopeDigest: sha256(envelope) }),
      );
  const signatures = [signer.sign("atumpan-envelope", envelope)];
  return Buffer.from(
    encodePublication({
      slip,
      slipSignature: signer.sign("atumpan-slip", slip),
      message: encodeMessage({ envelope, signatures, ...carried }),
    }),
  );
}
