import { renderInstant } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseBase64url,
  renderBase64url,
  tryShape,
} from "../../schemas/ground/index.ts";
import type { AttachmentService, Outfit, UploadView } from "../attachments/index.ts";
import { visibleTo } from "../people/index.ts";
import { uploadWishShape } from "./attachments-shapes.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { checkContentType, readJsonBody } from "./read-body.ts";
import { isFreeToRead } from "./words-first.ts";

/** The content type of a part of an upload. */
export const uploadContentType = "application/partial-upload";

/** The files beside messages. @throws {Fault} NOT_FOUND */
export function attachmentsOf({ services }: Desk): AttachmentService {
  const attachments = services?.attachments;
  if (attachments === undefined) throw new Fault("NOT_FOUND", "this gateway carries no files");
  return attachments;
}

/** What this caller's files do with a message of his; undefined where no files are carried. */
export function outfitOf(desk: Desk, { caller }: Pick<Call, "caller">): Outfit | undefined {
  const mayRead = (id: string): boolean => {
    const message = desk.exchange.glance(id);
    return message !== undefined && visibleTo(caller, message) && isFreeToRead(desk, message);
  };
  return desk.services?.attachments?.outfit({ who: caller.id, mayRead });
}

function renderUpload(view: UploadView): Record<string, unknown> {
  const { file, refusal, endsAt, ...rest } = view;
  const { mediaType } = rest;
  const attachment = file && { digest: renderBase64url(file.digest), mediaType, size: file.size };
  return {
    ...rest,
    endsAt: renderInstant(endsAt),
    ...(attachment === undefined ? {} : { attachment }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function answerUpload(view: UploadView, status = 200): Response {
  const headers = new Headers({
    "upload-offset": String(view.offset),
    "upload-length": String(view.size),
    "upload-complete": view.state === "RECEIVING" ? "?0" : "?1",
  });
  if (status === 201) headers.set("location", `/v1/attachments/${view.id}`);
  return renderAnswer(renderUpload(view), { status, headers });
}

/** Begins an upload: says what comes; nothing of it has come yet. */
export async function postUpload(desk: Desk, call: Call): Promise<Response> {
  const wish = tryShape(uploadWishShape, await readJsonBody(call.request));
  if (!wish.success) {
    const way = `{"size": 184320, "mediaType": "image/jpeg"}; also sha256, name, stripMetadata, resume`;
    throw new Fault("REQUEST_INVALID", `say what comes: ${way}`);
  }
  const { sha256, ...rest } = wish.data;
  const digest = sha256 === undefined ? undefined : parseBase64url(sha256);
  const view = await attachmentsOf(desk).uploads.begin(call.caller.id, { ...rest, sha256: digest });
  call.record.about(view.id);
  return answerUpload(view, 201);
}

function idOf({ params }: Call): string {
  return params["id"] ?? "";
}

function parseOffset(said: string | null): number {
  if (said !== null && /^\d{1,9}$/.test(said)) return Number(said);
  throw new Fault("REQUEST_INVALID", "Upload-Offset says where these bytes begin, such as 0");
}

async function* nothing(): AsyncGenerator<Bytes> {
  // a request without a body asks for the end of an upload that is whole
}

/** Takes a part of an upload from the byte that Upload-Offset names; with the last one the file is proved. */
export async function patchUpload(desk: Desk, call: Call): Promise<Response> {
  const { request, caller } = call;
  checkContentType(request, uploadContentType);
  const offset = parseOffset(request.headers.get("upload-offset"));
  const source = request.body ?? nothing();
  const { uploads } = attachmentsOf(desk);
  return answerUpload(await uploads.append(caller.id, idOf(call), { offset, source }));
}

/** How an upload of the caller's stands. */
export function getUpload(desk: Desk, call: Call): Response {
  return answerUpload(attachmentsOf(desk).uploads.find(call.caller.id, idOf(call)));
}

/** Takes an upload of the caller's away. What a message names already stays with it. */
export async function deleteUpload(desk: Desk, call: Call): Promise<Response> {
  await attachmentsOf(desk).uploads.drop(call.caller.id, idOf(call));
  return new Response(null, { status: 204 });
}
