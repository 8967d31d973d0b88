import { z } from "zod";

import { type Endorsement, parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseBase64url,
  parseUtf8,
  renderBase64url,
} from "../../schemas/ground/index.ts";

/** An agency's word on its next sealing key, as it is carried to its authority: the register shows it to everybody. */
export interface CarriedEndorsement extends Endorsement {
  /** SHA-256 of the new sealing certificate (DER). */
  readonly thumbprint: Bytes;
}

const maxFileBytes = 16 * 1024;
const shape = z.strictObject({
  endorser: z.string().max(60),
  thumbprint: z.string().length(43),
  signature: z.string().max(8192),
});

/** The endorsement as its file holds it. */
export function renderCarriedEndorsement({ thumbprint, ...rest }: CarriedEndorsement): string {
  return `${JSON.stringify({ ...rest, thumbprint: renderBase64url(thumbprint) })}\n`;
}

/**
 * Reads an endorsement's file. Nothing of it is believed yet.
 *
 * @throws {Fault} SIGNATURE_MALFORMED
 */
export function parseCarriedEndorsement(bytes: Bytes): CarriedEndorsement {
  try {
    const { thumbprint, ...rest } = shape.parse(
      parseJsonText(parseUtf8(bytes.subarray(0, maxFileBytes + 1)), maxFileBytes),
    );
    return { ...rest, thumbprint: parseBase64url(thumbprint) };
  } catch (cause) {
    throw new Fault("SIGNATURE_MALFORMED", "the file is not an endorsement", { cause });
  }
}
