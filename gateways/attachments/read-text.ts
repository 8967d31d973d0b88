import { type ClearFile, piecesOf } from "./clear-file.ts";
import { attachmentLimits } from "./limits.ts";
import { refuseShape, refuseUnsafe } from "./refuse.ts";

/** Longer than anything looked for below. */
const overlapChars = 1_024;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const control = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;
/** What programs take for a page or a script wherever a text begins with it. */
const markup =
  /^\ufeff?\s{0,1024}(?:<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml|%)|#!|%PDF-|%!PS)/i;
const insidePage = /<(?:script|iframe|svg|html|object|embed)[\s/>]/i;
/** Names of pages and pictures that act, whichever way they are spelt. */
const insideXml =
  /<!DOCTYPE|<!ENTITY|<\?xml-stylesheet|1999\/xhtml|2000\/svg|1999\/XSL|xmlns[^=<>]{0,100}=\s{0,8}["'][^"'<>]{0,500}&/i;

/** The text of a file piece by piece, each with the end of the one before. */
async function* textOf(file: ClearFile, type: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest = "";
  try {
    for await (const piece of piecesOf(file)) {
      const text = rest + decoder.decode(piece, { stream: true });
      yield text;
      rest = text.slice(-overlapChars);
    }
    decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) refuseShape(type);
    throw error;
  }
}

/**
 * Proves that a file is UTF-8 without control characters, and begins as no page or script does.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkText(file: ClearFile, type: string): Promise<void> {
  let isFirst = true;
  for await (const text of textOf(file, type)) {
    if (control.test(text)) refuseShape(type);
    const isPage = isFirst && (markup.test(text) || insidePage.test(text.slice(0, attachmentLimits.headBytes))); // prettier-ignore
    if (isPage) refuseUnsafe("the text begins as a page or a script does");
    isFirst = false;
  }
}

/**
 * Proves that a file is a piece of XML that is data: no types or entities of its own, no style, no page and no picture in it.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkXml(file: ClearFile, type: string): Promise<void> {
  let isFirst = true;
  for await (const text of textOf(file, type)) {
    if (control.test(text)) refuseShape(type);
    if (isFirst && !/^\ufeff?\s{0,1024}<[?A-Za-z_!]/.test(text)) refuseShape(type);
    if (insideXml.test(text) || insidePage.test(text)) {
      refuseUnsafe("XML is carried as data only: no DOCTYPE, entities, style sheets, pages or drawings");
    }
    isFirst = false;
  }
  if (isFirst) refuseShape(type);
} // prettier-ignore
