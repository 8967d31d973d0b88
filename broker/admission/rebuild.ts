import { isDirectChannel } from "../../schemas/index.ts";
import { type NotesSource, readStreamNotes, type StoredCells } from "../nats/index.ts";
import type { Known } from "./known.ts";
import { readNotes } from "./notes.ts";

/** What is rebuilt from the streams. */
export interface Rebuilt {
  readonly known: Known;
  readonly cells: StoredCells;
}

/**
 * Reads back from one stream what the hub stored in it, by the notes it wrote beside each message.
 *
 * @throws {Fault} HUB_UNREACHABLE, HUB_STREAM_WRITE_FAILED
 */
export async function rebuildFrom(
  source: NotesSource,
  { known, cells }: Rebuilt,
  { stream, instance }: { stream: string; instance: string },
): Promise<void> {
  await readStreamNotes(source, stream, (note) => {
    const noted = readNotes(note);
    if (noted === undefined) return;
    if (!isDirectChannel(noted.channel)) cells.note(noted.channel, noted.originator);
    const { admittedAt } = noted;
    known.stored(noted, { stream, instance, sequence: note.sequence, admittedAt });
  });
}
