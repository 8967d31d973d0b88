import { openAsBlob } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, toFault, tryShape } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { readId } from "./read-message.ts";
import { saveFile } from "./save-file.ts";

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
const fileShape = z.looseObject({
  digest: z.string(),
  role: z.string(),
  mediaType: z.string(),
  size: z.number(),
  state: z.string(),
  done: z.number(),
  seconds: z.number().optional(),
});
const messageShape = z.looseObject({
  body: z.looseObject({ attachments: z.array(z.unknown()).optional() }),
});
const filesShape = z.looseObject({ items: z.array(fileShape) });

type Upload = z.infer<typeof uploadShape>;
type MessageFile = z.infer<typeof fileShape>;
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
/** A whole file over a thin line between this machine and the gateway. */
const downloadMs = 3_600_000;

/** How a person wants a file handed in. */
export interface AddOptions {
  readonly type?: string;
  readonly strip?: boolean;
  readonly role?: string;
}

/** One line that is redrawn on a screen; nothing where nobody watches. */
function draw({ world, common }: Desk, text: string): void {
  if (world.isWatched && common.quiet !== true) world.err(`\r\u001b[K${text}`);
}

function renderSize(bytes: number): string {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${Math.ceil(bytes / 1000)} kB`;
}

/** How long something takes, as a person says it. */
export function renderSeconds(seconds: number): string {
  if (seconds < 120) return `≈ ${seconds} s`;
  if (seconds < 7_200) return `≈ ${Math.ceil(seconds / 60)} min`;
  return `≈ ${(seconds / 3600).toFixed(1)} h`;
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
      const isAway = isFault(error, "GATEWAY_UNREACHABLE") || isFault(error, "GATEWAY_TIMEOUT");
      if (!isAway || tries === maxTries) throw error;
      await desk.world.clock.sleep(askEveryMs * tries);
      // what came of the piece counts: it goes on from there
      const now = await desk.client().askFor(uploadShape, { path });
      if (now.offset !== upload.offset || now.state !== "RECEIVING") return now;
    }
  }
}

/**
 * Hands a file to the gateway, piece by piece, going on where it broke off.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says of the file
 */
async function addFile(desk: Desk, file: string, options: AddOptions): Promise<Attached> {
  const blob = await openLocal(desk, file);
  const mediaType = typeOf(file, options);
  const strip = options.strip === true ? { stripMetadata: true } : {};
  const wish = { size: blob.size, mediaType, name: basename(file), ...strip };
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path: "/v1/attachments", headers, body: JSON.stringify(wish) } as const; // prettier-ignore
  let upload = await desk.client().askFor(uploadShape, question);
  try {
    while (upload.state === "RECEIVING") {
      upload = await sendPiece(desk, upload, blob);
      draw(desk, `${basename(file)}: ${renderSize(upload.offset)} of ${renderSize(blob.size)}`);
    }
  } finally {
    draw(desk, "");
  }
  if (upload.attachment !== undefined) return upload.attachment;
  throw new Fault(
    "ATTACHMENT_UNSAFE",
    `${basename(file)} was refused; hand it in again to see why`,
  );
}

/** A message in its text form, with files that were handed in named in its body. @throws {Fault} USAGE_INVALID, and what the gateway says of a file */
export async function attachAll(desk: Desk, text: string, files: readonly string[]): Promise<string> {
  if (files.length === 0) return text;
  const message = tryShape(messageShape, parseJsonText(text, limits.maxRequestBytes));
  if (!message.success) throw new Fault("SCHEMA_FIELD_TYPE", "a message is a JSON object with a body");
  const { body, ...rest } = message.data;
  const attachments: unknown[] = [...(body.attachments ?? [])];
  for (const file of files) {
    const attached = await addFile(desk, file, {});
    attachments.push({ ...attached, role: attached.mediaType.startsWith("image/") ? "PHOTO" : "OTHER" });
  }
  return JSON.stringify({ ...rest, body: { ...body, attachments } });
} // prettier-ignore

/** `attachment add`: hands a file in and prints what a message says of it. */
export async function runAdd(desk: Desk, file: string, options: AddOptions): Promise<number> {
  const attached = await addFile(desk, file, options);
  const named = { ...attached, role: options.role ?? "OTHER" };
  desk.result(named, JSON.stringify(named));
  desk.say("It is kept for 72 hours, and for good once a message of yours names it under \"attachments\".");
  return exitCodes.ok;
} // prettier-ignore

function renderFile({ digest, role, mediaType, size, state, done, seconds }: MessageFile): string {
  const part = state === "FETCHING" || state === "SENDING" ? ` ${Math.floor((done * 100) / Math.max(1, size))} %` : ""; // prettier-ignore
  const rest = seconds === undefined || seconds === 0 ? "" : `  ${renderSeconds(seconds)}`;
  return `${digest}  ${role}  ${mediaType}  ${renderSize(size)}  ${state}${part}${rest}`;
}

async function listFiles(desk: Desk, id: string): Promise<readonly MessageFile[]> {
  const path = `/v1/messages/${readId(id)}/attachments`;
  return (await desk.client().askFor(filesShape, { path })).items;
}

/** `attachment ls`: the files of a message, and how far each has come. */
export async function runFiles(desk: Desk, id: string): Promise<number> {
  const items = await listFiles(desk, id);
  desk.result({ items }, items.length === 0 ? "no files" : items.map(renderFile).join("\n"));
  return exitCodes.ok;
}

async function follow(desk: Desk, id: string, digest: string): Promise<void> {
  for (;;) {
    const file = (await listFiles(desk, id)).find((one) => one.digest === digest);
    if (file === undefined) throw new Fault("NOT_FOUND", "the message names no such file");
    if (file.state !== "FETCHING" && file.state !== "THERE") return draw(desk, "");
    draw(desk, renderFile(file));
    await desk.world.clock.sleep(askEveryMs);
  }
}

function pick(items: readonly MessageFile[], said: string | undefined): MessageFile {
  const found = items.filter(({ digest }) => said === undefined || digest.startsWith(said));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const why = found.length === 0 ? "names no such file" : "names several files";
  throw new Fault("USAGE_INVALID", `the message ${why}; attachment ls shows their digests`);
}

async function* download(answer: Response): AsyncGenerator<Bytes> {
  const source: AsyncIterable<Bytes> | readonly Bytes[] = answer.body ?? [];
  try {
    yield* source;
  } catch (error) {
    throw toFault(error, "GATEWAY_UNREACHABLE", "the gateway broke off; nothing was left of the file, so do it again"); // prettier-ignore
  }
}

/** `attachment get`: has a file fetched, waits for it, and writes it where the person says. */
export async function runGet(
  desk: Desk,
  id: string,
  options: { readonly digest?: string; readonly out: string },
): Promise<number> {
  const file = pick(await listFiles(desk, id), options.digest);
  const path = `/v1/messages/${readId(id)}/attachments/${file.digest}`;
  if (["THERE", "FETCHING", "REFUSED"].includes(file.state)) {
    const headers = { "content-type": "application/json" };
    await desk.client().askFor(fileShape, { method: "POST", path: `${path}/fetch`, headers });
    await follow(desk, id, file.digest);
  }
  const answer = await desk.client().ask({ path, accept: "*/*", timeoutMs: downloadMs });
  const place = resolve(desk.world.cwd, options.out);
  const bytes = await saveFile(place, download(answer));
  desk.result({ file: place, bytes, mediaType: file.mediaType }, `${place}  ${renderSize(bytes)}`);
  return exitCodes.ok;
}
