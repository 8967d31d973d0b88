import {
  bodyMessageName,
  isKnownType,
  labelOf,
  type LabelLanguage,
  type MessageType,
  parseJson,
  renderInstant,
} from "../../schemas/index.ts";
import { renderText } from "../../schemas/render/index.ts";
import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";

/**
 * The language in which text for people is wanted: French when `Accept` says `text/plain;lang=fr`, English
 * for any other text; undefined when text is not what is wanted.
 */
export function textLanguage(accept: string | null): LabelLanguage | undefined {
  const first = (accept ?? "").split(",")[0]?.toLowerCase().replaceAll(/\s/g, "") ?? "";
  if (!first.startsWith("text/plain")) return undefined;
  return /;lang=fr(?:-[a-z]+)?(?:;|$)/.test(first) ? "fr" : "en";
}

const words = {
  en: {
    from: "from",
    to: "to",
    crimes: "crimes",
    handling: "handling",
    urgency: "urgency",
    status: "status",
    created: "created",
    expires: "expires",
    quarantined: "NOT VERIFIED: this message could not be proved and must not be acted on",
  },
  fr: {
    from: "de",
    to: "à",
    crimes: "infractions",
    handling: "traitement",
    urgency: "urgence",
    status: "statut",
    created: "créé",
    expires: "expire",
    quarantined: "NON VÉRIFIÉ : ce message n'a pas pu être prouvé, il ne faut pas agir sur sa foi",
  },
} as const;

function renderMinute(at: EpochMs): string {
  return `${renderInstant(at).slice(0, 16).replace("T", " ")} UTC`;
}

function renderHeader(message: MessageDetail, lang: LabelLanguage): string {
  const word = words[lang];
  const to = message.recipients.length > 0 ? message.recipients : message.recs;
  const lines: readonly (readonly [string, string])[] = [
    ["id", message.id],
    [word.from, message.originator],
    [word.to, to.join(", ")],
    [word.crimes, message.crimes.map((crime) => labelOf("CRIME", crime, lang)).join(", ")],
    [word.handling, `${message.handling} ${labelOf("HANDLING", message.handling, lang)}`],
    [word.urgency, labelOf("URGENCY", message.urgency, lang)],
    [word.status, labelOf("STATUS", message.status, lang)],
    [word.created, renderMinute(message.createdAt)],
    [word.expires, renderMinute(message.expiresAt)],
  ];
  const colon = lang === "fr" ? "\u00a0: " : ": ";
  return lines.map(([label, value]) => `${label}${colon}${value}`).join("\n");
}

function renderContent(type: MessageType, message: MessageDetail, lang: LabelLanguage): string {
  const body = parseJson(bodyMessageName(type), message.body);
  return renderText({ type, body, lang });
}

/**
 * A message as text for people: header and content in the reader's language, the sender's words as they
 * were written. One that could not be proved says so and shows no content.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE
 */
export function renderMessageText(message: MessageDetail, lang: LabelLanguage): string {
  const header = renderHeader(message, lang);
  if (message.state === "QUARANTINED" || message.body === undefined) {
    return `${words[lang].quarantined} (${message.code ?? "no content"})\n\n${header}\n`;
  }
  if (!isKnownType(message.type)) {
    throw new Fault("SCHEMA_UNKNOWN_TYPE", "this gateway does not know the message's type yet");
  }
  return `${header}\n\n${renderContent(message.type, message, lang)}\n`;
}
