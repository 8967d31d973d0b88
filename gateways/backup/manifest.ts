import { z } from "zod";

import type { Signer } from "../../certs/keys/index.ts";
import { isStatementProven, type RegisterView } from "../../certs/trust/index.ts";
import { type Bytes, type EpochMs, Fault, parseUtf8, utf8 } from "../../schemas/ground/index.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Names of entries: no folders but these two, and of a hub its own; nothing that leads out of the folder it is put into. */
export const entryName = z
  .string()
  .max(110)
  .regex(
    /^(?:(?:keys\/)?[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}|attachments\/blobs\/[0-9a-f]{64}\.sealed|hub\/(?:[a-zA-Z0-9][a-zA-Z0-9._-]{0,40}\/){0,6}[a-zA-Z0-9][a-zA-Z0-9._-]{0,60})$/,
  );
/** Whether an entry is a file beside messages. */
export function isBesideMessages(name: string): boolean {
  return name.startsWith("attachments/");
}

/** Files beside messages, and a few of the gateway's own. */
export const maxEntries = 50_000;
const count = z.number().int().min(0);
const shape = z.strictObject({
  version: z.literal(1),
  agency: z.string().max(60),
  createdAt: count,
  epoch: count,
  messages: count,
  withKeys: z.boolean(),
  withFiles: z.boolean(),
  entries: z
    .array(z.strictObject({ name: entryName, bytes: count, sha256: digest }))
    .max(maxEntries),
});

/** What a backup holds, as its gateway signed it. */
export interface Manifest {
  readonly version: 1;
  readonly agency: string;
  readonly createdAt: EpochMs;
  /** The epoch of the register it was made under. */
  readonly epoch: number;
  /** Messages that people see, in both boxes; of a hub entries of its log. */
  readonly messages: number;
  readonly withKeys: boolean;
  /** Whether files beside messages are in it. */
  readonly withFiles: boolean;
  readonly entries: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

/** A manifest and its signature, as they stand in the last entry. */
export function renderManifest(manifest: Manifest, signer: Signer): Bytes {
  const text = JSON.stringify(manifest);
  const signature = signer.sign("atumpan-backup", utf8(text));
  return utf8(JSON.stringify({ manifest: text, signature }));
}

/** A manifest as it was found; nobody proved yet who signed it. */
export interface UnprovenManifest {
  readonly manifest: Manifest;
  readonly bytes: Bytes;
  readonly signature: string;
}

const signedShape = z.strictObject({
  /** Less than 200 characters for an entry. */
  manifest: z.string().max(10_000_000),
  signature: z.string().max(8_000),
});

/**
 * Reads the last entry of a backup.
 *
 * @throws {Fault} BACKUP_INVALID
 */
export function parseManifest(found: Bytes): UnprovenManifest {
  try {
    const { manifest: text, signature } = signedShape.parse(JSON.parse(parseUtf8(found)));
    return { manifest: shape.parse(JSON.parse(text)), bytes: utf8(text), signature };
  } catch (cause) {
    throw new Fault("BACKUP_INVALID", "the backup's list of contents cannot be read", { cause });
  }
}

/**
 * Proves that the agency itself signed the list, by the register that lies in the backup and was proved before.
 *
 * @throws {Fault} BACKUP_INVALID
 */
export function checkManifest(
  { manifest, bytes, signature }: UnprovenManifest,
  register: RegisterView,
): void {
  const { agency: signer, createdAt } = manifest;
  const statement = { typ: "atumpan-backup", bytes, signature, signer } as const;
  let isProven = false;
  try {
    isProven = isStatementProven(register, statement, createdAt);
  } catch (cause) {
    throw new Fault("BACKUP_INVALID", "who signed the backup cannot be proved", { cause });
  }
  if (!isProven) throw new Fault("BACKUP_INVALID", "the backup is not signed by its agency");
}
