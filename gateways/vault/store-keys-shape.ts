import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";

const maxFileBytes = 64 * 1024;
function isCanonical(text: string): boolean {
  return Buffer.from(text, "base64url").toString("base64url") === text;
}

const word = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,200}$/)
  .refine(isCanonical, "is base64url");
const box = z.strictObject({ salt: word, iv: word, box: word });
/** Bounded, so that a file from elsewhere cannot have us compute for hours. */
const cost = z.strictObject({
  n: z.union([z.literal(32_768), z.literal(65_536), z.literal(131_072)]),
  r: z.literal(8),
  p: z.number().int().min(1).max(16),
});
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
const protector = z.discriminatedUnion("kind", [
  box.extend({ kind: z.literal("passphrase"), name, pepper: word, cost }),
  box.extend({ kind: z.literal("file"), name }),
  box.extend({ kind: z.literal("token"), name, token: z.strictObject({ iv: word, box: word }) }),
  box.extend({ kind: z.literal("recovery"), name }),
]);
const storeKey = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  protectors: z.array(protector).min(1).max(8),
});
const shape = z.strictObject({
  format: z.literal(1),
  agency: z.string().min(1).max(80),
  /** Two while the store is being brought under another key. */
  keys: z.array(storeKey).min(1).max(2),
  suspended: z
    .strictObject({
      code: z.enum(["MANDATE_SUSPENDED", "CERT_REVOKED"]),
      epoch: z.number().int(),
      at: z.number(),
    })
    .optional(),
});

/** One way to a store's key: the key in a box, and what is needed to find the secret that opens it. */
export type Protector = z.infer<typeof protector>;

/** A store's key as it lies in the folder: its name, and the key in one box for each protector. */
export type StoreKey = z.infer<typeof storeKey>;

/** The file `store-key.json` of a gateway's folder. */
export type StoreKeys = z.infer<typeof shape>;

/** Since when a register forbids to open the store, and which. */
export interface SuspendedMark {
  readonly code: "MANDATE_SUSPENDED" | "CERT_REVOKED";
  readonly epoch: number;
  readonly at: EpochMs;
}

/**
 * The keys of a store from their text: of this format, at most 64 KiB, and no protector that asks for more work than ours.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function parseStoreKeys(text: string): StoreKeys {
  try {
    return shape.parse(parseJsonText(text, maxFileBytes));
  } catch (cause) {
    const why = isFault(cause) ? cause.detail : "not a store's keys of this version";
    throw new Fault("CONFIG_INVALID", why, { cause });
  }
}
