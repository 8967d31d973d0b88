import { z } from "zod";

const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What is said of a file before its first byte. */
export const uploadWishShape = z
  .strictObject({
    size: z.int().min(1),
    mediaType: z.string().min(1).max(200),
    /** SHA-256 of what will be sent, base64url. */
    sha256: digest.optional(),
    name: z.string().max(1_000).optional(),
    stripMetadata: z.boolean().optional(),
    /** An upload of the same bytes that the caller began and did not end is gone on with; wants sha256. */
    resume: z.boolean().optional(),
  })
  .meta({ id: "UploadWish" });

/** How an upload stands. */
export const uploadShape = z
  .strictObject({
    id: z.string(),
    state: z.enum(["RECEIVING", "DONE", "REFUSED"]),
    offset: z.number(),
    size: z.number(),
    mediaType: z.string(),
    name: z.string(),
    endsAt: z.iso.datetime(),
    attachment: z
      .strictObject({ digest, mediaType: z.string(), size: z.number() })
      .optional()
      .meta({ description: "what a message says of it; give it a role" }),
    refusal: z.strictObject({ code: z.string(), detail: z.string() }).optional(),
  })
  .meta({ id: "Upload" });

/** One file of a message. */
export const fileShape = z
  .strictObject({
    digest,
    role: z.string(),
    mediaType: z.string(),
    size: z.number(),
    state: z.enum([
      "REFERENCE",
      "WAITING",
      "SENDING",
      "SENT",
      "THERE",
      "FETCHING",
      "HERE",
      "REFUSED",
    ]),
    done: z.number(),
    seconds: z.number().optional(),
    code: z.string().optional(),
  })
  .meta({ id: "MessageFile" });

/** The files of a message. */
export const filesShape = z.strictObject({ items: z.array(fileShape) });
