import {
  type Bytes,
  Fault,
  isFault,
  parseBase64url,
  renderBase64url,
} from "../../schemas/ground/index.ts";
import { type ClearFile, type FileView, type OpenedFile, piecesOf } from "../attachments/index.ts";
import { attachmentsOf } from "./attachments.ts";
import { type ByteRange, parseRange } from "./attachments-range.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { findVisible, readMessage } from "./visible.ts";

function renderFile({ digest, ...rest }: FileView): Record<string, unknown> {
  return { digest: renderBase64url(digest), ...rest };
}

/** The digest in a path. @throws {Fault} NOT_FOUND for what is none */
function digestOf({ params }: Call): Bytes {
  const said = params["digest"] ?? "";
  try {
    if (said.length === 43) return parseBase64url(said);
  } catch (error) {
    if (!isFault(error)) throw error;
  }
  throw new Fault("NOT_FOUND", "a file is named by its digest, 43 characters");
}

/** The files of a message: what they are, how far each has come, and how long the rest takes. */
export function getFiles(desk: Desk, call: Call): Response {
  const { id } = findVisible(desk, call, call.params["id"] ?? "");
  return renderAnswer({ items: attachmentsOf(desk).list(id).map(renderFile) });
}

/** Has a file of a message fetched; answers at once. */
export async function postFetch(desk: Desk, call: Call): Promise<Response> {
  const { id } = findVisible(desk, call, call.params["id"] ?? "");
  const view = await attachmentsOf(desk).fetch(id, digestOf(call));
  return renderAnswer(renderFile(view), { status: 202 });
}

/** Stops the fetching of a file of a message. */
export async function deleteFetch(desk: Desk, call: Call): Promise<Response> {
  const { id } = findVisible(desk, call, call.params["id"] ?? "");
  return renderAnswer(renderFile(await attachmentsOf(desk).leave(id, digestOf(call))));
}

function streamOf(file: ClearFile, { from, to }: ByteRange): ReadableStream<Uint8Array> {
  const pieces = piecesOf(file, from, to);
  return new ReadableStream({
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => void (await pieces.return(undefined)),
  });
}

function asciiOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._ -]/g, "_");
}

/** Its true type, to be kept and not shown: whatever is in it, it runs nowhere. */
function headersOf({ mediaType, name, file }: OpenedFile, tag: string): Headers {
  const said = encodeURIComponent(name).replaceAll(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return new Headers({
    "content-type": mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType,
    "content-length": String(file.size),
    "content-disposition": `attachment; filename="${asciiOf(name)}"; filename*=UTF-8''${said}`,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "accept-ranges": "bytes",
    etag: tag,
  });
} // prettier-ignore

/** A file of a message, whole or the bytes that Range names. */
export function getFile(desk: Desk, call: Call): Response {
  const { id } = readMessage(desk, call, call.params["id"] ?? "");
  const digest = digestOf(call);
  const opened = attachmentsOf(desk).open(id, digest);
  const { size } = opened.file;
  const tag = `"${renderBase64url(digest)}"`;
  const headers = headersOf(opened, tag);
  const range = parseRange(call.request.headers, size, tag);
  if (range === undefined) {
    return new Response(streamOf(opened.file, { from: 0, to: size }), { headers });
  }
  const { from, to } = range;
  headers.set("content-length", String(to - from));
  headers.set("content-range", `bytes ${from}-${to - 1}/${size}`);
  return new Response(streamOf(opened.file, range), { status: 206, headers });
}
