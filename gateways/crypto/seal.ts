import { GeneralEncrypt } from "jose";

import { limits } from "../../schemas/index.ts";
import { type Bytes, Fault, renderUuid, utf8 } from "../../schemas/ground/index.ts";
import type { ContentEncryption } from "./encryption.ts";
import { recipientKey, sealingKid, type SealRecipient } from "./keys.ts";
import { type Padding, padParts } from "./pad.ts";

/** What is sealed, for which message, to whom. */
export interface Sealing {
  /** The encoded parts. */
  readonly parts: Bytes;
  /** Who signs the message: so that nobody else can put his own envelope around its ciphertext. */
  readonly originator: string;
  /** The message's id, 16 bytes. */
  readonly id: Bytes;
  /** The message's type; absent where it is said inside the seal only, as in every direct message. */
  readonly type?: string | undefined;
  /** A256GCM unless said; which one is the register's word. */
  readonly enc?: ContentEncryption | undefined;
  readonly recipients: readonly SealRecipient[];
}

/** Key agreement; no other is written or read. */
export const sealAlgorithms = { alg: "ECDH-ES+A256KW" } as const;

/**
 * The protected header: it binds the ciphertext to one message of one originator, so that a sealed body
 * moved under another envelope, or under another's, does not open.
 */
export function sealBinding({
  originator,
  id,
  type,
  enc = "A256GCM",
}: Pick<Sealing, "originator" | "id" | "type" | "enc">): Record<
  "enc" | "afr" | "aid" | "aty",
  string
> {
  return { enc, afr: originator, aid: renderUuid(id), aty: type ?? "direct" };
}

/** A direct message says its type inside the seal only, so its length must not say it either. */
export function paddingOf({ type }: Pick<Sealing, "type">): Padding {
  return type === undefined ? "kind" : "length";
}

/**
 * Seals a direct message's body to exactly these recipients, padded: JWE in General JSON form, content encrypted once.
 *
 * @throws {Fault} SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS, CODEC_TOO_LARGE
 * @see RFC 7516 §7.2.1, RFC 7518 §4.6
 */
export async function sealBody(sealing: Sealing): Promise<Bytes> {
  const { parts, recipients } = sealing;
  if (recipients.length === 0) {
    throw new Fault("SEAL_NO_RECIPIENTS", "nobody may read this message, so it is not sent");
  }
  if (recipients.length > limits.maxSealedRecipients) {
    throw new Fault(
      "SEAL_TOO_MANY_RECIPIENTS",
      `${recipients.length} readers; a sealed message has at most ${limits.maxSealedRecipients}`,
    );
  }
  const padded = padParts(parts, paddingOf(sealing));
  const encryption = new GeneralEncrypt(padded).setProtectedHeader(sealBinding(sealing));
  for (const recipient of recipients) {
    encryption.addRecipient(recipientKey(recipient)).setUnprotectedHeader({
      alg: sealAlgorithms.alg,
      kid: sealingKid(recipient.certificate.thumbprint),
    });
  }
  const sealed = utf8(JSON.stringify(await encryption.encrypt()));
  if (sealed.length > limits.maxBodyBytes) {
    throw new Fault("CODEC_TOO_LARGE", `a sealed body has at most ${limits.maxBodyBytes} bytes`);
  }
  return sealed;
}
