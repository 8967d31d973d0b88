import type { Message } from "../../schemas/index.ts";
import { type Bytes, Fault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/** The body in the form the envelope says, and no other body beside it. */
export function bodyOf({ open, sealed }: Message, form: string): Bytes {
  const [body, other] = form === "SEALED" ? [sealed, open] : [open, sealed];
  if (body === undefined || other !== undefined) {
    throw new Fault(
      "BODY_DIGEST_MISMATCH",
      "the body does not come in the form the envelope names",
    );
  }
  return body;
}

/** Refuses a body that is not the one the envelope names. */
export const digestStep: Step<Shaped> = {
  name: "body digest",
  run: ({ message, envelope }) => {
    if (sameBytes(sha256(bodyOf(message, envelope.form)), envelope.bodyDigest)) return undefined;
    throw new Fault("BODY_DIGEST_MISMATCH", "the body is not the one the envelope names");
  },
};
