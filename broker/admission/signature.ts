import { Fault } from "../../schemas/ground/index.ts";
import { isStatementProven } from "../../certs/trust/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/** Refuses an envelope without a signature, and one of whose signatures any is not its originator's. */
export const signatureStep: Step<Shaped> = {
  name: "signature",
  run: ({ message, envelope }, { register, now }) => {
    if (message.signatures.length === 0) {
      throw new Fault("ENVELOPE_SIGNATURE_MISSING", "a message bears at least one signature");
    }
    for (const signature of message.signatures) {
      const bytes = message.envelope;
      const signer = envelope.originator;
      const statement = { typ: "atumpan-envelope", bytes, signature, signer } as const;
      if (!isStatementProven(register, statement, now)) {
        throw new Fault("ENVELOPE_SIGNATURE_INVALID", "a signature does not fit the envelope");
      }
    }
    return undefined;
  },
};
