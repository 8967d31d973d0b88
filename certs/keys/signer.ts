import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import {
  type RegisterView,
  renderSignature,
  renderSignatureHeader,
  signingInput,
  type SignatureAlgorithm,
  type StatementType,
} from "../trust/index.ts";
import type { SigningKey } from "./signing-key.ts";

/** When, and under which register, the signatures of an envelope are asked for. */
export interface SigningPlace {
  /** When the envelope says it was made. */
  readonly at: EpochMs;
  /**
   * The register that the envelope was judged by. Said, and not looked up: another may come into force between the two,
   * and what is signed as one asks is refused by the other.
   */
  readonly register: RegisterView;
}

/** Signs statements in one party's name. The keys never leave it. */
export interface Signer {
  /** The agency or hub, as receivers look it up. */
  readonly signer: string;
  /**
   * One detached JWS over `bytes` as they are (RFC 7797), for statements with room for one.
   *
   * @param at when it will say it was made; now unless said
   * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY, SIGNATURE_KEY_MISSING
   */
  sign(typ: StatementType, bytes: Bytes, at?: EpochMs): string;
  /** Every signature that an envelope needs at this time under this register. @throws {Fault} as `sign` */
  signAll(typ: StatementType, bytes: Bytes, place: SigningPlace): readonly string[];
}

/** A signer with one key. */
export interface KeySigner extends Signer {
  readonly algorithm: SignatureAlgorithm;
  /** What its signatures name the key by. */
  readonly thumbprint: Bytes;
}

/** What a signer is made of. */
export interface SignerParts {
  readonly signer: string;
  readonly key: SigningKey;
  /**
   * SHA-256 of the certificate (DER) that vouches for the key; for register keys and keys that no certificate can
   * hold, of the public key.
   */
  readonly thumbprint: Bytes;
}

/** Builds a signer with one key, which signs whatever the time. The header of each statement type is encoded once. */
export function makeSigner({ signer, key, thumbprint }: SignerParts): KeySigner {
  const { algorithm } = key;
  const headers = new Map<StatementType, string>();
  const headerOf = (typ: StatementType): string => {
    const held = headers.get(typ);
    if (held !== undefined) return held;
    const made = renderSignatureHeader({ alg: algorithm, kid: signer, typ, thumbprint });
    headers.set(typ, made);
    return made;
  };
  const sign: Signer["sign"] = (typ, bytes) => {
    const header = headerOf(typ);
    return renderSignature(header, key.sign(signingInput(header, bytes)));
  };
  return {
    signer,
    algorithm,
    thumbprint,
    sign,
    signAll: (typ, bytes) => [sign(typ, bytes)],
  };
}
