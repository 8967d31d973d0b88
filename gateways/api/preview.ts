import { Fault } from "../../schemas/ground/index.ts";
import { secondsFor } from "../attachments/index.ts";
import { outfitOf } from "./attachments.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseTextWish, renderShown, showMessage, textForms } from "./message-text.ts";
import { chooseForm } from "./negotiate.ts";
import { readJsonBody } from "./read-body.ts";
import { renderProjection } from "./releases.ts";
import { renderDetail } from "./render-message.ts";
import { checkMayWrite } from "./visible.ts";

/**
 * A message as its readers would have it, were it sent now: in JSON with who they are and what it costs, or as text in any
 * language, so that who writes in one reads what is read in another. Keeps nothing.
 */
export async function postPreview(desk: Desk, call: Call): Promise<Response> {
  const releases = desk.services?.releases;
  if (releases === undefined) throw new Fault("NOT_FOUND", "this gateway shows nothing beforehand");
  const { headers } = call.request;
  const form = chooseForm(headers.get("accept"), ["application/json", ...textForms]);
  const json = await readJsonBody(call.request);
  checkMayWrite(call.caller, json);
  const files = outfitOf(desk, call);
  const shown = await releases.preview(files === undefined ? json : files.fill(json));
  const { message, bytes, twoOfficers, regional } = shown;
  const wish = parseTextWish(form, headers);
  if (wish !== undefined) return renderShown(showMessage(message, wish), wish);
  const seconds = secondsFor(bytes, desk.exchange.status().hub.sentPerSecond);
  return renderAnswer({
    audience: message.audience,
    bytes,
    seconds,
    twoOfficers,
    message: renderDetail(message),
    ...renderProjection(regional),
  });
}
