import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, toFault, tryShape } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { drawLine, renderSeconds, renderSize } from "./render-cost.ts";

const attachmentShape = z.looseObject({
  digest: z.string(),
  mediaType: z.string(),
  size: z.number(),
});
const uploadShape = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  state: z.enum(["RECEIVING", "DONE", "REFUSED"]),
  offset: z.int().min(0),
  attachment: attachmentShape.optional(),
});
const messageShape = z.looseObject({
  body: z.looseObject({ attachments: z.array(z.unknown()).optional() }),
});
/** What the estimate needs of a gateway's status. */
const wayShape = z.looseObject({
  hub: z.looseObject({ sentPerSecond: z.number().optional() }).optional(),
});

type Upload = z.infer<typeof uploadShape>;
/** What a message says of a file that was uploaded, but for its role. */
type Attached = z.infer<typeof attachmentShape>;

const office = "application/vnd.openxmlformats-officedocument";
/** By a file's ending; the gateway looks into it and decides. */
const typesByEnding: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".pdf": "application/pdf",
  ".txt": "text/plain",
  ".csv": "text/csv",
  ".xml": "application/xml",
  ".docx": `${office}.wordprocessingml.document`,
  ".xlsx": `${office}.spreadsheetml.sheet`,
  ".pptx": `${office}.presentationml.presentation`,
};
const pieceBytes = 1024 * 1024;
const pieceMs = 120_000;
/** Times that one piece is tried when the gateway does not answer. */
const maxTries = 5;
const askEveryMs = 1_000;
/** For each byte of a file so many travel. */
const overhead = 1.1;

/** How a person wants a file handed in. */
export interface AddOptions {
  readonly type?: string;
  readonly strip?: boolean;
  readonly role?: string;
}

function typeOf(file: string, { type }: AddOptions): string {
  const found = type ?? typesByEnding[extname(file).toLowerCase()];
  if (found !== undefined) return found;
  throw new Fault("USAGE_INVALID", `say what ${basename(file)} is: --type image/jpeg`);
}

async function openLocal({ world }: Desk, file: string): Promise<Blob> {
  try {
    return await openAsBlob(resolve(world.cwd, file));
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  }
}

/** Whether the same piece may go on later: the gateway is away, or is still busy with what came before a break. */
function mayGoOn({ world }: Desk, error: unknown): boolean {
  if (world.signal.aborted) return false;
  const codes = ["GATEWAY_UNREACHABLE", "GATEWAY_TIMEOUT", "UPLOAD_OFFSET_WRONG"] as const;
  return codes.some((code) => isFault(error, code));
}

/** One piece, from wherever the upload stands, until more of it is at the gateway than before. */
async function sendPiece(desk: Desk, upload: Upload, blob: Blob): Promise<Upload> {
  const path = `/v1/attachments/${upload.id}`;
  const headers = {
    "content-type": "application/partial-upload",
    "upload-offset": String(upload.offset),
  };
  const body = blob.slice(upload.offset, upload.offset + pieceBytes);
  const question = { method: "PATCH", path, headers, body, timeoutMs: pieceMs } as const;
  for (let tries = 1; ; tries += 1) {
    try {
      return await desk.client().askFor(uploadShape, question);
    } catch (error) {
      if (!mayGoOn(desk, error) || tries === maxTries) throw error;
      await desk.world.clock.sleep(askEveryMs * tries);
      // what came of the piece counts: it goes on from there
      const now = await find(desk, path);
      if (now !== undefined && (now.offset !== upload.offset || now.state !== "RECEIVING")) return now;
    }
  }
} // prettier-ignore

/** How an upload stands; undefined while the gateway is away. */
async function find(desk: Desk, path: string): Promise<Upload | undefined> {
  try {
    return await desk.client().askFor(uploadShape, { path });
  } catch (error) {
    if (mayGoOn(desk, error)) return undefined;
    throw error;
  }
}

async function digestOf(blob: Blob): Promise<string> {
  const hash = createHash("sha256");
  const source: AsyncIterable<Bytes> = blob.stream();
  for await (const bytes of source) hash.update(bytes);
  return hash.digest("base64url");
}

/** Begins to hand a file in, or goes on with what was begun of the very same. */
async function begin(desk: Desk, file: string, { blob, options }: { blob: Blob; options: AddOptions }): Promise<Upload> {
  const strip = options.strip === true ? { stripMetadata: true } : {};
  const same = { sha256: await digestOf(blob), resume: true };
  const wish = { size: blob.size, mediaType: typeOf(file, options), name: basename(file), ...same, ...strip };
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path: "/v1/attachments", headers, body: JSON.stringify(wish) } as const;
  return await desk.client().askFor(uploadShape, question);
} // prettier-ignore

/**
 * Hands a file to the gateway, piece by piece, going on where it broke off: in this run, and in an earlier one.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says of the file
 */
export async function addFile(desk: Desk, file: string, options: AddOptions): Promise<Attached> {
  const name = basename(file);
  const blob = await openLocal(desk, file);
  let upload = await begin(desk, file, { blob, options });
  if (upload.offset > 0) desk.say(`${name}: goes on at ${renderSize(upload.offset)} of ${renderSize(blob.size)}`);
  try {
    while (upload.state === "RECEIVING") {
      upload = await sendPiece(desk, upload, blob);
      drawLine(desk, `${name}: ${renderSize(upload.offset)} of ${renderSize(blob.size)}`);
    }
  } catch (error) {
    if (desk.world.signal.aborted) desk.say(`${name}: stopped at ${renderSize(upload.offset)}; the same command goes on from there, for 72 hours`);
    throw error;
  } finally {
    drawLine(desk, "");
  }
  if (upload.attachment !== undefined) return upload.attachment;
  throw new Fault("ATTACHMENT_UNSAFE", `${name} was refused; hand it in again to see why`);
} // prettier-ignore

/** Says before the first byte how much it is, and how long it takes from the gateway to the hub at the speed seen last. */
async function sayCost(desk: Desk, files: readonly string[]): Promise<void> {
  const blobs = await Promise.all(files.map((file) => openLocal(desk, file)));
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
  const { hub } = await desk.client().askFor(wayShape, { path: "/v1/status" });
  const speed = hub?.sentPerSecond;
  const time = speed === undefined ? "" : `, ${renderSeconds(Math.ceil((bytes * overhead) / Math.max(1, speed)))} to the hub at ${Math.max(1, Math.round((speed * 8) / 1000))} kbit/s`;
  desk.say(`${files.length === 1 ? "1 file" : `${files.length} files`}: ${renderSize(bytes)}${time}`);
} // prettier-ignore

/** A message in its text form, with files that were handed in named in its body. @throws {Fault} USAGE_INVALID, and what the gateway says of a file */
export async function attachAll(desk: Desk, text: string, files: readonly string[]): Promise<string> {
  if (files.length === 0) return text;
  const message = tryShape(messageShape, parseJsonText(text, limits.maxRequestBytes));
  if (!message.success) throw new Fault("SCHEMA_FIELD_TYPE", "a message is a JSON object with a body");
  const { body, ...rest } = message.data;
  const attachments: unknown[] = [...(body.attachments ?? [])];
  await sayCost(desk, files);
  for (const file of files) {
    const attached = await addFile(desk, file, {});
    attachments.push({ ...attached, role: attached.mediaType.startsWith("image/") ? "PHOTO" : "OTHER" });
  }
  return JSON.stringify({ ...rest, body: { ...body, attachments } });
} // prettier-ignore
