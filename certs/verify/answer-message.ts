import { z } from "zod";

import {
  encodePublication,
  type Message,
  parseEnvelope,
  parseFraming,
  type Publication,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  isFault,
  renderBase64url,
  renderUuid,
  sha256,
} from "../../schemas/ground/index.ts";
import type { RegisterView } from "../trust/index.ts";
import { type Answer, refusalOf } from "./answer.ts";
import { checkDimension, type Dimension, findRefused } from "./dimension.ts";
import { base64, moment } from "./fields.ts";
import { checkSignatures, type MessageCase, messageChecks } from "./message-checks.ts";
import { readShape } from "./read-shape.ts";

/** The answer about a message: whether all that could be asked holds, and each question on its own. */
export interface MessageAnswer extends Answer {
  readonly kind?: "publication" | "message";
  readonly messageId?: string;
  readonly originator?: string;
  /** SHA-256 of the envelope, base64url: what the message is known by, whatever is around it. */
  readonly signed?: string;
  readonly signatures?: readonly Dimension[];
  readonly checks?: Readonly<Record<string, Dimension>>;
}

/** By what a message is judged. */
export interface MessagePlace {
  readonly register: RegisterView;
  readonly at: EpochMs;
}

interface Framed {
  readonly message: Message;
  readonly publication: Publication | undefined;
}

/** A slip that stands for none, so that a message alone is read by the rules of a whole publication. */
const noSlip = { slip: new Uint8Array(1), slipSignature: "-" };

/** Reads a publication, or the message out of one; what is neither is refused as no publication. */
function readFramed(bytes: Bytes): Framed {
  let refusal: unknown;
  try {
    const { publication, message } = parseFraming(bytes);
    parseEnvelope(message.envelope);
    return { message, publication };
  } catch (error) {
    if (!isFault(error)) throw error;
    refusal = error;
  }
  try {
    const { message } = parseFraming(encodePublication({ ...noSlip, message: bytes }));
    parseEnvelope(message.envelope);
    return { message, publication: undefined };
  } catch (error) {
    if (!isFault(error)) throw error;
    throw refusal;
  }
}

function renderReport(one: MessageCase): MessageAnswer {
  const { message, envelope, publication } = one;
  const signatures = checkSignatures(one);
  const checks = Object.fromEntries(
    Object.entries(messageChecks).map(([name, check]) => [name, checkDimension(() => check(one))]),
  );
  const refused = findRefused([...signatures, ...Object.values(checks)]);
  const { code, detail } = refused ?? {};
  return {
    ok: refused === undefined,
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail }),
    kind: publication === undefined ? "message" : "publication",
    messageId: renderUuid(envelope.id),
    originator: envelope.originator,
    signed: renderBase64url(sha256(message.envelope)),
    signatures,
    checks,
  };
}

/**
 * Judges a publication, or the message out of one, as a gateway does before it opens the body, and an open body too:
 * each question on its own. Never throws.
 */
export function checkMessageBytes(bytes: Bytes, place: MessagePlace): MessageAnswer {
  try {
    const framed = readFramed(bytes);
    const envelope = parseEnvelope(framed.message.envelope);
    return renderReport({ ...framed, ...place, envelope });
  } catch (error) {
    return refusalOf(error);
  }
}

const shape = z.strictObject({ message: base64, at: moment.optional() });

/**
 * Makes what answers requests about messages, `{message, at?}`, by one register and at a time unless they say
 * another.
 */
export function makeMessageAnswerer(place: MessagePlace): (request: unknown) => MessageAnswer {
  return (request) => {
    const { message, at = place.at } = readShape(shape, request);
    return checkMessageBytes(message, { ...place, at });
  };
}
