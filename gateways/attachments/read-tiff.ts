import type { ClearFile } from "./clear-file.ts";
import { attachmentLimits } from "./limits.ts";
import { checkPixels, refuseShape, refuseUnsafe } from "./refuse.ts";

const type = "image/tiff";
const maxFields = 1_000;
const fieldBytes = 12;
const tags = { width: 256, height: 257, offsets: [273, 324] } as const;

interface Reader {
  readonly file: ClearFile;
  readonly isLittle: boolean;
}

async function viewAt({ file }: Reader, at: number, length: number): Promise<DataView> {
  const bytes = await file.read(at, length);
  if (bytes.length < length) refuseShape(type);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

async function openTiff(file: ClearFile): Promise<{ reader: Reader; first: number }> {
  const head = await file.read(0, 8);
  const mark = Buffer.from(head.subarray(0, 4)).toString("hex");
  if (head.length < 8 || (mark !== "49492a00" && mark !== "4d4d002a")) refuseShape(type);
  const reader = { file, isLittle: mark === "49492a00" };
  return { reader, first: (await viewAt(reader, 0, 8)).getUint32(4, reader.isLittle) };
}

/** The one number of a field of whole numbers; undefined of a list. */
function numberOf(view: DataView, at: number, isLittle: boolean): number | undefined {
  if (view.getUint32(at + 4, isLittle) !== 1) return undefined;
  const kind = view.getUint16(at + 2, isLittle);
  if (kind === 3) return view.getUint16(at + 8, isLittle);
  return kind === 4 ? view.getUint32(at + 8, isLittle) : undefined;
}

interface Page {
  readonly width: number;
  readonly height: number;
  readonly hasPoints: boolean;
}

/** What the fields of a page say of its points. */
function readFields(view: DataView, { file, isLittle }: Reader, end: number): Page {
  const page = { width: 0, height: 0, hasPoints: false };
  for (let field = 0; field < end; field += fieldBytes) {
    const tag = view.getUint16(field, isLittle);
    const value = numberOf(view, field, isLittle);
    if (tag === tags.width) page.width = value ?? 0;
    else if (tag === tags.height) page.height = value ?? 0;
    else if (tags.offsets.some((one) => one === tag)) {
      page.hasPoints = true;
      if (value !== undefined && value >= file.size) refuseShape(type);
    }
  }
  return page;
}

/** One page: its points, and where the next stands; 0 for none. */
async function readPage(reader: Reader, at: number): Promise<{ pixels: number; next: number }> {
  const { isLittle } = reader;
  const count = (await viewAt(reader, at, 2)).getUint16(0, isLittle);
  if (count === 0 || count > maxFields) refuseShape(type);
  const end = count * fieldBytes;
  const view = await viewAt(reader, at + 2, end + 4);
  const { width, height, hasPoints } = readFields(view, reader, end);
  if (!hasPoints) refuseShape(type);
  return { pixels: checkPixels(width, height), next: view.getUint32(end, isLittle) };
}

/**
 * Proves that a file reads as a TIFF, with few enough pages and points. Where its last byte should be no TIFF says: what may
 * stand behind is looked for apart.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkTiff(file: ClearFile): Promise<void> {
  const { reader, first } = await openTiff(file);
  const seen = new Set<number>();
  let pixels = 0;
  for (let at = first; at !== 0; ) {
    if (seen.has(at)) refuseUnsafe("the pages of the picture run in a ring");
    seen.add(at);
    const page = await readPage(reader, at);
    pixels += page.pixels;
    // fax pages have few bits a point: many of them are no flood
    const tooMany = pixels > attachmentLimits.maxPixels * 10;
    if (tooMany || seen.size > attachmentLimits.maxPages) refuseUnsafe("the picture has too many pages; send them apart");
    at = page.next;
  }
  if (seen.size === 0) refuseShape(type);
} // prettier-ignore
