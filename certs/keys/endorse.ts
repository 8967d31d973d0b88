import type { Endorsement } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { renderEndorsed } from "../trust/index.ts";
import { makeSigner, type Signer } from "./signer.ts";
import type { SigningKey } from "./signing-key.ts";

/** Whose new sealing key is endorsed. */
export interface EndorsedKey {
  readonly agency: string;
  /** SHA-256 of the new sealing certificate (DER). */
  readonly thumbprint: Bytes;
}

/**
 * Endorses a new sealing key by the one before it, for its line in the register. Made when the agency renews, while
 * it still holds the earlier key.
 *
 * @param previous the earlier sealing key as one that signs (`makeSigningKey(sealing.privateKey())`, or its device)
 * with the SHA-256 of its certificate, which the register must go on naming
 */
export function endorseSealingKey(
  previous: { readonly key: SigningKey; readonly thumbprint: Bytes },
  { agency, thumbprint }: EndorsedKey,
): Endorsement {
  const signer = makeSigner({ signer: agency, ...previous });
  const bytes = renderEndorsed(agency, thumbprint, previous.thumbprint);
  return { endorser: agency, signature: signer.sign("atumpan-sealing-key", bytes) };
}

/**
 * Vouches for a new sealing key in the name of an authority, where the earlier key is lost or stolen. Whoever does so
 * has compared the key's fingerprint with the agency by another way than the register.
 *
 * @param signer of an agency of that authority, by its signing certificate
 */
export function vouchForSealingKey(
  { signer, authority }: { readonly signer: Signer; readonly authority: string },
  { agency, thumbprint }: EndorsedKey,
): Endorsement {
  const bytes = renderEndorsed(agency, thumbprint);
  return { endorser: authority, signature: signer.sign("atumpan-sealing-key", bytes) };
}
