import { Fault, isFault } from "../../schemas/ground/index.ts";
import { type Database, type FileAccess, openDatabase } from "./database.ts";
import { checkStart } from "./integrity.ts";
import {
  type Aside,
  isUnwritable,
  layAside,
  makeRoom,
  type Room,
  type StoreState,
} from "./integrity-room.ts";
import { makeStills, type Stills } from "./restore-still.ts";
import { makeWriter, type Writer } from "./writer.ts";

/** A store's file, and what is done with it as a whole. */
export interface StoreFile {
  readonly database: Database;
  readonly write: Writer["write"];
  /** Whether it can be written. */
  state(): StoreState;
  /** Before something new begins. @throws {Fault} STORE_FULL, STORE_READ_ONLY */
  checkRoom(): void;
  /** Lets the file be read as it is at this moment, while the store goes on. @throws {Fault} STORE_WRITE_FAILED */
  readonly hold: Stills["hold"];
  /**
   * Empties the journal, in which what was erased since may still stand; says whether it could: not while a copy is made.
   * Not called inside a write. @throws {Fault} STORE_WRITE_FAILED
   */
  readonly flush: Stills["flush"];
  /** Writes what waits and closes the file; safe to call twice. */
  close(): void;
}

function guard(writer: Writer, room: Room, isReadOnly: boolean): Writer["write"] {
  return async (act) => {
    if (isReadOnly) room.check();
    try {
      const result = await writer.write(act);
      room.note(undefined);
      return result;
    } catch (error) {
      if (isFault(error)) room.note(error);
      throw error;
    }
  };
}

function openChecked(path: string, access: FileAccess): Database {
  const database = openDatabase(path, access);
  try {
    checkStart(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function openAside(
  path: string,
  access: FileAccess,
): { readonly database: Database; readonly aside?: Aside } {
  if (!isUnwritable(path)) return { database: openChecked(path, access) };
  const aside = layAside(path);
  try {
    return { database: openChecked(aside.path, access), aside };
  } catch (error) {
    aside.remove();
    throw error;
  }
}

/**
 * Opens a store's file. One that may not be written is read all the same, from a copy, and refuses every write.
 *
 * @throws {Fault} as `openDatabase`, STORE_READ_ONLY
 */
export function openStoreFile(path: string, access: FileAccess): StoreFile {
  const { database, aside } = openAside(path, access);
  const room = makeRoom(path, aside !== undefined);
  const writer = makeWriter(database);
  const stills = makeStills(database, aside?.path ?? path);
  let isOpen = true;
  return {
    database,
    write: guard(writer, room, aside !== undefined),
    state: () => room.state(),
    checkRoom: () => room.check(),
    hold: (use) => {
      if (isOpen) return stills.hold(use);
      throw new Fault("STORE_WRITE_FAILED", "the store is closed");
    },
    flush: () => isOpen && aside === undefined && stills.flush(),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      writer.stop();
      database.close();
      stills.close();
      aside?.remove();
    },
  };
}
