import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import { type LeafKind, leafProfiles } from "../shape/index.ts";
import { type PathUsage, verifyPath } from "../trust/index.ts";
import type { Answer } from "./answer.ts";
import { base64, moment } from "./fields.ts";
import { readShape } from "./read-shape.ts";

function isLeafKind(name: string): name is LeafKind {
  return Object.hasOwn(leafProfiles, name);
}

/** `any`, or one of our kinds of leaf in small or in capital letters: `signing` or `SIGNING`. */
const usage = z.string().transform((name): PathUsage => {
  if (name === "any") return name;
  const isPlain = name === name.toLowerCase() || name === name.toUpperCase();
  const kind = name.toUpperCase();
  if (isPlain && isLeafKind(kind)) return kind;
  const kinds = Object.keys(leafProfiles).join(", ").toLowerCase();
  throw new Fault("REQUEST_INVALID", `usage is any, or one of ${kinds}`);
});

const oid = z
  .string()
  .max(200)
  .regex(/^\d+(?:\.\d+)+$/);
const shape = z.strictObject({
  anchors: z.array(base64),
  intermediates: z.array(base64).optional(),
  leaf: base64,
  crls: z.array(base64).optional(),
  at: moment,
  usage,
  agency: z.string().max(100).optional(),
  purpose: oid.optional(),
  host: z
    .union([z.strictObject({ dns: z.string().max(300) }), z.strictObject({ ip: base64 })])
    .optional(),
  maxIntermediates: z.number().int().min(0).max(100).optional(),
  policy: z
    .strictObject({
      acceptable: z.array(oid).max(64).optional(),
      requireExplicit: z.boolean().optional(),
      inhibitMapping: z.boolean().optional(),
      inhibitAny: z.boolean().optional(),
    })
    .optional(),
});

/**
 * Judges a certification path as `verifyPath` does. With `any`, no list at all (left out or empty) asks nothing of
 * revocation, and one list asks that every certificate is known not to be revoked; our own kinds always ask.
 *
 * @throws {Fault} REQUEST_INVALID, BYTES_NOT_CANONICAL
 */
export function answerPath(request: unknown): Answer {
  const question = readShape(shape, request);
  const { crls, intermediates = [], ...rest } = question;
  const lists = rest.usage === "any" && crls?.length === 0 ? undefined : crls;
  const found = verifyPath({ ...rest, intermediates, crls: lists });
  return found.ok ? { ok: true } : found;
}
