import type { Bytes } from "../../schemas/ground/index.ts";
import { type BookOptions, extend, inconsistent, openStream, readFolderAnew } from "./book-open.ts";
import { renderBatch, type SignedBatch } from "./checkpoint.ts";
import type { LogFolder, LogState } from "./folder.ts";
import { openSeenFile } from "./seen.ts";

/** The log as this broker knows it: what stands in the stream, proved entry by entry. */
export interface Book {
  /** What is written down here too; of nothing else anybody is told. */
  readonly state: LogState;
  readonly folder: LogFolder;
  /**
   * Reads what others added. Nothing of it is told before it is written down here.
   *
   * @throws {Fault} HUB_*; LOG_INCONSISTENT, INTEGRITY_STORE, after which nothing more may be signed
   */
  follow(): Promise<void>;
  /** Takes what this broker added itself. @throws {Fault} INTEGRITY_STORE */
  adopt(batch: SignedBatch): Promise<void>;
  /** Writes out what anybody may read. */
  publish(): void;
  /** Makes the folder anew from the stream. @throws {Fault} as `follow` */
  rebuild(): Promise<void>;
  stop(): Promise<void>;
}

/** Bytes of what was seen after which the folder is synced and it is begun anew. */
const maxSeenBytes = 8 * 1024 * 1024;

/**
 * Opens the log, and makes its stream when there is none and never was.
 *
 * @throws {Fault} HUB_*, LOG_INCONSISTENT, INTEGRITY_STORE
 */
export async function openBook(options: BookOptions): Promise<Book> {
  const { stream, seenFile, keys } = options;
  const seen = await openSeenFile(seenFile);
  let { state, folder } = await openStream(options, seen).catch(async (error: unknown) => {
    await seen.stop();
    throw error;
  });
  let published = state.entry;

  const publish = (isSynced: boolean): void => {
    if (published === state.entry && !isSynced) return;
    folder.publish(state, isSynced);
    published = state.entry;
  };
  const beginSeen = async (): Promise<void> => {
    publish(true);
    if (state.checkpoint !== undefined) await seen.restart(state.checkpoint);
  };
  /** Only what is written down here becomes the state; then, or not at all. */
  const take = async (entries: readonly { batch: SignedBatch; bytes: Bytes; next: LogState }[]): Promise<void> => {
    for (const { batch, bytes, next } of entries) {
      await seen.add(bytes);
      folder.add(batch);
      state = next;
    }
    if (seen.bytes > maxSeenBytes) await beginSeen();
  }; // prettier-ignore
  await beginSeen();

  return {
    get state() {
      return state;
    },
    get folder() {
      return folder;
    },
    follow: async () => {
      const last = await stream.last();
      if (last === undefined) throw inconsistent("the stream of the log is gone");
      if (last < state.entry) throw inconsistent("the stream of the log went back");
      if (last === state.entry) return;
      const entries: Parameters<typeof take>[0][number][] = [];
      let at = state;
      const known = keys();
      await stream.read(state.entry + 1, ({ data: bytes }) => {
        const { batch, next } = extend(at, bytes, known);
        at = next;
        entries.push({ batch, bytes, next });
      });
      await take(entries);
    },
    adopt: async (batch) => {
      const { extension, checkpoint } = batch;
      const next = { head: extension.head, entry: state.entry + 1, checkpoint };
      await take([{ batch, bytes: renderBatch(batch), next }]);
    },
    publish: () => publish(false),
    rebuild: async () => {
      ({ state, folder } = await readFolderAnew(options, state.checkpoint));
      await beginSeen();
    },
    stop: async () => {
      publish(false);
      await seen.stop();
    },
  };
}
