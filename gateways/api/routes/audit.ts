import { z } from "zod";

import {
  auditLineShape,
  auditQueryShape,
  getAudit,
  getAuditCheck,
  getAuditHead,
} from "../audit.ts";
import type { Route } from "../route.ts";

const page = z.strictObject({ items: z.array(auditLineShape), next: z.string().nullable() });
const anchor = z.strictObject({
  position: z.number(),
  hash: z.string(),
  at: z.string(),
  statement: z.string(),
  signature: z.string(),
});
const head = z.strictObject({ position: z.number(), hash: z.string(), anchor: anchor.nullable() });
const check = z.strictObject({
  whole: z.boolean(),
  from: z.number(),
  to: z.number(),
  proven: z.boolean(),
  signedAt: z.string().optional(),
  fault: z.strictObject({ position: z.number(), why: z.string() }).optional(),
});

/** The audit record: read and checked, never written or taken away by anybody who asks. */
export const auditRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/audit", summary: "a page of the audit record, newest first", for: ["auditor"], act: "RECORD_READ", query: auditQueryShape, answers: { 200: { says: "lines of the record", shape: page } }, handle: getAudit },
  { method: "GET", path: "/v1/audit/head", summary: "where the audit record stands, signed", for: ["auditor", "administrator"], answers: { 200: { says: "the last line's hash, and the agency's last signed word", shape: head } }, handle: getAuditHead },
  { method: "GET", path: "/v1/audit/check", summary: "whether the audit record is whole", for: ["auditor", "administrator"], act: "RECORD_CHECKED", answers: { 200: { says: "what was found", shape: check } }, handle: getAuditCheck },
]; // prettier-ignore
