import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import {
  type Bytes,
  Fault,
  isFault,
  parseUtf8,
  renderHex,
  sameBytes,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import { makeFrontier } from "../../certs/log/index.ts";
import type { LogHead } from "./head.ts";
import type { SignedBatch } from "./checkpoint.ts";
import { seriesOf } from "./place.ts";
import { openPlaceStore, type PlaceStore } from "./place-store.ts";
import { openTileStore, type TileStore } from "./tile-store.ts";
import { publishFile } from "./publish-file.ts";

/** Where the log stood: its head, and which entry of the stream it stands after. */
export interface LogState {
  readonly head: LogHead;
  /** The stream's number; 0 before the first. */
  readonly entry: number;
  /** Missing before the first entry. */
  readonly checkpoint?: Bytes | undefined;
}

/** What anybody may read of the log, and where its leaves stand: made from the stream, and made anew when it is gone. */
export interface LogFolder {
  /** As it was published last. */
  readonly opened: LogState | undefined;
  readonly tiles: TileStore;
  readonly places: PlaceStore;
  add(batch: SignedBatch): void;
  publish(state: LogState, isSynced: boolean): void;
}

const stateFile = "state.json";
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const whole = z.int().min(0);
const stateShape = z.strictObject({
  entry: whole,
  size: whole,
  root: hash,
  edge: z.array(hash).max(64),
  // beside the file of its own: that one may be older after a crash
  checkpoint: z.string().min(1).max(4096),
  marks: z
    .array(
      z.strictObject({
        stream: z.string().max(40),
        instance: z.string().max(42),
        first: whole,
        last: whole,
      }),
    )
    .max(10_000),
});

function renderState({ head, entry, checkpoint }: LogState): Bytes {
  const { size, root, edge, marks } = head;
  const state: z.infer<typeof stateShape> = {
    entry,
    size,
    root: renderHex(root),
    edge: edge.map(renderHex),
    marks: [...marks.values()],
    checkpoint: checkpoint === undefined ? "" : parseUtf8(checkpoint),
  };
  return utf8(`${JSON.stringify(state)}\n`);
}

/** What the folder says; undefined when it says nothing that fits, and it is to be made anew. */
function readState(dir: string): LogState | undefined {
  const state = join(dir, stateFile);
  if (!existsSync(state)) return undefined;
  try {
    const parsed = tryShape(stateShape, JSON.parse(parseUtf8(readFileSync(state))));
    if (!parsed.success) return undefined;
    const { entry, size, root, edge: texts, marks, checkpoint } = parsed.data;
    const edge = texts.map((text) => Buffer.from(text, "hex"));
    const head = { size, root: Buffer.from(root, "hex"), edge, marks: new Map(marks.map((mark) => [seriesOf(mark), mark])) };
    if (!sameBytes(makeFrontier(size, edge).root(), head.root)) return undefined;
    return { head, entry, checkpoint: utf8(checkpoint) };
  } catch (error) {
    if (isFault(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
} // prettier-ignore

/**
 * Opens the folder of a log as it was published last; an empty one when there is none.
 *
 * @throws {Fault} LOG_TILE_INVALID when it is damaged and has to be made anew
 */
export function openLogFolder(dir: string): LogFolder {
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const opened = readState(dir);
  const tiles = openTileStore(dir, opened?.head.size ?? 0);
  const places = openPlaceStore(join(dir, "places"));
  return {
    opened,
    tiles,
    places,
    add: ({ extension }) => {
      tiles.add(extension);
      for (const leaf of extension.leaves) {
        const mark = extension.head.marks.get(seriesOf(leaf));
        if (mark !== undefined) places.add(leaf, mark);
      }
    },
    publish: (state, isSynced) => {
      if (state.checkpoint === undefined) return;
      tiles.publish(isSynced);
      places.publish(isSynced);
      publishFile(join(dir, stateFile), renderState(state), isSynced);
      // last, because whoever reads it asks for the tiles it speaks of
      publishFile(join(dir, "checkpoint"), state.checkpoint, isSynced);
    },
  };
}

/** Where a log's folder is made anew, before it takes the place of the one that stands. */
export function freshFolderOf(dir: string): string {
  const fresh = `${dir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  return fresh;
}

/** Puts a folder that was made anew in the place of the old one. @throws {Fault} INTEGRITY_STORE */
export function replaceFolder(dir: string, fresh: string): void {
  try {
    rmSync(dir, { recursive: true, force: true });
    renameSync(fresh, dir);
  } catch (cause) {
    throw new Fault("INTEGRITY_STORE", "the folder of the log cannot be replaced", { cause });
  }
}
