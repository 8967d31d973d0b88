import { copyKinds, isCopyKind, readCopy } from "../../schemas/copies/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseTextWish, renderShown, showCopy, textForms } from "./message-text.ts";
import { chooseForm } from "./negotiate.ts";
import { copyContentType, readCopyBody } from "./read-body.ts";
import { parseCopyReceiver } from "./read-query.ts";
import { readMessage } from "./visible.ts";

/**
 * A redacted copy of a message as bytes to be kept or handed on: to a region, a court, a defence. `?to=` names the
 * agency it is given to.
 */
export function getCopy(desk: Desk, call: Call): Response {
  const { params, url } = call;
  const kind = (params["kind"] ?? "").toUpperCase();
  if (!isCopyKind(kind)) {
    throw new Fault("REQUEST_INVALID", `the copies are ${copyKinds.join(", ").toLowerCase()}`);
  }
  const to = parseCopyReceiver(url.searchParams);
  const { id } = readMessage(desk, call, params["id"] ?? "");
  const bytes = desk.exchange.copy(id, { kind, to });
  return new Response(Uint8Array.from(bytes), { headers: { "content-type": copyContentType } });
}

/**
 * What a redacted copy says, once it is proved that the agency it names signed it: as JSON, or as text for people when
 * that is what they accept.
 */
export async function postCopyCheck(desk: Desk, { request, record }: Call): Promise<Response> {
  const form = chooseForm(request.headers.get("accept"), ["application/json", ...textForms]);
  const bytes = await readCopyBody(request);
  const checked = desk.exchange.checkCopy(bytes);
  record.about(checked.id);
  const wish = parseTextWish(form, request.headers);
  if (wish !== undefined) return renderShown(showCopy(readCopy(bytes), wish), wish);
  return renderAnswer({ ...checked, createdAt: renderInstant(checked.createdAt) });
}
