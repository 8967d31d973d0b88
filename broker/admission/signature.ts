import { checkEnvelopeSigned } from "../../certs/trust/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/**
 * Refuses an envelope that its originator did not sign with every algorithm the register requires, or that bears a
 * signature which is not good. Algorithms have to be in force at the hub's own time, so that nobody opens an ended one
 * again by a date of his own; and at the envelope's, because readers judge by that.
 */
export const signatureStep: Step<Shaped> = {
  name: "signature",
  run: ({ message, envelope }, { register, now }) => {
    const { envelope: bytes, signatures } = message;
    const { originator: signer, createdAt } = envelope;
    const algorithmsAt = [now, createdAt];
    checkEnvelopeSigned(register, { bytes, signatures, signer, algorithmsAt }, now);
    return undefined;
  },
};
