import { decodeMessage } from "../../schemas/index.ts";
import { type Bytes, Fault, renderBase64url } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { renderHands } from "./claims.ts";
import { parseTextWish, renderShown, showMessage, textForms } from "./message-text.ts";
import { type ChosenForm, chooseForm } from "./negotiate.ts";
import { renderDetail } from "./render-message.ts";
import { readMessage } from "./visible.ts";

/** The message as it was carried: the encoded Message, byte for byte. */
export const protobufForm = "application/vnd.atumpan+protobuf";
/** Its signatures in the JSON form of RFC 7515. */
export const joseForm = "application/jose+json";
/** Every form a message may be had in; the first when nothing is said. */
export const messageForms = ["application/json", protobufForm, joseForm, ...textForms] as const;

function parseSignature(compact: string): {
  readonly protected: string;
  readonly signature: string;
} {
  const [header = "", , signature = ""] = compact.split(".");
  return { protected: header, signature };
}

/**
 * The signatures of a message as a JWS in JSON form. What was signed is the envelope's bytes as they are (RFC 7797,
 * `b64` is false), so the payload is detached; those bytes stand beside it as `envelope`, for who verifies.
 */
function renderJose(bytes: Bytes): Response {
  const { envelope, signatures } = decodeMessage(bytes);
  const jws = { signatures: signatures.map(parseSignature), envelope: renderBase64url(envelope) };
  return new Response(JSON.stringify(jws), { headers: { "content-type": joseForm } });
}

function renderCarried(desk: Desk, { id }: MessageDetail, { type }: ChosenForm): Response {
  const bytes = desk.exchange.original(id);
  if (bytes === undefined) {
    const says =
      "nobody proved who signed this message: it is to be had as application/json, text/plain, text/html";
    throw new Fault("ANSWER_TYPE_UNAVAILABLE", says);
  }
  if (type === joseForm) return renderJose(bytes);
  return new Response(Uint8Array.from(bytes), { headers: { "content-type": protobufForm } });
}

/** A message as it stands here, or as text for people. */
function renderKnown(desk: Desk, call: Call, { message, form }: { readonly message: MessageDetail; readonly form: ChosenForm }): Response {
  const wish = parseTextWish(form, call.request.headers);
  if (wish === undefined) {
    return renderAnswer({ ...renderDetail(message), ...renderHands(desk, call, message.id) });
  }
  return renderShown(showMessage(message, wish), wish);
} // prettier-ignore

/** One message in the form that is wanted most: as JSON, as it was carried, its signatures, or as text for people. */
export function getMessage(desk: Desk, call: Call): Response {
  const { headers } = call.request;
  const form = chooseForm(headers.get("accept"), messageForms);
  const message = readMessage(desk, call, call.params["id"] ?? "");
  const isCarried = form.type === protobufForm || form.type === joseForm;
  const response = isCarried
    ? renderCarried(desk, message, form)
    : renderKnown(desk, call, { message, form });
  response.headers.set("vary", "accept, accept-language");
  return response;
}
