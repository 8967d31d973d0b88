import type { KeyObject } from "node:crypto";

import {
  type Bytes,
  type EpochMs,
  Fault,
  renderBase64url,
  sha256,
} from "../../schemas/ground/index.ts";
import type { SealingKey } from "../../certs/keys/index.ts";
import {
  provenCertificates,
  type ProvenLeaf,
  type RegisterView,
  sealSuiteFor,
} from "../../certs/trust/index.ts";

/** A platform key, made once; making one per message would cost ten times the arithmetic. */
export type PlatformKey = ReturnType<KeyObject["toCryptoKey"]>;

/** A key bodies are opened with, under the name that those who seal to it give it. */
export interface OpeningKey {
  /** Base64url of the SHA-256 of the sealing certificate. */
  readonly kid: string;
  readonly key: PlatformKey;
}

/** Someone a body is sealed to. */
export interface SealRecipient {
  readonly agency: string;
  /** The proven sealing certificate. */
  readonly certificate: ProvenLeaf["certificate"];
}

const maxImported = 4096;
const imported = new Map<string, PlatformKey>();

function importKey(key: KeyObject, usages: readonly "deriveBits"[]): PlatformKey {
  if (key.asymmetricKeyType === "x25519") return key.toCryptoKey("X25519", false, usages);
  return key.toCryptoKey({ name: "ECDH", namedCurve: "P-256" }, false, usages);
}

/** The name of a sealing key in a sealed body: base64url of its certificate's SHA-256. */
export function sealingKid(thumbprint: Bytes): string {
  return renderBase64url(thumbprint);
}

/** The public key to seal with; each certificate's is imported once. Bounded, oldest out first. */
export function recipientKey({ certificate }: SealRecipient): PlatformKey {
  const kid = sealingKid(certificate.thumbprint);
  const held = imported.get(kid);
  if (held !== undefined) return held;
  const key = importKey(certificate.publicKey, []);
  const [oldest] = imported.keys();
  if (imported.size >= maxImported && oldest !== undefined) imported.delete(oldest);
  imported.set(kid, key);
  return key;
}

/**
 * Builds the key that opens what was sealed to one of our certificates.
 *
 * @param certificate our sealing certificate, DER
 * @throws {Fault} KEY_UNUSABLE
 */
export function makeOpeningKey(certificate: Bytes, sealing: SealingKey): OpeningKey {
  try {
    const key = importKey(sealing.privateKey(), ["deriveBits"]);
    return { kid: sealingKid(sha256(certificate)), key };
  } catch (cause) {
    throw new Fault("KEY_UNUSABLE", "a sealing key is of P-256 or X25519", { cause });
  }
}

/** Whether this gateway seals to a key of an agency, by the SHA-256 of its certificate. */
export type SealingBelief = (agency: string, thumbprint: Bytes) => boolean;

/** By what it is chosen which key of an agency a body is sealed to. */
export interface SealPlace {
  readonly register: RegisterView;
  readonly now: EpochMs;
  /**
   * When lists of revocation are asked for, where that is not now: for what stays here until a newer register has judged it
   * anew, the last moment of which this register speaks.
   */
  readonly listedAt?: EpochMs | undefined;
  /** What this gateway has pinned; a key that is proved but not believed is passed over. */
  readonly believes: SealingBelief;
}

function newestFirst(a: ProvenLeaf, b: ProvenLeaf): number {
  return b.certificate.notBefore - a.certificate.notBefore;
}

/** Of the kinds the register lets be sealed to, the preferred one first. */
function provenKeys(
  { register, now, listedAt = now }: SealPlace,
  agency: string,
): readonly ProvenLeaf[] {
  const { curves = [] } = sealSuiteFor(register, now) ?? {};
  const listed = provenCertificates(register, { agency, kind: "SEALING" }, listedAt);
  // whatever lists said then, what has ended since is sealed to no more
  const proven = listed.filter(({ certificate }) => certificate.notAfter > now);
  const newest = proven.toSorted(newestFirst);
  return curves.flatMap((curve) =>
    newest.filter(({ certificate }) => certificate.keyType === curve),
  );
}

/**
 * The newest key of an agency that holds now and is believed. Preview and sealing both ask here, so that
 * who is shown is who gets a key.
 */
export function findSealRecipient(place: SealPlace, agency: string): SealRecipient | undefined {
  const chosen = provenKeys(place, agency).find(({ certificate }) =>
    place.believes(agency, certificate.thumbprint),
  );
  return chosen === undefined ? undefined : { agency, certificate: chosen.certificate };
}

/**
 * The newest believed sealing certificate of each agency that holds now, in the order given.
 *
 * @throws {Fault} SEAL_KEY_MISSING when an agency has none that holds, SEAL_KEY_UNCONFIRMED when it has but none
 * is believed; the detail names it and says what to do
 */
export function sealRecipients(
  place: SealPlace,
  agencies: readonly string[],
): readonly SealRecipient[] {
  return agencies.map((agency) => {
    const found = findSealRecipient(place, agency);
    if (found !== undefined) return found;
    if (provenKeys(place, agency).length === 0) {
      throw new Fault(
        "SEAL_KEY_MISSING",
        `${agency} has no sealing certificate that holds now, of a kind that the register allows`,
      );
    }
    throw new Fault(
      "SEAL_KEY_UNCONFIRMED",
      `${agency} has a new sealing key that its earlier key does not vouch for; ask them for its fingerprint by another way, then confirm it (atumpan keys list)`,
    );
  });
}
