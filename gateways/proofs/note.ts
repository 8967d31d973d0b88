import type { Hub } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import {
  parseNote,
  renderNote,
  type VerifierKey,
  verifyCheckpoint,
} from "../../certs/log/index.ts";
import type { LogNote } from "../store/index.ts";

/** What of a register says whose log is whose. */
export interface LogRegister {
  readonly hubs: readonly Pick<Hub, "hub">[];
  logKeys(hub: string, at: EpochMs): readonly VerifierKey[];
}

/** Bytes of a note as one agency tells it to another: the hub's own line, and no witness's. */
export const maxToldBytes = 512;

/**
 * Reads a checkpoint that a log signed with one of these keys.
 *
 * @throws {Fault} LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID
 */
export function readLogNote(note: Bytes, keys: readonly VerifierKey[]): LogNote {
  const { origin, size, root } = verifyCheckpoint(note, ...keys).checkpoint;
  return { origin, size, root, note };
}

/** A note with the lines of its log alone; undefined when that is longer than agencies tell each other. */
export function shortNote({ origin, note: bytes }: LogNote): Bytes | undefined {
  const { text, signatures } = parseNote(bytes);
  const own = renderNote({ text, signatures: signatures.filter(({ name }) => name === origin) });
  return own.length <= maxToldBytes ? own : undefined;
}

/**
 * Reads a checkpoint of any hub that the register knows, as another agency tells it, and whose log it is of.
 *
 * @throws {Fault} LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID
 */
export function readToldNote(
  note: Bytes,
  register: LogRegister,
  now: EpochMs,
): { readonly hub: string; readonly told: LogNote } {
  if (note.length > maxToldBytes) {
    throw new Fault("LOG_NOTE_INVALID", `what agencies tell of a log has at most ${maxToldBytes} bytes`);
  }
  const keys = register.hubs.map(({ hub }) => ({ hub, keys: register.logKeys(hub, now) }));
  const told = readLogNote(note, keys.flatMap((one) => one.keys));
  const owner = keys.find((one) => one.keys.some(({ name }) => name === told.origin));
  return { hub: owner?.hub ?? "", told };
} // prettier-ignore
