import { createHash, generateKeyPairSync } from "node:crypto";
import { compactDecrypt, errors, type FlattenedJWE, flattenedDecrypt } from "jose";

/**
 * What is opened in place of a body that failed before any key was used, so that finding this out takes about as long
 * as finding a tag wrong. It fails as well: nobody has sealed it. None of its bytes are secret.
 */
function filler(label: string, bytes: number): string {
  return createHash("shake256", { outputLength: bytes }).update(label).digest("base64url");
}

function encode(header: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(header)).toString("base64url");
}

/** About the size of a feed's message of some coded facts and a text. */
const feedBytes = 1280;
/** Of nearly every direct message. */
const namedBytes = 4096;
const enc = "A256GCM";
const pieces = { iv: filler("iv", 12), tag: filler("tag", 16) };

const named: FlattenedJWE = {
  ...pieces,
  ciphertext: filler("ciphertext", namedBytes),
  protected: encode({ enc }),
  header: {
    alg: "ECDH-ES+A256KW",
    epk: generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }),
  },
  encrypted_key: filler("encrypted key", 40),
};
const namedKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.toCryptoKey(
  { name: "ECDH", namedCurve: "P-256" },
  false,
  ["deriveBits"],
);

const feedCiphertext = filler("ciphertext", feedBytes);
const feed = [encode({ alg: "dir", enc }), "", pieces.iv, feedCiphertext, pieces.tag].join(".");
const feedKey = createHash("sha256").update("decoy").digest();

async function failTo(open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch {
    // that it fails is all it is for
  }
}

/** Takes about the time of opening a body that is sealed to named recipients, unless `cause` says that was done. */
export async function spendNamed(cause: unknown): Promise<void> {
  if (cause instanceof errors.JWEDecryptionFailed) return;
  await failTo(() => flattenedDecrypt(named, namedKey));
}

/** Takes about the time of opening a feed's body, unless `cause` says that was done. */
export async function spendFeed(cause: unknown): Promise<void> {
  if (cause instanceof errors.JWEDecryptionFailed) return;
  await failTo(() => compactDecrypt(feed, feedKey));
}
