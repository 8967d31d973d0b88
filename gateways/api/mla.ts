import { z } from "zod";

import { explainViolation } from "../../schemas/explain/index.ts";
import { bodyMessageName, parseInnerHeader, parseJson } from "../../schemas/index.ts";
import { renderHtml, renderText } from "../../schemas/render/index.ts";
import { Fault, isFault, makeUuid, renderUuid, tryShape } from "../../schemas/ground/index.ts";
import type { MlaDesk, MlaSide } from "../drafts/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseTextWish, renderShown, textForms, type TextWish } from "./message-text.ts";
import { chooseForm } from "./negotiate.ts";
import { readJsonBody } from "./read-body.ts";
import { checkMayHold, readMessage } from "./visible.ts";

const codes = z.array(z.string());

/** To whom the request is to go: a central authority of the network, or a country. */
export const mlaQueryShape = z.strictObject({
  to: z
    .string()
    .regex(/^[a-z]{2}\/[a-z][a-z0-9-]{0,30}$/)
    .meta({ description: "a central authority on this network, such as tg/central" })
    .optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .meta({
      description: "the state that is asked; that of the thread's other agency when left out",
    })
    .optional(),
});

/** A formal request, begun: what it lacks field by field, and what of the thread stands in it and does not. */
export const mlaDraftShape = z.strictObject({
  message: z.record(z.string(), z.unknown()),
  complete: z.boolean(),
  missing: z.array(z.looseObject({ path: z.string(), code: z.string() })),
  used: codes.meta({ description: "ids of messages that stand in it" }),
  leftOut: z.array(
    z.strictObject({
      message: z.string(),
      type: z.string(),
      owner: z.string().meta({ description: "whom to ask" }),
      use: z.string().meta({
        description: "code of CONSENT_FOR that nothing covers; PROTECTED: kept from who is asked",
      }),
      askWith: z.string().meta({ description: "the message type to ask with" }),
    }),
  ),
});

/** A formal request as people completed it. */
export const mlaTextShape = z.strictObject({ message: z.record(z.string(), z.unknown()) });

/** More messages make no request that anybody reads. */
const maxMessages = 200;

function deskOf({ services }: Desk): MlaDesk {
  if (services?.mla !== undefined) return services.mla;
  throw new Fault("NOT_FOUND", "this gateway makes no formal requests");
}

const passedOver = ["NOT_FOUND", "PURPOSE_NOT_ALLOWED", "WORDS_NOT_ACCEPTED"] as const;

/** The messages of a thread that the caller may read for his purpose; others are passed over as if they were not there. */
function readThreadOf(desk: Desk, call: Call): readonly MessageDetail[] {
  const thread = desk.services?.work?.thread(call.params["id"] ?? "");
  const matters = thread?.matters ?? [];
  const all = matters.flatMap(({ opening, messages, refused }) => [opening, ...messages, ...refused.map(({ id }) => id)]);
  const ids = [...new Set([...all, ...(thread?.beside ?? [])])].slice(0, maxMessages);
  const found = ids.flatMap((id) => {
    try {
      return [readMessage(desk, call, id)];
    } catch (error) {
      if (passedOver.some((code) => isFault(error, code))) return [];
      throw error;
    }
  });
  const good = found.filter(({ state, body }) => state !== "QUARANTINED" && body !== undefined);
  if (good.length === 0) throw new Fault("NOT_FOUND", "no message of this thread is here");
  return good.toSorted((a, b) => a.createdAt - b.createdAt);
} // prettier-ignore

function countryOf(agency: string): string {
  return (agency.split("/", 1)[0] ?? "").toUpperCase();
}

/** A side of the request, as that state's own entry in the directory names its central authority. */
function sideOf({ services }: Desk, country: string, agency?: string): MlaSide {
  const found = services?.directory?.find({ country, function: "MLA" }) ?? [];
  const entry = found.find(({ held }) => agency === undefined || held.body.agency === agency);
  const [first] = entry?.held.body.names ?? [];
  const name = first === undefined ? undefined : { text: first.text, lang: first.lang };
  const address = agency ?? entry?.held.body.agency;
  return { country, ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { agency: address }) };
} // prettier-ignore

function otherCountry(messages: readonly MessageDetail[], own: string): string | undefined {
  const agencies = messages.flatMap(({ originator, recipients }) => [originator, ...recipients]);
  return agencies.map(countryOf).find((country) => country !== own && country.length === 2);
}

/**
 * The beginning of a formal request from a police thread; nothing is kept and nothing sent. What others gave stands in it only
 * by their consent.
 *
 * @throws {Fault} REQUEST_INVALID, NOT_FOUND, ID_INVALID
 */
export function getMlaDraft(desk: Desk, call: Call): Response {
  const mla = deskOf(desk);
  const asked = tryShape(mlaQueryShape, Object.fromEntries(call.url.searchParams));
  if (!asked.success) throw new Fault("REQUEST_INVALID", "say to= a central authority such as tg/central, or country= such as TG"); // prettier-ignore
  const messages = readThreadOf(desk, call);
  const own = countryOf(mla.agency);
  const { to, country = to === undefined ? otherCountry(messages, own) : countryOf(to) } = asked.data; // prettier-ignore
  if (country === undefined) throw new Fault("REQUEST_INVALID", "no other state is in the thread; say country="); // prettier-ignore
  const sides = { requesting: sideOf(desk, own), requested: sideOf(desk, country, to) };
  const draft = mla.draft(messages, { sides, purpose: call.purpose ?? "" });
  const missing = draft.missing.map((one) => ({ ...one, ...explainViolation(one, "mla.request") }));
  return renderAnswer({ ...draft, complete: missing.length === 0, missing });
}

function renderDocument(message: Readonly<Record<string, unknown>>, { form, lang, zone }: TextWish): string {
  const type = "mla.request";
  const body = parseJson(bodyMessageName(type), message["body"]);
  const content = { type, body, inner: parseInnerHeader(message["inner"] ?? {}), lang, zone } as const;
  return form === "html" ? renderHtml(content) : `${renderText(content)}\n`;
} // prettier-ignore

/**
 * A completed request as a document for a central authority, in the reader's language. One that lacks something essential is
 * refused field by field; what others gave and may not stand before a court too. The document's uses are logged.
 *
 * @throws {Fault} DEPLOYMENT_CEILING, SCHEMA_INVALID, ONWARD_CONSENT_MISSING, REQUEST_INVALID, ANSWER_TYPE_UNAVAILABLE
 */
export async function postMlaDocument(desk: Desk, call: Call): Promise<Response> {
  const mla = deskOf(desk);
  const { headers } = call.request;
  const wish = parseTextWish(chooseForm(headers.get("accept"), textForms), headers);
  const found = tryShape(mlaTextShape, await readJsonBody(call.request));
  if (wish === undefined || !found.success) throw new Fault("REQUEST_INVALID", `say {"message": {…}}`);
  const { message } = found.data;
  checkMayHold(desk, message);
  const document = renderUuid(makeUuid(desk.clock.now(), desk.chance));
  await mla.give({ message, purpose: call.purpose ?? "", document, by: call.caller.id });
  call.record.about(document);
  const contentType = wish.form === "html" ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  return renderShown({ text: renderDocument(message, wish), contentType }, wish);
} // prettier-ignore
