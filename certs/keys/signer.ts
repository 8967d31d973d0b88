import type { Bytes } from "../../schemas/ground/index.ts";
import {
  renderSignature,
  renderSignatureHeader,
  signingInput,
  type StatementType,
} from "../trust/index.ts";
import type { SigningKey } from "./signing-key.ts";

/** Signs statements in one party's name. The key never leaves it. */
export interface Signer {
  /** The agency or hub, as receivers look it up. */
  readonly signer: string;
  /** A detached JWS over `bytes` as they are (RFC 7797). */
  sign(typ: StatementType, bytes: Bytes): string;
}

/** What a signer is made of. */
export interface SignerParts {
  readonly signer: string;
  readonly key: SigningKey;
  /** SHA-256 of the certificate (DER) that vouches for the key; for register keys, of the public key. */
  readonly thumbprint: Bytes;
}

/** Builds a signer. The header of each statement type is encoded once. */
export function makeSigner({ signer, key, thumbprint }: SignerParts): Signer {
  const headers = new Map<StatementType, string>();
  const headerOf = (typ: StatementType): string => {
    const held = headers.get(typ);
    if (held !== undefined) return held;
    const made = renderSignatureHeader({ alg: key.algorithm, kid: signer, typ, thumbprint });
    headers.set(typ, made);
    return made;
  };
  return {
    signer,
    sign: (typ, bytes) => {
      const header = headerOf(typ);
      return renderSignature(header, key.sign(signingInput(header, bytes)));
    },
  };
}
