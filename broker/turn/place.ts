import { closeSync, existsSync, mkdirSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Chance, Fault, isFault, renderHex, toFault } from "../../schemas/ground/index.ts";

/** Which broker speaks, and which folder it takes for the one that all brokers of the hub share; empty where it does not say. */
export interface TurnPlace {
  readonly broker: string;
  /** What was drawn when that folder was first used. */
  readonly folder: string;
}

const file = "folder-id";
const idBytes = 16;
const id = /^[0-9a-f]{32}$/;

/** One of those who begin together makes it, and all read what stands there. */
function draw(at: string, chance: Chance): void {
  try {
    writeFileSync(at, renderHex(chance.bytes(idBytes)), { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    if (!existsSync(at)) throw error;
  }
}

/** The file's beginning, a little more than it may have: whoever writes to a shared folder decides its length. */
function readBeginning(at: string): string {
  const handle = openSync(at, "r");
  try {
    const bytes = Buffer.alloc(idBytes * 4);
    return bytes.toString("latin1", 0, readSync(handle, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(handle);
  }
}

/**
 * What tells a shared folder from another at the same path, such as of a machine where it was not mounted; drawn at its first use.
 * Empty where somebody is just writing it.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function readFolderId(folder: string, chance: Chance): string {
  const at = join(folder, file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(at)) draw(at, chance);
    const found = readBeginning(at).trim();
    return id.test(found) ? found : "";
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "standby.folder cannot be written");
  }
}

/**
 * Refuses what would leave two brokers with one name, or with two folders that each takes for the shared one: stop button, keys and
 * register would be two. Asked of a word that another has just said, so that nobody is held back by one who is gone.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function checkPlace(own: TurnPlace, other: TurnPlace): void {
  if (own.broker !== "" && own.broker === other.broker) {
    throw new Fault("CONFIG_INVALID", `standby: another broker that is called ${own.broker} works; give each a name and a dir of its own`);
  }
  if (own.folder === "" || other.folder === "" || own.folder === other.folder) return;
  throw new Fault("CONFIG_INVALID", "standby.folder is not the folder of the broker that works; both have to be one file system");
} // prettier-ignore

/** Whether it is one of these refusals. */
export function isPlaceFault(error: unknown): error is Fault {
  return isFault(error) && error.code === "CONFIG_INVALID";
}
