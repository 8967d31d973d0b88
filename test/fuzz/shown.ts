import { crc32 } from "node:zlib";

import { type Language, languages, type MessageType } from "../../schemas/index.ts";
import { type InnerHeader } from "../../schemas/index.ts";
import { renderHtml, renderText } from "../../schemas/render/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { certain, hold } from "./promises.ts";

const control = /[\p{Cc}--[\n\t]]/v;

/** Every tag we write, with nothing in an attribute that could end it. */
const ownTags =
  /<\/?(?:article|h2|dl|dt|dd|bdi|q|small|p|strong)(?: (?:lang|dir|class)="[^"<>]*")*>/g;

const closers: Readonly<Record<string, string>> = {
  "\u202a": "\u202c",
  "\u202b": "\u202c",
  "\u202d": "\u202c",
  "\u202e": "\u202c",
  "\u2066": "\u2069",
  "\u2067": "\u2069",
  "\u2068": "\u2069",
};

/** Whether every direction that begins in a text ends in it, so that nothing reorders what follows. */
function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const [sign] of text.matchAll(/[\u202a-\u202e\u2066-\u2069]/g)) {
    const closer = closers[sign];
    if (closer !== undefined) open.push(closer);
    else if (open.pop() !== sign) return false;
  }
  return open.length === 0;
}

/** A message as its reader sees it. */
export interface ShownMessage {
  readonly type: MessageType;
  readonly body: object;
  readonly inner?: InnerHeader | undefined;
  readonly withheld?: readonly number[];
}

function holdText(message: ShownMessage, lang: Language): void {
  const text = certain("writing text", () =>
    renderText({ ...message, lang, zone: "Africa/Tunis" }),
  );
  hold(!control.test(text), "a text for people holds a control character");
  hold(isBalanced(text), "a sender's words turn the direction of ours");
}

function holdHtml(message: ShownMessage, lang: Language): void {
  const html = certain("writing HTML", () => renderHtml({ ...message, lang }));
  hold(!control.test(html), "HTML holds a control character");
  hold(!/[<>]/.test(html.replaceAll(ownTags, "")), "HTML holds a tag that is none of ours");
}

/** Throws unless a message can be shown in every language. */
export function holdShownEverywhere(message: ShownMessage): void {
  for (const lang of languages) {
    holdText(message, lang);
    holdHtml(message, lang);
  }
}

/** The same in one language for text and one for HTML: which ones hangs on the input, so that all have their turn. */
export function holdShown(message: ShownMessage, input: Bytes): void {
  const turn = crc32(input);
  holdText(message, languages[turn % languages.length] ?? "en");
  holdHtml(message, languages[(turn >>> 8) % languages.length] ?? "en");
}
