import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { EnteredLeaf, LogMark } from "./head.ts";
import { type LogPlace, seriesOf } from "./place.ts";

/** Where a leaf stands. */
export interface FoundIndex {
  readonly index: number;
  /** Whether it comes from the disk: then it is only a hint, and the leaf has to be looked at. */
  readonly isHint: boolean;
}

/** Where each place's leaf stands, four bytes each. */
export interface PlaceStore {
  add(leaf: EnteredLeaf, mark: LogMark): void;
  publish(isSynced: boolean): void;
  /** The index of the leaf of a place that its mark covers. */
  find(place: LogPlace, mark: LogMark): FoundIndex | undefined;
}

const indexBytes = 4;

interface Unwritten {
  readonly first: number;
  readonly from: number;
  readonly indices: number[];
}

function readIndex(file: string, offset: number): number | undefined {
  if (!existsSync(file)) return undefined;
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(indexBytes);
    const got = readSync(handle, bytes, 0, indexBytes, offset);
    return got === indexBytes ? bytes.readUInt32BE(0) : undefined;
  } finally {
    closeSync(handle);
  }
}

/** Opens the places in a folder. */
export function openPlaceStore(dir: string): PlaceStore {
  const unwritten = new Map<string, Unwritten>();
  // names are the server's words: they become no paths
  const fileOf = (series: string): string =>
    join(dir, renderHex(sha256(utf8(series)).subarray(0, 16)));

  const write = (series: string, { first, from, indices }: Unwritten, isSynced: boolean): void => {
    const bytes = Buffer.alloc(indices.length * indexBytes);
    for (const [i, index] of indices.entries()) bytes.writeUInt32BE(index, i * indexBytes);
    const file = fileOf(series);
    const handle = openSync(file, existsSync(file) ? "r+" : "w", 0o600);
    try {
      writeSync(handle, bytes, 0, bytes.length, (from - first) * indexBytes);
      if (isSynced) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  };

  return {
    add: ({ stream, instance, sequence, index }, { first }) => {
      const series = seriesOf({ stream, instance });
      const held = unwritten.get(series) ?? { first, from: sequence, indices: [] };
      held.indices.push(index);
      unwritten.set(series, held);
    },
    publish: (isSynced) => {
      if (unwritten.size > 0) mkdirSync(dir, { recursive: true, mode: 0o700 });
      for (const [series, some] of unwritten) write(series, some, isSynced);
      unwritten.clear();
    },
    find: (place, { first }) => {
      const series = seriesOf(place);
      const held = unwritten.get(series);
      if (held !== undefined && place.sequence >= held.from) {
        const index = held.indices[place.sequence - held.from];
        return index === undefined ? undefined : { index, isHint: false };
      }
      const index = readIndex(fileOf(series), (place.sequence - first) * indexBytes);
      return index === undefined ? undefined : { index, isHint: true };
    },
  };
}
