import { createHash } from "node:crypto";
import { fileTypeFromBuffer } from "file-type";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { type ClearFile, piecesOf } from "./clear-file.ts";
import { attachmentLimits } from "./limits.ts";
import { checkJpeg } from "./read-jpeg.ts";
import { checkOffice } from "./read-office.ts";
import { checkPdf } from "./read-pdf.ts";
import { checkPng } from "./read-png.ts";
import { checkText, checkXml } from "./read-text.ts";
import { checkTiff } from "./read-tiff.ts";
import { checkWebp } from "./read-webp.ts";
import { refuseUnsafe } from "./refuse.ts";

interface Kind {
  /** What its file's name ends with. */
  readonly ending: string;
  /** What its first bytes look like to whoever guesses; none of texts. */
  readonly looks: readonly (string | undefined)[];
  readonly check: (file: ClearFile, type: string) => Promise<void>;
}

const office = "application/vnd.openxmlformats-officedocument";
const zips = [
  "application/zip",
  `${office}.wordprocessingml.document`,
  `${office}.spreadsheetml.sheet`,
  `${office}.presentationml.presentation`,
] as const;

/** What is carried; the reasons stand in this room's README. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["image/jpeg", { ending: "jpg", looks: ["image/jpeg"], check: checkJpeg }],
  ["image/png", { ending: "png", looks: ["image/png", "image/apng"], check: checkPng }],
  ["image/webp", { ending: "webp", looks: ["image/webp"], check: checkWebp }],
  ["image/tiff", { ending: "tif", looks: ["image/tiff"], check: checkTiff }],
  ["application/pdf", { ending: "pdf", looks: ["application/pdf"], check: checkPdf }],
  ["text/plain", { ending: "txt", looks: [undefined], check: checkText }],
  ["text/csv", { ending: "csv", looks: [undefined], check: checkText }],
  ["application/xml", { ending: "xml", looks: [undefined, "application/xml"], check: checkXml }],
  [`${office}.wordprocessingml.document`, { ending: "docx", looks: zips, check: checkOffice }],
  [`${office}.spreadsheetml.sheet`, { ending: "xlsx", looks: zips, check: checkOffice }],
  [`${office}.presentationml.presentation`, { ending: "pptx", looks: zips, check: checkOffice }],
]);

/** The media types that are carried, in the order people are told them. */
export const carriedTypes: readonly string[] = [...kinds.keys()];

/**
 * What the name of a file of this type ends with.
 *
 * @throws {Fault} ATTACHMENT_TYPE_REFUSED
 */
export function endingOf(type: string): string {
  const kind = kinds.get(type);
  if (kind !== undefined) return kind.ending;
  throw new Fault("ATTACHMENT_TYPE_REFUSED", `carried are: ${carriedTypes.join(", ")}`);
}

/** Enough for whoever guesses; he is never given more, so that there is nothing to unpack. */
const guessBytes = 512;
const pageMarks = /<(?:html|script|svg|!doctype|iframe|body)[\s/>]/i;

/** A file that is two things is one to us and another to whoever opens it. */
async function checkOneThing(file: ClearFile, type: string): Promise<void> {
  const head = Buffer.from(await file.read(0, attachmentLimits.headBytes)).toString("latin1");
  const isText = type.startsWith("text/") || type === "application/xml";
  if (!isText && pageMarks.test(head)) refuseUnsafe("it begins as a page does; save it again");
  if (type !== "application/pdf" && head.includes("%PDF-")) refuseUnsafe("it is a PDF as well");
  if (zips.some((one) => one === type)) return;
  const { tailBytes } = attachmentLimits;
  const tail = Buffer.from(await file.read(Math.max(0, file.size - tailBytes), tailBytes));
  for (let at = tail.indexOf("PK\u0005\u0006"); at >= 0; at = tail.indexOf("PK\u0005\u0006", at + 1)) {
    const isEnd = at + 22 <= tail.length && at + 22 + tail.readUInt16LE(at + 20) <= tail.length;
    if (isEnd) refuseUnsafe("it is an archive as well");
  }
} // prettier-ignore

/**
 * Proves that a file is of the type it was said to be, from its bytes, and that it holds nothing that acts, unpacks to too
 * much or hides behind its end. Reads it some at a time; decodes no picture, writes nothing.
 *
 * @throws {Fault} ATTACHMENT_TYPE_REFUSED, ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkFile(file: ClearFile, type: string): Promise<void> {
  endingOf(type);
  const kind = kinds.get(type);
  const guess = await fileTypeFromBuffer(Uint8Array.from(await file.read(0, guessBytes)));
  if (kind === undefined || !kind.looks.includes(guess?.mime)) {
    const looks = guess?.mime ?? "no type we know";
    throw new Fault("ATTACHMENT_TYPE_DIFFERS", `it was said to be ${type}, and looks like ${looks}`);
  }
  await checkOneThing(file, type);
  await kind.check(file, type);
} // prettier-ignore

/** The SHA-256 of a file, read some at a time. */
export async function digestOf(file: ClearFile): Promise<Bytes> {
  const hash = createHash("sha256");
  for await (const piece of piecesOf(file)) hash.update(piece);
  return hash.digest();
}
