import {
  bodyMessageName,
  fieldLabel,
  type InnerHeader,
  isKnownType,
  isRightToLeft,
  labelOf,
  type Language,
  type MessageType,
  parseInnerHeader,
  parseJson,
  wordLabel,
} from "../../schemas/index.ts";
import { isTimeZone, renderHtml, renderMoment, renderText } from "../../schemas/render/index.ts";
import type { ReadCopy } from "../../schemas/copies/index.ts";
import { Fault, isFault, renderUuid } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import { type ChosenForm, chooseLanguage } from "./negotiate.ts";

/** How a reader wants a message shown. */
export interface TextWish {
  readonly lang: Language;
  /** A time zone of the IANA database. */
  readonly zone: string;
  readonly form: "text" | "html";
}

/** Forms that are for people to read. */
export const textForms = ["text/plain", "text/html"] as const;

/**
 * How a chosen form wants a message shown, such as `text/plain;lang=fr;zone=Africa/Dakar`: the language of `Accept-Language`,
 * or English, and UTC where it does not say, or says what we do not have; undefined when the form is not for people.
 */
export function parseTextWish(form: ChosenForm, headers: Headers): TextWish | undefined {
  if (!textForms.some((one) => one === form.type)) return undefined;
  const zone = form.parameters.get("zone") ?? "UTC";
  return {
    form: form.type === "text/html" ? "html" : "text",
    lang: chooseLanguage(headers, form),
    zone: isTimeZone(zone) ? zone : "UTC",
  };
}

/** Of a message that was not proved, anything may stand here: nothing moves the cursor or turns the line. */
const unfit = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

type Line = readonly [label: string, value: string];

function renderLines(lines: readonly Line[], lang: Language): string {
  const colon = lang === "fr" ? "\u00a0: " : ": ";
  return lines
    .map(([label, value]) => {
      const clean = value.replaceAll(unfit, "\ufffd");
      return `${label}${colon}${isRightToLeft(lang) ? `\u2068${clean}\u2069` : clean}`;
    })
    .join("\n");
}

function renderHeader(message: MessageDetail, { lang, zone }: TextWish): string {
  const to = message.recipients.length > 0 ? message.recipients : message.recs;
  const label = (name: string): string => fieldLabel(name, lang, "Envelope");
  const lines: readonly Line[] = [
    ["id", message.id],
    [wordLabel("sender", lang), message.originator],
    [wordLabel("recipients", lang), to.join(", ")],
    [label("crimes"), message.crimes.map((crime) => labelOf("CRIME", crime, lang)).join(", ")],
    [label("handling"), `${message.handling} ${labelOf("HANDLING", message.handling, lang)}`],
    [label("urgency"), labelOf("URGENCY", message.urgency, lang)],
    [label("status"), labelOf("STATUS", message.status, lang)],
    [label("createdAt"), renderMoment(message.createdAt, zone)],
    [label("expiresAt"), renderMoment(message.expiresAt, zone)],
  ];
  return renderLines(lines, lang);
}

/** What of a direct message's inner header stands in the lines above it already. */
const told: ReadonlySet<string> = new Set([
  "type",
  "typeVersion",
  "crimes",
  "recipients",
  "urgency",
  "expiresAt",
]);

/** The inner header as it is shown; undefined for one of a newer edition that we cannot read. */
function innerOf({ inner }: MessageDetail): InnerHeader | undefined {
  if (typeof inner !== "object" || inner === null) return undefined;
  const rest = Object.entries(inner).filter(([name]) => !told.has(name));
  try {
    return parseInnerHeader(Object.fromEntries(rest));
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** The inner header comes with the content: restrictions, legal basis and the reason of urgency stand in it. */
function renderContent(type: MessageType, message: MessageDetail, wish: TextWish): string {
  const { lang, zone } = wish;
  const body = parseJson(bodyMessageName(type), message.body);
  const content = { type, body, inner: innerOf(message), lang, zone };
  return wish.form === "html" ? renderHtml(content) : renderText(content);
}

/** A message as it is answered: its words and their content type. */
export interface ShownMessage {
  readonly text: string;
  readonly contentType: string;
}

const plain = "text/plain; charset=utf-8";

/** The answer with a message for people. */
export function renderShown({ text, contentType }: ShownMessage, { lang }: TextWish): Response {
  const headers = { "content-type": contentType, "content-language": lang };
  return new Response(text, { headers });
}

/**
 * A message for people: header and content in the reader's language and by the reader's clock, the sender's
 * words as they were written. As HTML it is the content alone. One that could not be proved says so, as plain
 * text always, and shows no content.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE
 */
export function showMessage(message: MessageDetail, wish: TextWish): ShownMessage {
  const header = renderHeader(message, wish);
  if (message.state === "QUARANTINED" || message.body === undefined) {
    const word = message.state === "ERASED" ? "erased" : "quarantined";
    const warning = `${wordLabel(word, wish.lang)} (${message.code ?? "no content"})`;
    return { text: `${warning}\n\n${header}\n`, contentType: plain };
  }
  if (!isKnownType(message.type)) {
    throw new Fault("SCHEMA_UNKNOWN_TYPE", "this gateway does not know the message's type yet");
  }
  const content = renderContent(message.type, message, wish);
  return wish.form === "html"
    ? { text: content, contentType: "text/html; charset=utf-8" }
    : { text: `${header}\n\n${content}\n`, contentType: plain };
}

/**
 * A redacted copy for people: whose it is, what it shows, and the names of what it withholds. As HTML it is the
 * content alone.
 */
export function showCopy(
  { envelope, type, inner, body, withheld }: ReadCopy,
  wish: TextWish,
): ShownMessage {
  const { lang, zone, form } = wish;
  const content = { type, body, inner, withheld, lang, zone };
  if (form === "html")
    return { text: renderHtml(content), contentType: "text/html; charset=utf-8" };
  const hidden: readonly Line[] = withheld.includes(0)
    ? [[wordLabel("header", lang), wordLabel("withheld", lang)]]
    : [];
  const lines: readonly Line[] = [
    ["id", renderUuid(envelope.id)],
    [wordLabel("sender", lang), envelope.originator],
    [fieldLabel("createdAt", lang, "Envelope"), renderMoment(envelope.createdAt, zone)],
    ...hidden,
  ];
  return { text: `${renderLines(lines, lang)}\n\n${renderText(content)}\n`, contentType: plain };
}
