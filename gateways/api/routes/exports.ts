import { z } from "zod";

import {
  exportAskedShape,
  exportShape,
  exportWordShape,
  getExport,
  getExportContent,
  getExports,
  postExport,
  postExportWord,
} from "../exports.ts";
import type { Role } from "../../people/index.ts";
import type { Route } from "../route.ts";

const exporters: readonly Role[] = ["officer", "analyst"];
const whole = { says: "the export, without what it holds", shape: exportShape } as const;
const place = { Location: "where it stands" } as const;

/** Messages as a file. */
export const exportRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/exports", summary: "ask for messages as a file", for: exporters, act: "EXPORT_ASKED", reads: "content", body: { shape: exportAskedShape }, answers: { 201: { says: "it can be read", shape: exportShape, headers: place }, 202: { says: "it waits for another person", shape: exportShape, headers: place } }, handle: postExport },
  { method: "GET", path: "/v1/exports", summary: "one's own exports, and those to decide", for: [...exporters, "approver"], answers: { 200: { says: "the newest first", shape: z.strictObject({ items: z.array(exportShape) }) } }, handle: getExports },
  { method: "GET", path: "/v1/exports/:id", summary: "how an export stands", for: [...exporters, "approver"], answers: { 200: whole }, handle: getExport },
  { method: "POST", path: "/v1/exports/:id/decision", summary: "another person's word on an export", for: ["approver"], stepUp: true, act: "EXPORT_DECIDED", body: { shape: exportWordShape }, answers: { 200: whole }, handle: postExportWord },
  { method: "GET", path: "/v1/exports/:id/content", summary: "the file itself", for: exporters, act: "EXPORT_READ", reads: "content", answers: { 200: { says: "the rows that may be given now", types: ["text/csv", "application/x-ndjson"], headers: { "Repr-Digest": "SHA-256 of the whole file, RFC 9530", "Atumpan-Export": "how many rows, what was withheld and why, in JSON" } } }, handle: getExportContent },
]; // prettier-ignore
