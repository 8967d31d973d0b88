import { createPublicKey, type KeyObject } from "node:crypto";

import { generalDecrypt, GeneralEncrypt, type GeneralJWE } from "jose";
import { z } from "zod";

import { type Bytes, Fault, renderHex, sha256, tryShape } from "../../schemas/ground/index.ts";

/** Whom a backup is sealed to: the public half of a key that lies away from the gateway. */
export interface RecoveryRecipient {
  readonly key: KeyObject;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), 64 hexadecimal digits. */
  readonly fingerprint: string;
}

const algorithms = { alg: "ECDH-ES+A256KW", enc: "A256GCM" } as const;
const purpose = "atumpan-backup";
const text = z.string().max(4096);
const shape = z.strictObject({
  protected: text,
  iv: text,
  ciphertext: text,
  tag: text,
  recipients: z
    .array(
      z.strictObject({
        header: z.looseObject({ alg: text, kid: text }),
        encrypted_key: text,
      }),
    )
    .min(1)
    .max(2),
});

function fingerprintOf(key: KeyObject): string {
  const open = key.type === "private" ? createPublicKey(key) : key;
  return renderHex(sha256(open.export({ format: "der", type: "spki" })));
}

/**
 * Reads the public half of a recovery key, as PEM.
 *
 * @throws {Fault} KEY_UNUSABLE unless it is a public key on P-256
 */
export function parseRecoveryRecipient(pem: string): RecoveryRecipient {
  try {
    if (pem.length > 4096 || pem.includes("PRIVATE")) throw new TypeError("not a public key");
    const key = createPublicKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") throw new TypeError("another curve");
    return { key, fingerprint: fingerprintOf(key) };
  } catch (cause) {
    const why = "a backup is sealed to public keys that atumpan backup key new made (.pub.pem)";
    throw new Fault("KEY_UNUSABLE", why, { cause });
  }
}

/**
 * Seals the key of a backup to one or two recovery keys. JWE in General JSON form.
 *
 * @throws {Fault} SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS
 * @see RFC 7516 §7.2.1
 */
export async function sealBackupKey(
  key: Bytes,
  recipients: readonly RecoveryRecipient[],
): Promise<object> {
  if (recipients.length === 0) {
    throw new Fault("SEAL_NO_RECIPIENTS", "a backup is sealed to a recovery key; none is named");
  }
  if (recipients.length > 2) {
    throw new Fault("SEAL_TOO_MANY_RECIPIENTS", "a backup is sealed to at most 2 recovery keys");
  }
  const encryption = new GeneralEncrypt(key).setProtectedHeader({
    enc: algorithms.enc,
    afp: purpose,
  });
  for (const recipient of recipients) {
    encryption
      .addRecipient(recipient.key)
      .setUnprotectedHeader({ alg: algorithms.alg, kid: recipient.fingerprint });
  }
  return await encryption.encrypt();
}

function parseJwe(sealed: unknown): GeneralJWE {
  const parsed = tryShape(shape, sealed);
  if (parsed.success) return parsed.data;
  throw new Fault("BACKUP_INVALID", "the backup does not say to which keys it is sealed");
}

/**
 * Opens the key of a backup with the private half of one of its recovery keys.
 *
 * @throws {Fault} BACKUP_INVALID when it is sealed to others, or was changed
 */
export async function openBackupKey(sealed: unknown, own: KeyObject): Promise<Bytes> {
  const jwe = parseJwe(sealed);
  const kid = fingerprintOf(own);
  const mine = jwe.recipients.filter(({ header }) => header?.["kid"] === kid);
  if (mine.length === 0) throw new Fault("BACKUP_INVALID", "the backup is sealed to other keys than this one");
  try {
    const opened = await generalDecrypt({ ...jwe, recipients: mine }, own, {
      keyManagementAlgorithms: [algorithms.alg],
      contentEncryptionAlgorithms: [algorithms.enc],
    });
    if (opened.protectedHeader?.["afp"] === purpose && opened.plaintext.length === 32) return opened.plaintext;
  } catch (cause) {
    throw new Fault("BACKUP_INVALID", "the backup's key does not open: its beginning was changed", { cause });
  }
  throw new Fault("BACKUP_INVALID", "what is sealed there is no backup's key");
} // prettier-ignore
