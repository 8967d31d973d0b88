import { flattenedDecrypt } from "jose";
import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, parseUtf8 } from "../../schemas/ground/index.ts";
import { spendNamed } from "./decoy.ts";
import { type ContentEncryption, contentEncryptions } from "./encryption.ts";
import type { OpeningKey } from "./keys.ts";
import { unpadParts } from "./pad.ts";
import { paddingOf, sealAlgorithms, sealBinding } from "./seal.ts";

/** What is opened: a sealed body, and the message its envelope says it belongs to. */
export interface Opening {
  readonly sealed: Bytes;
  readonly originator: string;
  readonly id: Bytes;
  readonly type?: string | undefined;
  /** What it may have been encrypted with; A256GCM unless said. */
  readonly encryptions?: readonly ContentEncryption[] | undefined;
  readonly keys: readonly OpeningKey[];
}

const text = z.string().min(1);
const ephemeralKey = z.strictObject({ kty: text, crv: text, x: text, y: z.string().optional() });
const shape = z.strictObject({
  protected: text,
  iv: text,
  ciphertext: z.string(),
  tag: text,
  recipients: z
    .array(
      z.strictObject({
        encrypted_key: text,
        header: z.strictObject({
          alg: z.literal(sealAlgorithms.alg),
          kid: text,
          epk: ephemeralKey.optional(),
        }),
      }),
    )
    .min(1)
    .max(limits.maxSealedRecipients),
});

/** With one recipient, jose writes the ephemeral key into the protected header. */
const header = z.strictObject({
  enc: z.enum(contentEncryptions),
  afr: text,
  aid: text,
  aty: text,
  epk: ephemeralKey.optional(),
});

/**
 * Refuses to open, in the one way there is: nobody learns from the answer whether the key, the header, the ciphertext or
 * the padding was wrong. The cause is kept for the operator.
 *
 * @throws {Fault} BODY_CANNOT_BE_OPENED
 */
export function cannotOpen(cause: unknown): never {
  throw new Fault("BODY_CANNOT_BE_OPENED", "the body cannot be opened with our keys", { cause });
}

/**
 * The one refusal with a code of its own: it is made before any key is used, of what everybody can read, and a newer
 * register may undo it.
 *
 * @throws {Fault} SEAL_ALGORITHM_NOT_PERMITTED
 */
export function refuseEncryption(enc: string): never {
  const detail = `the register does not let ${enc} encrypt this`;
  throw new Fault("SEAL_ALGORITHM_NOT_PERMITTED", detail);
}

/** Refuses a seal that is another message's, or of an encryption that may not be used; says which one it is of. */
function checkBinding(encoded: string, opening: Opening): ContentEncryption {
  const found = header.parse(
    parseJsonText(Buffer.from(encoded, "base64url").toString("utf8"), limits.maxEnvelopeBytes),
  );
  const { afr, aid, aty } = sealBinding(opening);
  if (found.afr !== afr || found.aid !== aid || found.aty !== aty) {
    cannotOpen("the seal is for another message");
  }
  const { encryptions = ["A256GCM"] } = opening;
  return encryptions.includes(found.enc) ? found.enc : refuseEncryption(found.enc);
}

async function open(opening: Opening): Promise<Bytes> {
  const { sealed, keys } = opening;
  const { recipients, ...shared } = shape.parse(
    parseJsonText(parseUtf8(sealed), limits.maxBodyBytes),
  );
  const enc = checkBinding(shared.protected, opening);
  const ours = recipients.flatMap((recipient) => {
    const key = keys.find(({ kid }) => kid === recipient.header.kid);
    return key === undefined ? [] : [{ recipient, key }];
  })[0];
  if (ours === undefined) return cannotOpen("sealed to none of our keys");
  const { plaintext } = await flattenedDecrypt({ ...shared, ...ours.recipient }, ours.key.key, {
    keyManagementAlgorithms: [sealAlgorithms.alg],
    contentEncryptionAlgorithms: [enc],
  });
  return plaintext;
}

/**
 * Opens a body that was sealed to one of our keys, for exactly this message.
 *
 * Every way to fail looks the same to the caller: nobody learns from the answer whether the key, the
 * header or the ciphertext was wrong, nor from how long it took. The cause is kept for the operator.
 *
 * @returns the encoded parts; their root is still to be compared with the envelope's
 * @throws {Fault} BODY_CANNOT_BE_OPENED, SEAL_ALGORITHM_NOT_PERMITTED
 */
export async function openBody(opening: Opening): Promise<Bytes> {
  let padded: Bytes;
  try {
    padded = await open(opening);
  } catch (cause) {
    if (isFault(cause, "SEAL_ALGORITHM_NOT_PERMITTED")) throw cause;
    await spendNamed(cause);
    return cannotOpen(cause);
  }
  return unpadParts(padded, paddingOf(opening)) ?? cannotOpen("the padding is not ours");
}
