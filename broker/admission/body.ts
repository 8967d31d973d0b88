import {
  checkContent,
  decodeInnerHeader,
  type Envelope,
  isKnownType,
  joinParts,
  parseParts,
} from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { algorithmsFor } from "../../certs/trust/index.ts";
import { bodyOf } from "./digest.ts";
import { checkSealed, checkSealedFeed } from "./sealed.ts";
import type { Bench, Shaped, Step } from "./verdict.ts";

function checkOpen(envelope: Envelope, bytes: Bytes): void {
  const { type = "", bodyRoot } = envelope;
  const { innerHeader, body } = joinParts(parseParts(bytes, bodyRoot));
  if (!isKnownType(type)) throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is not in our schemas");
  checkContent(type, { header: envelope, inner: decodeInnerHeader(innerHeader), bytes: body });
}

/** The encryption is in force at the hub's own time, and at the envelope's because readers judge by that. */
function checkEncryption(enc: string, { createdAt }: Envelope, { register, now }: Bench): void {
  const times = [now, createdAt];
  if (times.every((at) => algorithmsFor(register, "CONTENT", at).includes(enc))) return;
  const detail = `the register does not let ${enc} encrypt this`;
  throw new Fault("SEAL_ALGORITHM_NOT_PERMITTED", detail);
}

/** Refuses an open body that its schema does not allow, and a sealed one that nobody could open or may be made. */
export const bodyStep: Step<Shaped> = {
  name: "body",
  run: ({ message, envelope }, bench) => {
    const bytes = bodyOf(message, envelope.form);
    if (envelope.form !== "SEALED") checkOpen(envelope, bytes);
    else {
      const enc = envelope.scope === "FEED" ? checkSealedFeed(bytes) : checkSealed(bytes);
      checkEncryption(enc, envelope, bench);
    }
    return undefined;
  },
};
