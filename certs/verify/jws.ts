import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseBase64url,
  parseUtf8,
  renderBase64url,
  utf8,
} from "../../schemas/ground/index.ts";
import { signingInput } from "../trust/index.ts";
import { readShape } from "./read-shape.ts";

/** A JWS, taken apart; nothing of it is proved. */
export interface Jws {
  readonly alg: string;
  readonly typ?: string | undefined;
  readonly payload: Bytes;
  /** The bytes that were signed. */
  readonly input: Bytes;
  readonly value: Bytes;
}

const maxHeaderChars = 16 * 1024;

function refuse(detail: string): never {
  throw new Fault("SIGNATURE_MALFORMED", detail);
}

/** A key that comes with the signature proves nothing, so it is not there. */
const noKey = z.never({ error: "a signature does not bring its own key" }).optional();
const headerShape = z.looseObject({
  alg: z.string().max(32),
  typ: z.string().optional(),
  cty: z.string().optional(),
  kid: z.string().optional(),
  jku: noKey,
  jwk: noKey,
  x5u: noKey,
  x5c: noKey,
  // the one extension that we know, RFC 7797
  crit: z.tuple([z.literal("b64")]).optional(),
  b64: z.boolean().optional(),
});

type Header = z.infer<typeof headerShape>;

function readHeader(encoded: string): Header {
  if (encoded.length > maxHeaderChars) refuse(`a header has at most ${maxHeaderChars} characters`);
  const text = parseUtf8(parseBase64url(encoded));
  const value = parseJsonText(text, maxHeaderChars);
  const telling = { code: "SIGNATURE_MALFORMED", what: "the header" } as const;
  const data = readShape(headerShape, value, telling);
  if ((data.b64 === undefined) !== (data.crit === undefined)) {
    refuse("b64 stands in the header exactly when crit names it");
  }
  return data;
}

/** What was signed and how it stands in the text that is signed, RFC 7515 §5.2 and RFC 7797 §5. */
function readPayload(
  middle: string,
  detached: string | undefined,
  isEncoded: boolean,
): { readonly payload: Bytes; readonly signed: Bytes } {
  if (detached !== undefined && middle !== "") refuse("there is a payload inside and one beside");
  if (detached === undefined && !isEncoded) {
    refuse("a payload that is signed as it is stands beside the signature, as the member payload");
  }
  const payload = parseBase64url(detached ?? middle);
  return { payload, signed: isEncoded ? utf8(renderBase64url(payload)) : payload };
}

/**
 * Reads a JWS in compact form, whole or with its payload beside it: three parts in strict base64url, a header that
 * is one JSON object without double members and brings no key, no extension but RFC 7797's.
 *
 * @param text `header.payload.signature`, or `header..signature`
 * @param detached the payload in base64url, when it stands beside
 * @throws {Fault} SIGNATURE_MALFORMED, BYTES_NOT_CANONICAL, BYTES_NOT_TEXT, JSON_MALFORMED, CODEC_TOO_DEEP,
 * CODEC_TOO_LARGE
 */
export function parseJws(text: string, detached?: string): Jws {
  const [encoded = "", middle, signature, ...more] = text.split(".", 4);
  if (middle === undefined || signature === undefined || more.length > 0) {
    return refuse("a JWS in compact form has three parts");
  }
  const { alg, typ, b64 = true } = readHeader(encoded);
  const { payload, signed } = readPayload(middle, detached, b64);
  return {
    alg,
    typ,
    payload,
    input: signingInput(encoded, signed),
    value: parseBase64url(signature),
  };
}
