import { fstatSync, read as readFile } from "node:fs";
import { promisify } from "node:util";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { openBeside } from "./drivers/held-files.ts";
import { numberOf } from "./row.ts";

/** The store's file at one moment, while the store goes on. */
export interface Still {
  readonly bytes: number;
  /** All of it, in pieces of at most a mebibyte. @throws {Fault} STORE_WRITE_FAILED when the store was closed meanwhile */
  chunks(): AsyncGenerator<Bytes>;
}

/** Copies of an open store. */
export interface Stills {
  /**
   * Lets `use` read the file as it is at this moment: whole, and with all that was ever committed. What is written meanwhile
   * goes to the journal alone, which grows by it until `use` is done.
   *
   * @throws {Fault} STORE_WRITE_FAILED; what `use` throws
   */
  hold<T>(use: (still: Still) => Promise<T>): Promise<T>;
  /** Writes the journal into the file and empties it, unless somebody reads the file now; says whether it did. */
  flush(): boolean;
  /** After the database was closed. */
  close(): void;
}

const chunkBytes = 1024 * 1024;
const usualCheckpoint = 1000;
const readAt = promisify(readFile);

function checkpoint(database: Database): void {
  const row = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() ?? {};
  if (numberOf(row, "busy") === 0) return;
  throw new Fault("STORE_WRITE_FAILED", "the journal could not be written into the store's file");
}

async function* readChunks(handle: number, bytes: number, isOpen: () => boolean): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes; ) {
    const buffer = Buffer.alloc(Math.min(chunkBytes, bytes - at));
    const { bytesRead } = await readAt(handle, buffer, 0, buffer.length, at);
    // closing writes the journal into the file: from then on it is not that of one moment
    if (!isOpen() || bytesRead === 0) throw new Fault("STORE_WRITE_FAILED", "the store was closed while it was copied");
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
} // prettier-ignore

/** Builds the copies of the store whose file is at `path`. */
export function makeStills(database: Database, path: string): Stills {
  let beside: ReturnType<typeof openBeside> | undefined;
  let holders = 0;
  let isOpen = true;
  return {
    hold: async (use) => {
      // kept for the next copy, for it is closed with the store in any case
      beside ??= openBeside(path, "r");
      const { handle } = beside;
      if (holders === 0) checkpoint(database);
      holders += 1;
      database.exec("PRAGMA wal_autocheckpoint = 0");
      try {
        const bytes = fstatSync(handle).size;
        return await use({ bytes, chunks: () => readChunks(handle, bytes, () => isOpen) });
      } finally {
        holders -= 1;
        if (holders === 0 && isOpen) {
          database.exec(`PRAGMA wal_autocheckpoint = ${usualCheckpoint}`);
        }
      }
    },
    flush: () => {
      if (holders > 0 || !isOpen) return false;
      checkpoint(database);
      return true;
    },
    close: () => {
      isOpen = false;
      beside?.end();
      beside = undefined;
    },
  };
}
