/**
 * Files beside messages: taken byte by byte, proved, sealed, handed to the hub in chunks, fetched, and handed out.
 *
 * Promises: what an upload acknowledged is on the disk; nothing lies there in the clear; no path is made of a name; a file
 * is what its type says, here and again at whoever fetches it; a key is put into a message only for who may have the file.
 * Trusts its store, and neither callers, senders nor the hub. Never decodes a picture. Start at `service.ts`, then
 * `check-file.ts` and `seal-chunk.ts`.
 */
export { carriedTypes } from "./check-file.ts";
export type { CarriedFiles, CarriedPiece } from "./carried.ts";
export { digestsAtHub } from "./chunks.ts";
export { namedBy } from "./named.ts";
export { type ClearFile, piecesOf } from "./clear-file.ts";
export { secondsFor } from "./estimate.ts";
export type { FileEstimate, Outfit } from "./outfit.ts";
export { type AttachmentPolicy, attachmentPolicyShape } from "./policy.ts";
export {
  type AttachmentService,
  type FileView,
  type OpenedFile,
  startAttachments,
} from "./service.ts";
export type { UploadView } from "./uploads.ts";
