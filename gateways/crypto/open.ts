import { flattenedDecrypt } from "jose";
import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { type Bytes, Fault, parseUtf8 } from "../../schemas/ground/index.ts";
import type { OpeningKey } from "./keys.ts";
import { sealAlgorithms, sealBinding } from "./seal.ts";

/** What is opened: a sealed body, and the message its envelope says it belongs to. */
export interface Opening {
  readonly sealed: Bytes;
  readonly originator: string;
  readonly id: Bytes;
  readonly type?: string | undefined;
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
  enc: z.literal(sealAlgorithms.enc),
  afr: text,
  aid: text,
  aty: text,
  epk: ephemeralKey.optional(),
});

function checkBinding(encoded: string, opening: Opening): void {
  const found = header.parse(
    parseJsonText(Buffer.from(encoded, "base64url").toString("utf8"), limits.maxEnvelopeBytes),
  );
  const { afr, aid, aty } = sealBinding(opening);
  if (found.afr !== afr || found.aid !== aid || found.aty !== aty) {
    throw new Fault("BODY_CANNOT_BE_OPENED", "the seal is for another message");
  }
}

async function open(opening: Opening): Promise<Bytes> {
  const { sealed, keys } = opening;
  const { recipients, ...shared } = shape.parse(
    parseJsonText(parseUtf8(sealed), limits.maxBodyBytes),
  );
  checkBinding(shared.protected, opening);
  const ours = recipients.flatMap((recipient) => {
    const key = keys.find(({ kid }) => kid === recipient.header.kid);
    return key === undefined ? [] : [{ recipient, key }];
  })[0];
  if (ours === undefined) throw new Fault("BODY_CANNOT_BE_OPENED", "sealed to none of our keys");
  const { plaintext } = await flattenedDecrypt({ ...shared, ...ours.recipient }, ours.key.key, {
    keyManagementAlgorithms: [sealAlgorithms.alg],
    contentEncryptionAlgorithms: [sealAlgorithms.enc],
  });
  return plaintext;
}

/**
 * Opens a body that was sealed to one of our keys, for exactly this message.
 *
 * Every way to fail looks the same to the caller: nobody learns from the answer whether the key, the
 * header or the ciphertext was wrong. The cause is kept for the operator.
 *
 * @returns the encoded parts; their root is still to be compared with the envelope's
 * @throws {Fault} BODY_CANNOT_BE_OPENED
 */
export async function openBody(opening: Opening): Promise<Bytes> {
  try {
    return await open(opening);
  } catch (cause) {
    throw new Fault("BODY_CANNOT_BE_OPENED", "the body cannot be opened with our keys", { cause });
  }
}
