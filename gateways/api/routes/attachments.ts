import { z } from "zod";

import { carriedTypes } from "../../attachments/index.ts";
import { readers, writers } from "../../people/index.ts";
import {
  deleteUpload,
  getUpload,
  patchUpload,
  postUpload,
  uploadContentType,
} from "../attachments.ts";
import { deleteFetch, getFile, getFiles, postFetch } from "../attachments-files.ts";
import { fileShape, filesShape, uploadShape, uploadWishShape } from "../attachments-shapes.ts";
import type { Route } from "../route.ts";

const stands = {
  "Upload-Offset": "the byte that comes next",
  "Upload-Length": "bytes of the whole",
  "Upload-Complete": "?1 once nothing more is taken",
} as const;
const offsetHeader = z.object({ "upload-offset": z.string().regex(/^\d{1,9}$/) });
const rangeHeader = z.object({
  range: z.string().max(100).optional(),
  "if-range": z.string().max(100).optional(),
});
const given = {
  ETag: "the file's digest",
  "Content-Disposition": "to be kept under a name that is safe",
} as const;
const upload = { shape: uploadShape, headers: stands };

/** Files beside messages: handing them in, and having them. */
export const attachmentRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/attachments", summary: "begin to upload a file for a message", for: writers, act: "FILE_GIVEN", body: { shape: uploadWishShape }, answers: { 201: { says: "send its bytes to Location", ...upload, headers: { ...stands, Location: "where its bytes go" } } }, handle: postUpload },
  { method: "PATCH", path: "/v1/attachments/:id", summary: "the next bytes of an upload, from any byte on", for: writers, headers: offsetHeader, body: { type: uploadContentType }, answers: { 200: { says: "so far it is on the disk", ...upload } }, handle: patchUpload },
  { method: "GET", path: "/v1/attachments/:id", summary: "how far an upload has come, and what became of it", for: writers, answers: { 200: { says: "its state", ...upload } }, handle: getUpload },
  { method: "DELETE", path: "/v1/attachments/:id", summary: "take an upload away", for: writers, answers: { 204: { says: "it is gone" } }, handle: deleteUpload },
  { method: "GET", path: "/v1/messages/:id/attachments", summary: "the files of a message, and how far each has come", for: readers, act: "MESSAGE_LISTED", answers: { 200: { says: "in the order the message names them", shape: filesShape } }, handle: getFiles },
  { method: "POST", path: "/v1/messages/:id/attachments/:digest/fetch", summary: "have a file of a message fetched", for: readers, act: "MESSAGE_ACTED", answers: { 202: { says: "it comes; ask how far it is", shape: fileShape } }, handle: postFetch },
  { method: "DELETE", path: "/v1/messages/:id/attachments/:digest/fetch", summary: "stop the fetching of a file; what came of it is kept", for: readers, act: "MESSAGE_ACTED", answers: { 200: { says: "how it stands", shape: fileShape } }, handle: deleteFetch },
  { method: "GET", path: "/v1/messages/:id/attachments/:digest", summary: "a file of a message, or some of its bytes", for: readers, act: "FILE_READ", reads: "content", headers: rangeHeader, answers: { 200: { says: "the file", types: [...carriedTypes], headers: given }, 206: { says: "the bytes that Range names", types: [...carriedTypes], headers: { ...given, "Content-Range": "which they are" } } }, handle: getFile },
]; // prettier-ignore
