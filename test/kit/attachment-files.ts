import { createCipheriv, createHash } from "node:crypto";
import { crc32, deflateRawSync, deflateSync } from "node:zlib";

/** Bytes that do not pack, the same for the same seed; many of them at once. */
function makeNoise(seed: string, length: number): Buffer {
  const key = createHash("sha256").update(seed).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** One file inside a zip, and what is wrong with it. */
export interface ZipPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Unix mode, for links. */
  readonly mode?: number;
  readonly flags?: number;
  /** What its heads say it is long, when they lie. */
  readonly says?: number;
  /** What the list says of where it begins, when it lies. */
  readonly at?: number;
  readonly method?: number;
}

function head(part: ZipPart, packed: Uint8Array): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0);
  bytes.writeUInt16LE(part.flags ?? 0x800, 2);
  bytes.writeUInt16LE(part.method ?? 8, 4);
  bytes.writeUInt32LE(crc32(part.bytes), 10);
  bytes.writeUInt32LE(packed.length, 14);
  bytes.writeUInt32LE(part.says ?? part.bytes.length, 18);
  bytes.writeUInt16LE(Buffer.byteLength(part.name), 22);
  return bytes;
}

/** A zip, byte for byte as it is told; for what no good program writes. */
export function makeZip(parts: readonly ZipPart[], comment = ""): Buffer {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const packed = part.method === 0 ? Buffer.from(part.bytes) : deflateRawSync(part.bytes);
    const common = head(part, packed);
    const file = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, Buffer.from(part.name), packed]);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE((part.mode ?? 0) * 65_536, 6);
    entry.writeUInt32LE(part.at ?? at, 10);
    list.push(Buffer.concat([Buffer.from("PK\u0001\u0002"), Buffer.from([20, 3]), common, entry, Buffer.from(part.name)]));
    files.push(file);
    at += file.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...files, listed, end, Buffer.from(comment, "latin1")]);
} // prettier-ignore

const office = "application/vnd.openxmlformats-officedocument";
/** The media type of a text document. */
export const docxType = `${office}.wordprocessingml.document`;

const main = `${office}.wordprocessingml.document.main+xml`;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The parts of a good text document. */
export function docxParts(kinds = ""): readonly ZipPart[] {
  return [
    { name: "[Content_Types].xml", bytes: text(`<Types><Override PartName="/word/document.xml" ContentType="${main}"/>${kinds}</Types>`) },
    { name: "_rels/.rels", bytes: text(`<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>`) },
    { name: "word/document.xml", bytes: text("<w:document><w:body>Statement of a witness.</w:body></w:document>") },
  ];
} // prettier-ignore

/** A good text document, with more in it. */
export function makeDocx(more: readonly ZipPart[] = [], kinds = ""): Buffer {
  return makeZip([...docxParts(kinds), ...more]);
}

function segment(marker: number, bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length + 2);
  return Buffer.concat([Buffer.from([0xff, marker]), length, bytes]);
}

/** What a JPEG is made of. */
export interface JpegWish {
  readonly width?: number;
  readonly height?: number;
  readonly points?: number;
  readonly exif?: string;
  readonly comment?: string;
  readonly after?: string;
}

/** A JPEG in form; its points are noise. */
export function makeJpeg(wish: JpegWish = {}): Buffer {
  const { width = 640, height = 480, points = 50_000, exif = "GPS 6.4541N 3.3947E", comment, after = "" } = wish;
  const frame = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
  const noise = makeNoise(`points ${points}`, points).map((byte) => (byte === 0xff ? 0xfe : byte));
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from("JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0", "latin1")),
    segment(0xe1, Buffer.from(`Exif\0\0${exif}`, "latin1")),
    ...(comment === undefined ? [] : [segment(0xfe, Buffer.from(comment))]),
    segment(0xdb, Buffer.alloc(65)),
    segment(0xc0, frame),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    noise,
    Buffer.from([0xff, 0x00, 0xff, 0xd0, 0x11, 0xff, 0xd9]),
    Buffer.from(after, "latin1"),
  ]);
} // prettier-ignore

function chunk(name: string, bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  const body = Buffer.concat([Buffer.from(name), bytes]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG that says it is so large. */
export function makePng(width = 16, height = 16, after = ""): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(17 * 16))),
    chunk("IEND", new Uint8Array()),
    Buffer.from(after, "latin1"),
  ]);
}

/** A PDF in form, with some more in its catalogue. */
export function makePdf(catalogue = "", after = ""): Buffer {
  return Buffer.from(
    `%PDF-1.7\n1 0 obj\n<< /Type /Catalog ${catalogue} >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n${after}`,
    "latin1",
  );
}

/** A lossless WebP in form. */
export function makeWebp(width = 64, height = 64, after = ""): Buffer {
  const bits = ((width - 1) & 0x3fff) | (((height - 1) & 0x3fff) << 14);
  const body = Buffer.alloc(12);
  body[0] = 0x2f;
  body.writeUInt32LE(bits >>> 0, 1);
  const riff = Buffer.concat([Buffer.from("WEBPVP8L"), Buffer.from([12, 0, 0, 0]), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(riff.length);
  return Buffer.concat([Buffer.from("RIFF"), length, riff, Buffer.from(after, "latin1")]);
}

/** A TIFF of one page. */
export function makeTiff(width = 100, height = 100, next = 0): Buffer {
  const fields = [[256, 4, 1, width], [257, 4, 1, height], [273, 4, 1, 8]] as const; // prettier-ignore
  const bytes = Buffer.alloc(8 + 16 + 2 + fields.length * 12 + 4);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(24, 4);
  bytes.writeUInt16LE(fields.length, 24);
  for (const [at, [tag, kind, count, value]] of fields.entries()) {
    bytes.writeUInt16LE(tag, 26 + at * 12);
    bytes.writeUInt16LE(kind, 28 + at * 12);
    bytes.writeUInt32LE(count, 30 + at * 12);
    bytes.writeUInt32LE(value, 34 + at * 12);
  }
  bytes.writeUInt32LE(next, 26 + fields.length * 12);
  return bytes;
}

/** A text that packs badly, so many bytes of it. */
export function makeText(bytes: number, seed = "text"): Buffer {
  const noise = makeNoise(seed, Math.ceil(bytes / 2));
  return Buffer.from(noise.toString("hex").slice(0, bytes), "latin1");
}

/** SHA-256, base64url. */
export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}
