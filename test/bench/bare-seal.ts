/**
 * The arithmetic of a seal and nothing else: what ECDH-ES+A256KW with A256GCM (RFC 7518 §4.6, §5.3) cannot do without,
 * straight on `node:crypto`, with keys made before. It writes no format and checks nothing.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

const gcm = "aes-256-gcm";
const wrapIv = Buffer.alloc(8, 0xa6);
const otherInfo = Buffer.concat([
  Buffer.from("0000000e454344482d45532b413235364b57", "hex"),
  Buffer.from("000000000000000000000100", "hex"),
]);

/** One recipient's share of a seal. */
interface Share {
  /** The ephemeral key, as a JWK. */
  readonly jwk: {
    readonly kty?: string;
    readonly crv?: string;
    readonly x?: string;
    readonly y?: string;
  };
  readonly wrapped: Buffer;
}

/** What was sealed, with the arithmetic alone. */
export interface BareSeal {
  readonly shares: readonly Share[];
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

function deriveKek(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const z = diffieHellman({ privateKey, publicKey });
  return hash("sha256", Buffer.concat([Buffer.of(0, 0, 0, 1), z, otherInfo]), "buffer");
}

function encrypt(key: Uint8Array, content: Uint8Array): Omit<BareSeal, "shares"> {
  const iv = randomBytes(12);
  const cipher = createCipheriv(gcm, key, iv);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  return { iv, ciphertext, tag: cipher.getAuthTag() };
}

function decrypt(key: Uint8Array, { iv, ciphertext, tag }: Omit<BareSeal, "shares">): Buffer {
  const cipher = createDecipheriv(gcm, key, iv);
  cipher.setAuthTag(tag);
  return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
}

/** Seals to each of `readers`: an ephemeral key, an agreement and a wrapped key each, one encryption. */
export function sealBare(content: Uint8Array, readers: readonly KeyObject[]): BareSeal {
  const key = randomBytes(32);
  const shares = readers.map((reader) => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const wrap = createCipheriv("id-aes256-wrap", deriveKek(privateKey, reader), wrapIv);
    const wrapped = Buffer.concat([wrap.update(key), wrap.final()]);
    return { jwk: publicKey.export({ format: "jwk" }), wrapped };
  });
  return { shares, ...encrypt(key, content) };
}

/** Opens the first reader's share. */
export function openBare({ shares, ...sealed }: BareSeal, privateKey: KeyObject): Buffer {
  const [share] = shares;
  if (share === undefined) throw new Error("sealed to nobody");
  const publicKey = createPublicKey({ key: share.jwk, format: "jwk" });
  const unwrap = createDecipheriv("id-aes256-wrap", deriveKek(privateKey, publicKey), wrapIv);
  return decrypt(Buffer.concat([unwrap.update(share.wrapped), unwrap.final()]), sealed);
}

function contentKey(key: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, Buffer.alloc(0), Buffer.alloc(64), 32));
}

/** Seals with a message's own key, derived from one that the readers have. */
export function sealSharedBare(content: Uint8Array, key: Uint8Array): BareSeal {
  return { shares: [], ...encrypt(contentKey(key), content) };
}

/** Opens what `sealSharedBare` made. */
export function openSharedBare(sealed: BareSeal, key: Uint8Array): Buffer {
  return decrypt(contentKey(key), sealed);
}
