import { closeSync, globSync, mkdirSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import { renderInstant } from "../../schemas/index.ts";
import { type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import type { RecoveryRecipient } from "../crypto/index.ts";
import { type BackupMade, type BackupOrder, type BackupSource, makeBackup } from "./make.ts";
import { parseHead } from "./open.ts";

/** Where a gateway's backups lie, and to whom they are sealed. */
export interface ShelfPlace {
  readonly folder: string;
  readonly recipients: readonly RecoveryRecipient[];
  /** So many lie there; older ones are removed when another was made. */
  readonly keep: number;
  /** Whether files beside messages go with them when nobody says; yes when left out. */
  readonly withFiles?: boolean | undefined;
}

/** A backup on the shelf, by its beginning, which nobody proved. */
export interface ShelfEntry {
  readonly file: string;
  readonly agency: string;
  readonly createdAt: EpochMs;
  readonly bytes: number;
}

/** The backups of one gateway. */
export interface Shelf {
  /** Makes one more. @throws {Fault} CONFIG_INVALID when there is no recovery key, and as `makeBackup` */
  run(wish: Pick<BackupOrder, "withKeys" | "withFiles">): Promise<BackupMade>;
  /** Newest first. */
  list(): readonly ShelfEntry[];
}

const ending = ".atumpan-backup";
/** What was erased since is in no backup that is older. */
const maxAgeMs = 90 * 86_400_000;
const maxHeadBytes = 16 * 1024;

function readEntry(file: string): ShelfEntry | undefined {
  const handle = openSync(file, "r");
  try {
    const first = Buffer.alloc(maxHeadBytes);
    const read = readSync(handle, first, 0, maxHeadBytes, 0);
    const { agency, createdAt } = parseHead(first.subarray(0, read));
    return { file, agency, createdAt, bytes: statSync(file).size };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  } finally {
    closeSync(handle);
  }
}

/** Lists the backups in a folder, newest first; what is none is passed over. */
export function listBackups(folder: string): readonly ShelfEntry[] {
  return globSync(join(folder, `*${ending}`))
    .flatMap((file) => readEntry(file) ?? [])
    .toSorted((a, b) => b.createdAt - a.createdAt);
}

function nameOf(agency: string, at: EpochMs): string {
  const time = renderInstant(at).replaceAll(/[-:]/g, "").replace(/\..*/, "Z");
  return `${agency.replace("/", "-")}-${time}${ending}`;
}

/** Builds the shelf of a gateway. */
export function makeShelf(source: BackupSource, place: ShelfPlace): Shelf {
  const { folder, recipients, keep } = place;
  let last: Promise<unknown> = Promise.resolve();
  type Wish = Pick<BackupOrder, "withKeys" | "withFiles">;
  const make = async ({ withKeys, withFiles = place.withFiles }: Wish): Promise<BackupMade> => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, nameOf(source.agency, source.clock.now()));
    const made = await makeBackup(source, { file, recipients, withKeys, withFiles });
    const own = listBackups(folder).filter(({ agency }) => agency === source.agency);
    const ended = source.clock.now() - maxAgeMs;
    for (const older of own.filter(({ createdAt }, at) => at >= keep || createdAt < ended)) {
      if (basename(older.file) !== basename(file)) rmSync(older.file, { force: true });
    }
    return made;
  };
  return {
    run: async (wish) => {
      if (recipients.length === 0) {
        const how = "name a recovery key under backup.recipients of gateway.json: atumpan backup key new makes one";
        throw new Fault("CONFIG_INVALID", how);
      }
      // two at a time would be one name; the next waits for its own
      const before = last.catch(() => undefined);
      const made = before.then(() => make(wish));
      last = made;
      return await made;
    },
    list: () => listBackups(folder),
  };
} // prettier-ignore
