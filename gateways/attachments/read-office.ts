import { refuseShape, refuseUnsafe } from "./refuse.ts";
import type { ClearFile } from "./clear-file.ts";
import { readZip, type ZipMember } from "./read-zip.ts";

/** Each kind of document, by the media type of its main part. */
const mains: Readonly<Record<string, string>> = {
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation":
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
};
const kinds = "[Content_Types].xml";
const maxListBytes = 1024 * 1024;
const acting =
  /macroenabled|vbaproject|macrosheet|activex|oleobject|ms-package|vnd\.ms-office\.vba|x-msdownload|javascript|text\/html|image\/svg/i;
const actingName =
  /(?:^|\/)(?:vbaproject|vbadata|activex|oleobject|embeddings|externallinks|macrosheets|dialogsheets|customui|webextensions)/i;
/** One relation of a document to something; attributes of a real one are far shorter. */
const relation = /<[\w:]{0,20}Relationship\s[^<>]{1,4000}>/gi;

function textOf({ bytes = new Uint8Array() }: ZipMember): string {
  return Buffer.from(bytes).toString("utf8");
}

/** Links that a person clicks lead out; templates, pictures and data that are fetched on opening do not. */
function checkRelations(member: ZipMember): void {
  const text = textOf(member);
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) refuseUnsafe("the document defines entities");
  for (const [tag] of text.matchAll(relation)) {
    const isOut = /TargetMode\s{0,8}=\s{0,8}["']External/i.test(tag);
    if (isOut && !/Type\s{0,8}=\s{0,8}["'][^"']{0,300}\/hyperlink["']/i.test(tag)) {
      refuseUnsafe("the document fetches something from elsewhere when it is opened; save it with that inside");
    }
  }
} // prettier-ignore

/**
 * Proves that a file is an office document of the kind it says: no macros, nothing embedded, nothing fetched on opening, and
 * no bomb.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkOffice(file: ClearFile, type: string): Promise<void> {
  const members = await readZip(file, {
    type,
    wants: (name) => name === kinds || name.toLowerCase().endsWith(".rels"),
    maxWantedBytes: maxListBytes,
  });
  const list = members.find(({ name }) => name === kinds);
  if (list === undefined) refuseShape(type);
  const said = textOf(list);
  if (acting.test(said) || members.some(({ name }) => actingName.test(name))) {
    refuseUnsafe("the document has macros, controls or documents inside; save it without, or as PDF");
  }
  const main = mains[type];
  if (main === undefined || !said.includes(`"${main}"`)) refuseShape(type);
  for (const member of members) {
    if (member.name.toLowerCase().endsWith(".rels")) checkRelations(member);
  }
} // prettier-ignore
