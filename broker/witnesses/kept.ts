import { existsSync, readFileSync } from "node:fs";

import { replaceFile } from "../../schemas/disk/index.ts";
import { type Bytes, isFault, toFault } from "../../schemas/ground/index.ts";
import { type VerifierKey, verifyCheckpoint, verifyNote } from "../../certs/log/index.ts";
import { makeRound, type Round } from "./round.ts";

/** Writes a note to its file, so that a crash leaves the old one or the new. @throws {Fault} STORE_WRITE_FAILED */
export function saveNote(file: string, note: Bytes): void {
  try {
    replaceFile(file, note, { mode: 0o644 });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", "the cosigned checkpoint cannot be written");
  }
}

/** Whose words are believed: the hub's own, and those of witnesses. */
export interface KeptKeys {
  readonly hub: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
}

/**
 * The newest checkpoint that was cosigned, from its file; undefined when there is none, or it is none of this log: it
 * can be had again from the witnesses.
 */
export function findKept(file: string, keys: KeptKeys, now: number): Round | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { note } = verifyCheckpoint(readFileSync(file), ...keys.hub);
    const own = note.signatures.filter(
      (line) => keys.hub.some(({ name }) => name === line.name) && verifyNote({ ...note, signatures: [line] }, keys.hub).length > 0,
    );
    const round = makeRound(note.text, own);
    return round.add(note.signatures, { keys: keys.witnesses, now }) ? round : undefined;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
} // prettier-ignore
