import { type Octets, refuse } from "./bytes.ts";
import { type Der, inside, pick, readDer, readOid } from "./der.ts";
import { isSame } from "./join.ts";

/** What was signed, how, and the signature: the outside of certificates and lists. */
export interface SignedDer {
  readonly inner: readonly Der[];
  readonly bytes: Octets;
  readonly algorithm: string;
  readonly signature: Octets;
}

/** Takes a certificate or a list apart. */
export function readSigned(der: Octets): SignedDer {
  const all = readDer(der);
  if (all.length !== 1) refuse("CERT_MALFORMED");
  const parts = inside(pick(all, 0));
  const [body, algorithm, signature] = [pick(parts, 0), pick(parts, 1), pick(parts, 2)];
  const tags = [pick(all, 0), body, algorithm, signature].map(({ tag }) => tag);
  // what stands around the signed bytes is signed by nobody, so it has one form
  if (parts.length !== 3 || tags.join() !== "48,48,48,3" || signature.content[0] !== 0) refuse("CERT_MALFORMED");
  if (!inside(body).some(({ whole }) => isSame(whole, algorithm.whole))) refuse("CERT_MALFORMED");
  const name = readOid(pick(inside(algorithm), 0));
  return { inner: inside(body), bytes: body.whole, algorithm: name, signature: signature.content.slice(1) };
} // prettier-ignore

const curves: Readonly<Record<string, readonly [string, number]>> = {
  "1.2.840.10045.3.1.7": ["P-256", 32],
  "1.3.132.0.34": ["P-384", 48],
};
const hashes: Readonly<Record<string, string>> = {
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
};
const ed25519 = "1.3.101.112";

/** A whole number of DER as so many octets. */
function fixed({ content }: Der, size: number): Octets {
  const bytes = content[0] === 0 ? content.slice(1) : content;
  if (bytes.length > size) refuse("SIGNATURE_MALFORMED");
  const out = new Uint8Array(size);
  out.set(bytes, size - bytes.length);
  return out;
}

interface Key {
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
  /** Octets of half a signature; 0 of Ed25519. */
  readonly size: number;
}

async function importKey(spki: Octets): Promise<Key> {
  const [algorithm] = inside(pick(readDer(spki), 0));
  const [kind, curve] = inside(algorithm ?? refuse("CERT_MALFORMED"));
  const isEd = kind !== undefined && readOid(kind) === ed25519;
  const [namedCurve, size] = isEd ? ["", 0] : (curves[curve === undefined ? "" : readOid(curve)] ?? refuse("SIGNATURE_KEY_NOT_PERMITTED"));
  const asked = isEd ? { name: "Ed25519" } : { name: "ECDSA", namedCurve };
  return { key: await crypto.subtle.importKey("spki", spki, asked, false, ["verify"]), size };
} // prettier-ignore

/** Whether a key signed these octets; the signature as JOSE has it. */
export async function isSigned(
  spki: Octets,
  { bytes, signature, hash }: { readonly bytes: Octets; readonly signature: Octets; readonly hash: string },
): Promise<boolean> {
  const { key } = await importKey(spki);
  const how = hash === "" ? { name: "Ed25519" } : { name: "ECDSA", hash };
  return await crypto.subtle.verify(how, key, signature, bytes);
} // prettier-ignore

/** Whether an issuer's key signed a certificate or a list; the signature as DER has it. */
export async function isIssued(spki: Octets, { bytes, algorithm, signature }: SignedDer): Promise<boolean> {
  if (algorithm === ed25519) return await isSigned(spki, { bytes, signature, hash: "" });
  const hash = hashes[algorithm] ?? refuse("SIGNATURE_ALGORITHM_NOT_PERMITTED");
  const { size } = await importKey(spki);
  const [r, s] = inside(pick(readDer(signature), 0));
  if (r?.tag !== 2 || s?.tag !== 2 || readDer(signature)[0]?.tag !== 0x30) return false;
  const raw = new Uint8Array(size * 2);
  raw.set(fixed(r, size));
  raw.set(fixed(s, size), size);
  return await isSigned(spki, { bytes, signature: raw, hash });
} // prettier-ignore

/** The key of Ed25519 in the form that keys are imported in. */
export function edKey(raw: Octets): Octets {
  const prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
  const spki = new Uint8Array(44);
  spki.set(prefix);
  spki.set(raw, prefix.length);
  return isSame(spki.slice(12), raw) ? spki : refuse("LOG_NOTE_INVALID");
}
