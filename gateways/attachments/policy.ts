import { z } from "zod";

import { limits } from "../../schemas/index.ts";

/** What an operator says of files beside messages. */
export const attachmentPolicyShape = z.strictObject({
  /** Files of others up to this many bytes are fetched without being asked for; 0 for none. */
  automaticBytes: z
    .int()
    .min(0)
    .max(limits.maxAttachmentBytes)
    .default(128 * 1024),
});

/** As an operator chose it. */
export type AttachmentPolicy = z.infer<typeof attachmentPolicyShape>;

/** A picture comes by itself, a scan of many pages when somebody wants it. */
export const usualAttachmentPolicy: AttachmentPolicy = { automaticBytes: 128 * 1024 };
