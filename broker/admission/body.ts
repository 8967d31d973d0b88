import {
  bodyCodecs,
  checkBody,
  checkHeaders,
  decodeInnerHeader,
  type Envelope,
  isKnownType,
  joinParts,
  type MessageType,
  parseParts,
} from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { bodyOf } from "./digest.ts";
import { checkSealed } from "./sealed.ts";
import type { Shaped, Step } from "./verdict.ts";

function checkTyped(type: MessageType, bytes: Bytes): void {
  checkBody(type, bodyCodecs[type].decode(bytes));
}

function checkOpen({ type = "", urgency, handling, bodyRoot }: Envelope, bytes: Bytes): void {
  const { innerHeader, body } = joinParts(parseParts(bytes, bodyRoot));
  if (!isKnownType(type)) throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is not in our schemas");
  checkTyped(type, body);
  const inner = decodeInnerHeader(innerHeader);
  checkHeaders({ type, urgency, handling, inner });
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
