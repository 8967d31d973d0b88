import { checkSlipFits } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { isStatementProven } from "../../certs/trust/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/**
 * Refuses a slip that is for another message or that its sender did not sign. Whether slips follow each
 * other is the readers' to see: the hub keeps no chain, so it cannot be the one who vouches for it.
 */
export const slipStep: Step<Shaped> = {
  name: "slip",
  run: ({ slip, publication, envelope, digest, channel }, { register, now }) => {
    const { originator, id: messageId } = envelope;
    checkSlipFits(slip, { originator, channel, messageId, envelopeDigest: digest });
    const statement = {
      typ: "atumpan-slip",
      bytes: publication.slip,
      signature: publication.slipSignature,
      signer: originator,
      algorithmsAt: [now, envelope.createdAt],
    } as const;
    if (isStatementProven(register, statement, now)) return undefined;
    throw new Fault("SLIP_SIGNATURE_INVALID", "the signature does not fit the slip");
  },
};
