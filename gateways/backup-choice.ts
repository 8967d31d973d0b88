import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { toFault } from "../schemas/ground/index.ts";
import type { ShelfPlace } from "./backup/index.ts";
import { parseRecoveryRecipient } from "./crypto/index.ts";

const file = z.string().min(1).max(400);

/** What an operator says of backups. */
export const backupShape = z.strictObject({
  /** Public halves of recovery keys. */
  recipients: z.array(file).min(1).max(2),
  /** The gateway's folder `backups` unless said. */
  folder: file.optional(),
  /** So many are kept. */
  keep: z.number().int().min(1).max(1000).default(7),
  /** Whether files beside messages go with them. */
  files: z.boolean().default(true),
});

/**
 * Reads where backups go and to whom they are sealed. Without a choice there are none to seal to, and none is made.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE
 */
export function loadBackupChoice(
  choice: z.infer<typeof backupShape> | undefined,
  { dir, at }: { readonly dir: string; readonly at: (path: string) => string },
): ShelfPlace {
  const usual = join(dir, "backups");
  if (choice === undefined) return { folder: usual, recipients: [], keep: 7 };
  const recipients = choice.recipients.map((path) => {
    try {
      return parseRecoveryRecipient(readFileSync(at(path), "utf8"));
    } catch (error) {
      throw toFault(error, "CONFIG_INVALID", `${path} of backup.recipients cannot be read`);
    }
  });
  const folder = choice.folder === undefined ? usual : at(choice.folder);
  return { folder, recipients, keep: choice.keep, withFiles: choice.files };
} // prettier-ignore
