import {
  commitToMessage,
  type CommittedMessage,
  type LogLeaf,
  parseLogLeaf,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import {
  leafHash,
  makeTileHashReader,
  parseEntries,
  proveInclusion,
  renderProof,
  tileWidth,
  verifyInclusion,
} from "../log/index.ts";
import type { LogMirror } from "./mirror.ts";

/** A message that is said to stand in a log, with the salt that whoever holds it knows. */
export interface Challenge extends CommittedMessage {
  readonly salt: Bytes;
}

/** Where it stands. */
export interface FoundEntry {
  readonly index: number;
  /** When the hub took it, by the hub's word. */
  readonly time: EpochMs;
  readonly stream: string;
  readonly sequence: number;
  readonly leaf: Bytes;
  /** A proof for whoever has no network (C2SP tlog-proof), with the leaf as extra data. */
  readonly proof: Bytes;
}

function prove(mirror: LogMirror, index: number, leaf: Bytes): Bytes {
  const { held } = mirror;
  if (held === undefined) throw new Fault("LOG_ENTRY_MISSING", "the mirror has no entry");
  const { size, root, checkpoint } = held;
  const reader = makeTileHashReader(size, (tiles) =>
    tiles.map((tile) => mirror.read({ ...tile, holds: "hashes" })),
  );
  const hashes = proveInclusion(index, size, reader);
  // what lies on the disk is not handed on unproved
  verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: hashes, root });
  return renderProof({ extra: leaf, index, hashes, checkpoint });
}

/** Entries that are no leaves were told of when they were followed. */
function readLeaf(bytes: Bytes): LogLeaf | undefined {
  try {
    return parseLogLeaf(bytes);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/**
 * Looks for a message in all that was followed, from the oldest on.
 *
 * @returns every place of it; none: the log, as far as it was followed, has no such message
 * @throws {Fault} LOG_TILE_INVALID, LOG_PROOF_INVALID when the mirror is damaged
 */
export function findEntries(mirror: LogMirror, { salt, ...message }: Challenge): readonly FoundEntry[] {
  const size = mirror.held?.size ?? 0;
  const commitment = Buffer.from(commitToMessage(salt, message));
  const found: FoundEntry[] = [];
  for (let bundle = 0; bundle * tileWidth < size; bundle += 1) {
    const width = Math.min(tileWidth, size - bundle * tileWidth);
    const bytes = mirror.read({ holds: "entries", level: 0, index: bundle, width });
    // most bundles are let go by at once
    if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(commitment)) continue;
    for (const [i, leaf] of parseEntries(bytes, width).entries()) {
      const read = readLeaf(leaf);
      if (read?.commitment === undefined || !sameBytes(read.commitment, commitment)) continue;
      const { time, stream, sequence } = read;
      const index = bundle * tileWidth + i;
      found.push({ index, time, stream, sequence, leaf, proof: prove(mirror, index, leaf) });
    }
  }
  return found;
} // prettier-ignore
