import { z } from "zod";

const hex = z.string().regex(/^[0-9a-f]{2,80}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Identifier of the key that signed: an authority may have several issuing CAs at once. */
const issuer = z.string().regex(/^[0-9a-f]{40}$/);
const at = z.int().nonnegative();
const kind = z.enum(["LINK", "SERVER", "SIGNING", "SEALING"]);

/** Every act of an authority; `at` is when, in epoch milliseconds, `until` the end of what was made. */
export const journalEvent = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("made"),
    at,
    role: z.enum(["ROOT", "ISSUING"]),
    issuer,
    /** Identifier of the new CA's own key. */
    id: issuer,
    serial: hex,
    thumbprint: digest,
    key: digest,
    until: at,
  }),
  z.strictObject({
    event: z.literal("issued"),
    at,
    issuer,
    serial: hex,
    thumbprint: digest,
    agency: z.string().max(60),
    kind,
    /** SHA-256 of the SubjectPublicKeyInfo. */
    key: digest,
    until: at,
  }),
  z.strictObject({
    event: z.literal("revoked"),
    at,
    issuer,
    serial: hex,
    reason: z.int().min(1).max(10),
    /** Since when its key is known or feared to be in other hands, where that was before `at`. */
    since: at.optional(),
  }),
  z.strictObject({
    event: z.literal("listed"),
    at,
    issuer,
    number: z.int().positive(),
    digest,
    until: at,
  }),
  z.strictObject({
    event: z.literal("refused"),
    at,
    act: z.enum(["LEAF", "CA", "LIST"]),
    code: z.string().regex(/^[A-Z_]{3,60}$/),
    /** SHA-256 of what was asked with; the same refusal of the same request is told once. */
    asked: digest,
  }),
  z.strictObject({
    event: z.literal("ceremony"),
    at,
    act: z.string().max(40),
    /** SHA-256 of its transcript. */
    digest,
  }),
]);

/** One act of an authority. */
export type JournalEvent = Readonly<z.infer<typeof journalEvent>>;
