import type { KeyObject } from "node:crypto";

import { z } from "zod";

import { type Bytes, Fault, renderHex, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { type PublicKey, parsePublicKey } from "../../shape/index.ts";
import { renderCanonical } from "./canonical.ts";

/** A public key that metadata names, in the spelling of TUF §4.2. */
export const keyShape = z.discriminatedUnion("keytype", [
  z.strictObject({
    keytype: z.literal("ecdsa"),
    scheme: z.literal("ecdsa-sha2-nistp256"),
    keyval: z.strictObject({ public: z.string().max(400) }),
  }),
  z.strictObject({
    keytype: z.literal("ed25519"),
    scheme: z.literal("ed25519"),
    keyval: z.strictObject({ public: z.string().regex(/^[0-9a-f]{64}$/) }),
  }),
]);

/** A key as metadata spells it. */
export type KeyEntry = z.infer<typeof keyShape>;

/** A key that was read: its hash is its name, so that one key has one. */
export interface RepositoryKey {
  readonly keyid: string;
  readonly algorithm: "ES256" | "EdDSA";
  readonly publicKey: KeyObject;
}

const pemStart = "-----BEGIN PUBLIC KEY-----\n";
const pemEnd = "\n-----END PUBLIC KEY-----\n";
const edPrefix = "302a300506032b6570032100";

function renderPem(spki: Bytes): string {
  const text = Buffer.from(spki).toString("base64");
  return `${pemStart}${text.replaceAll(/.{64}(?=.)/g, "$&\n")}${pemEnd}`;
}

function readSpki({ keytype, keyval }: KeyEntry): Bytes {
  if (keytype === "ed25519") return Buffer.from(`${edPrefix}${keyval.public}`, "hex");
  return Buffer.from(keyval.public.slice(pemStart.length, -pemEnd.length), "base64");
}

function entryOf({ keyType, spki }: PublicKey): KeyEntry {
  if (keyType === "P-256") {
    return {
      keytype: "ecdsa",
      scheme: "ecdsa-sha2-nistp256",
      keyval: { public: renderPem(spki) },
    };
  }
  if (keyType === "Ed25519") {
    const raw = renderHex(spki).slice(edPrefix.length);
    return { keytype: "ed25519", scheme: "ed25519", keyval: { public: raw } };
  }
  throw new Fault("KEY_UNUSABLE", "the register is signed by P-256 and Ed25519 keys");
}

/** The name of a key: the SHA-256 of its canonical form. */
function renderKeyId(entry: KeyEntry): string {
  return renderHex(sha256(utf8(renderCanonical(entry))));
}

/**
 * How metadata spells a key, and by what name.
 *
 * @param spki SubjectPublicKeyInfo, DER
 * @throws {Fault} KEY_UNUSABLE, CERT_MALFORMED
 */
export function renderKey(spki: Bytes): { readonly keyid: string; readonly entry: KeyEntry } {
  const entry = entryOf(parsePublicKey(spki));
  return { keyid: renderKeyId(entry), entry };
}

/**
 * Reads a key. It has one spelling and its name is its hash; otherwise one key could be given two names, and
 * whoever holds it two votes.
 *
 * @throws {Fault} REGISTER_INVALID
 */
export function parseKey(keyid: string, entry: KeyEntry): RepositoryKey {
  try {
    const key = parsePublicKey(readSpki(entry));
    const isOneSpelling = renderCanonical(entryOf(key)) === renderCanonical(entry);
    if (isOneSpelling && renderKeyId(entry) === keyid) {
      const algorithm = key.keyType === "P-256" ? "ES256" : "EdDSA";
      return { keyid, algorithm, publicKey: key.publicKey };
    }
  } catch (cause) {
    throw new Fault("REGISTER_INVALID", "a key in the metadata is not usable", { cause });
  }
  throw new Fault("REGISTER_INVALID", "a key in the metadata is not named by its hash");
}
