import { z } from "zod";

import { copyKinds, isCopyKind, readCopy } from "../../schemas/copies/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import type { Receiver } from "../onward/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseTextWish, renderShown, showCopy, textForms } from "./message-text.ts";
import { chooseForm } from "./negotiate.ts";
import { copyContentType, readCopyBody } from "./read-body.ts";
import { type CopyQuery, parseCopyQuery } from "./read-query.ts";
import { findPurposeOf } from "./purpose.ts";
import { readMessage } from "./visible.ts";
import { checkWordsAccepted } from "./words-first.ts";

/** Who a copy is for. */
export const copyQueryShape = z.strictObject({
  to: z.string().optional().meta({ description: "the agency it is for" }),
  country: z.string().optional().meta({ description: "the state of a body outside" }),
  body: z.string().optional().meta({ description: "a body outside, such as a court, by its name" }),
  crime: z.string().optional().meta({ description: "the offence it is for" }),
});

/** Whom a query names, if anybody. */
export function receiverOf({ to, country, body }: CopyQuery): Receiver | undefined {
  if (to !== undefined) return { agency: to };
  return country === undefined || body === undefined ? undefined : { country, bodyName: body };
}

/**
 * A redacted copy of a message as bytes to be kept or handed on: to a region, a court, a defence. `?to=` names the
 * agency it is given to.
 */
export async function getCopy(desk: Desk, call: Call): Promise<Response> {
  const { params, url } = call;
  const kind = (params["kind"] ?? "").toUpperCase();
  if (!isCopyKind(kind)) {
    throw new Fault("REQUEST_INVALID", `the copies are ${copyKinds.join(", ").toLowerCase()}`);
  }
  const asked = parseCopyQuery(url.searchParams);
  const message = readMessage(desk, call, params["id"] ?? "");
  const bytes = desk.exchange.copy(message.id, { kind, to: asked.to });
  const purpose = findPurposeOf(desk, call, message) ?? "";
  const { crime } = asked;
  const said = {
    id: message.id,
    copy: kind,
    receiver: receiverOf(asked),
    purpose,
    crime,
    by: call.caller.id,
  };
  await desk.services?.onward?.copied(said);
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
  // of what lies here too, a copy gives no more than the message
  checkWordsAccepted(desk, checked);
  const wish = parseTextWish(form, request.headers);
  if (wish !== undefined) return renderShown(showCopy(readCopy(bytes), wish), wish);
  return renderAnswer({ ...checked, createdAt: renderInstant(checked.createdAt) });
}
