import {
  checkContent,
  decodeInnerHeader,
  type Envelope,
  isKnownType,
  joinParts,
  parseParts,
} from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { bodyOf } from "./digest.ts";
import { checkSealed } from "./sealed.ts";
import type { Shaped, Step } from "./verdict.ts";

function checkOpen(envelope: Envelope, bytes: Bytes): void {
  const { type = "", bodyRoot } = envelope;
  const { innerHeader, body } = joinParts(parseParts(bytes, bodyRoot));
  if (!isKnownType(type)) throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is not in our schemas");
  checkContent(type, { header: envelope, inner: decodeInnerHeader(innerHeader), bytes: body });
}

/** Refuses an open body that its schema does not allow, and a sealed one that nobody could open. */
export const bodyStep: Step<Shaped> = {
  name: "body",
  run: ({ message, envelope }) => {
    const bytes = bodyOf(message, envelope.form);
    if (envelope.form === "SEALED") checkSealed(bytes);
    else checkOpen(envelope, bytes);
    return undefined;
  },
};
