import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import { replaceFile } from "../../schemas/disk/index.ts";
import { parseJsonText } from "../../schemas/index.ts";
import { Fault, toFault, tryShape, utf8 } from "../../schemas/ground/index.ts";

const der = z.array(z.base64().max(8192)).max(4);
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const shape = z.strictObject({
  kit: z.uuid(),
  agency: z.string().max(50),
  endsAt: z.number(),
  key: hex,
  answered: z
    .strictObject({
      request: hex,
      certificates: z.strictObject({ LINK: der, SIGNING: der, SEALING: der }),
    })
    .optional(),
});

/** What an office keeps of a kit that it gave out: how its request is proved, and how it was answered. Never the code. */
export type KitRecord = z.infer<typeof shape>;

const maxBytes = 128 * 1024;
const ownerOnly = 0o600;

function fileOf(folder: string, kit: string): string {
  return join(folder, "kits", `${kit}.json`);
}

/** Keeps a record in an authority's folder, for its owner alone. @throws {Fault} STORE_WRITE_FAILED */
export function saveKitRecord(folder: string, record: KitRecord): void {
  const file = fileOf(folder, record.kit);
  try {
    mkdirSync(join(folder, "kits"), { recursive: true, mode: 0o700 });
    replaceFile(file, utf8(`${JSON.stringify(record, undefined, 2)}\n`), { mode: ownerOnly });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file} could not be written`);
  }
}

/**
 * Reads the record of a kit.
 *
 * @param kit its id, a UUID: it becomes part of a file's name
 * @throws {Fault} KIT_INVALID when this office made no such kit, CONFIG_INVALID when its record is spoilt
 */
export function loadKitRecord(folder: string, kit: string): KitRecord {
  const file = fileOf(folder, kit);
  if (!existsSync(file)) throw new Fault("KIT_INVALID", "this office made no such kit");
  try {
    const read = tryShape(shape, parseJsonText(readFileSync(file, "utf8"), maxBytes));
    if (read.success && read.data.kit === kit) return read.data;
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${file} cannot be read`);
  }
  throw new Fault("CONFIG_INVALID", `${file} is not the record of this kit`);
}
