import { type ClearFile, piecesOf } from "./clear-file.ts";
import { refuseShape, refuseUnsafe } from "./refuse.ts";

const type = "application/pdf";
/** Longer than any name below, written with every letter as #xx. */
const overlapChars = 64;
const endReach = 1_024;
const active =
  /\/(?:JavaScript|Launch|RichMedia|EmbeddedFiles?|ImportData|SubmitForm|XFA(?=[\s[\d]))/;

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Names may be written with #xx for any letter. */
function plainNames(text: string): string {
  return text.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

async function checkEnds(file: ClearFile): Promise<void> {
  const head = latin(await file.read(0, 16));
  if (!/^%PDF-[12]\.\d/.test(head)) refuseShape(type);
  const tail = latin(await file.read(Math.max(0, file.size - endReach), endReach));
  const end = tail.lastIndexOf("%%EOF");
  if (end < 0) refuseShape(type);
  if (!/^[\s\0]*$/.test(tail.slice(end + 5))) {
    refuseUnsafe("something follows the end of the document; save it again");
  }
}

/**
 * Proves that a file is a PDF at its first and last byte, and names nothing that acts: scripts, programs to start, files
 * inside, forms that send. What stands in packed streams is not read.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkPdf(file: ClearFile): Promise<void> {
  await checkEnds(file);
  let rest = "";
  for await (const piece of piecesOf(file)) {
    const text = rest + latin(piece);
    if (active.test(plainNames(text))) {
      refuseUnsafe("the document has scripts, forms that send, or files inside; print it to a new PDF");
    }
    rest = text.slice(-overlapChars);
  }
} // prettier-ignore
