import { describe, expect, it } from "vitest";

import { type Bytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { findEntry, parseEntries, renderEntries } from "./entries.ts";
import { makeFrontier } from "./frontier.ts";
import { leafHash } from "./node-hash.ts";
import type { Tile } from "./tile.ts";
import { parseTilePath, renderTilePath, type TilePlace } from "./tile-path.ts";
import { findNewTiles, findTile, makeTileHashReader, parseTile } from "./tiles.ts";
import { proveConsistency, proveInclusion, rootOf } from "./tree.ts";
import { verifyConsistency, verifyInclusion } from "./verify-tree.ts";

const hashes = (index: number, width = 256, level = 0): TilePlace => ({
  holds: "hashes",
  level,
  index,
  width,
});

describe("the path of a tile", () => {
  it.each<[TilePlace, string]>([
    [hashes(0), "tile/0/000"],
    [hashes(1_234_067), "tile/0/x001/x234/067"],
    [hashes(1000, 17, 2), "tile/2/x001/000.p/17"],
    [hashes(0, 31, 6), "tile/6/000.p/31"],
    [{ holds: "entries", level: 0, index: 273, width: 112 }, "tile/entries/273.p/112"],
  ])("%j is at %s, and only there", (place, path) => {
    expect(renderTilePath(place)).toBe(path);
    expect(parseTilePath(path)).toEqual(place);
  });

  it.each([
    "tile/0/0", "tile/0/00", "tile/00/000", "tile/64/000", "tile/7/000", "tile/-1/000", "tile/0/x000/001", "tile/0/001/002",
    "tile/0/x001", "tile/0/x001/x002", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/017", "tile/0/000.p/", "tile/0/000.p",
    "tile/0/000/", "/tile/0/000", "tile/entries/00", "tile/Entries/000", "tile/0/../000", "tile/0/000\n", "", "tile/0/٠٠٠",
    "tile/0/x999/x999/x999/x999/x999/999", "tile/6/x099/999", "checkpoint",
  ])("%j is of no tile", (path) => {
    expect(codeOf(() => parseTilePath(path))).toBe("LOG_TILE_INVALID");
  }); // prettier-ignore

  it.each([hashes(-1), hashes(0.5), hashes(0, 0), hashes(0, 257), hashes(0, 1.5), hashes(0, 256, 7), hashes(2 ** 46), hashes(32, 256, 6)])(
    "%j is no tile",
    (place) => {
      expect(codeOf(() => renderTilePath(place))).toBe("LOG_TILE_INVALID");
    },
  ); // prettier-ignore
});

/** A log as its files are: what was written each time it grew. */
function writeLog(steps: readonly number[]): { readonly files: Map<string, Bytes>; readonly leaves: readonly Bytes[]; readonly roots: Map<number, Bytes> } {
  const files = new Map<string, Bytes>();
  const rows: Bytes[][] = [];
  const frontier = makeFrontier();
  const roots = new Map<number, Bytes>();
  let size = 0;
  for (const next of steps) {
    for (; frontier.size() < next; ) {
      for (const { level, hash } of frontier.append(leafHash(utf8(`entry ${frontier.size()}`)))) {
        if (level % 8 === 0) (rows[level / 8] ??= []).push(hash);
      }
    }
    for (const tile of findNewTiles(size, next)) {
      const from = tile.index * 256;
      files.set(renderTilePath({ holds: "hashes", ...tile }), Buffer.concat(rows[tile.level]!.slice(from, from + tile.width)));
    }
    roots.set(next, frontier.root());
    size = next;
  }
  return { files, leaves: rows[0] ?? [], roots };
} // prettier-ignore

function readFrom(files: Map<string, Bytes>): (tiles: readonly Tile[]) => readonly Bytes[] {
  return (tiles) => {
    expect(new Set(tiles.map((tile) => `${tile.level}/${tile.index}`)).size).toBe(tiles.length);
    return tiles.map((tile) => {
      const found = files.get(renderTilePath({ holds: "hashes", ...tile }));
      if (found === undefined) throw new Fault("INTERNAL", "a tile that was never written");
      return found;
    });
  };
}

const steps = [1, 5, 255, 256, 257, 511, 70_000];
const log = writeLog(steps);

describe("the tiles of a tree", () => {
  it("of 70,000 leaves are 273 full and one partial, then 1 and 17, then 1: as tlog-tiles counts them", () => {
    const tiles = findNewTiles(0, 70_000);
    const widths = (level: number): readonly number[] => tiles.filter((one) => one.level === level).map(({ width }) => width);
    expect(widths(0)).toEqual([...Array.from({ length: 273 }, () => 256), 112]);
    expect([widths(1), widths(2), widths(3)]).toEqual([[256, 17], [1], []]);
    expect(findNewTiles(0, 256)).toEqual([{ level: 0, index: 0, width: 256 }, { level: 1, index: 0, width: 1 }]);
    expect([findTile(0, 273, 70_000), findTile(0, 274, 70_000)]).toEqual([{ level: 0, index: 273, width: 112 }, undefined]);
  }); // prettier-ignore

  it("that are new when it grows are all that changed, and none that stood", () => {
    expect(findNewTiles(255, 256)).toEqual([{ level: 0, index: 0, width: 256 }, { level: 1, index: 0, width: 1 }]);
    expect(findNewTiles(256, 257)).toEqual([{ level: 0, index: 1, width: 1 }]);
    expect(findNewTiles(300, 300)).toEqual([]);
    for (const [from, to] of [[2, 1], [-1, 1], [0, 2 ** 53], [0, Number.NaN]] as const) {
      expect(codeOf(() => findNewTiles(from, to))).toBe("LOG_TILE_INVALID");
    }
  }); // prettier-ignore

  it("give roots and proofs at every size at which they were written", () => {
    for (const size of steps) {
      const readHashes = makeTileHashReader(size, readFrom(log.files));
      const root = log.roots.get(size)!;
      expect(rootOf(size, readHashes)).toEqual(root);
      for (const index of [0, Math.floor(size / 2), size - 1]) {
        const proof = proveInclusion(index, size, readHashes);
        verifyInclusion({ index, size, leafHash: log.leaves[index]!, proof, root });
      }
      for (const oldSize of steps.filter((one) => one <= size)) {
        const proof = proveConsistency(oldSize, size, readHashes);
        verifyConsistency({ oldSize, oldRoot: log.roots.get(oldSize)!, newSize: size, newRoot: root, proof });
      }
    }
  }); // prettier-ignore

  it("a hash that the tree has not is not read from them", () => {
    const readHashes = makeTileHashReader(257, readFrom(log.files));
    for (const position of [{ level: 0, index: 257 }, { level: 8, index: 1 }, { level: 9, index: 0 }, { level: 1, index: 128 }]) {
      expect(codeOf(() => readHashes([position]))).toBe("LOG_TILE_INVALID");
    }
  }); // prettier-ignore

  it("of another length are refused, and too few of them", () => {
    expect(codeOf(() => rootOf(3, makeTileHashReader(3, () => [Buffer.alloc(95)])))).toBe("LOG_TILE_INVALID");
    expect(codeOf(() => rootOf(3, makeTileHashReader(3, () => [])))).toBe("LOG_TILE_INVALID");
    expect(codeOf(() => parseTile(Buffer.alloc(0), 0))).toBe("LOG_TILE_INVALID");
    expect(parseTile(Buffer.alloc(64, 7), 2)).toEqual([Buffer.alloc(32, 7), Buffer.alloc(32, 7)]);
  }); // prettier-ignore
});

describe("a bundle of entries", () => {
  const entries = [utf8("first"), utf8(""), Buffer.alloc(65_535, 1)];

  it("comes back as it was put in", () => {
    const bundle = renderEntries(entries);
    expect(bundle.length).toBe(5 + 65_535 + 6);
    expect(parseEntries(bundle, 3).map((one) => Buffer.from(one))).toEqual(entries.map((one) => Buffer.from(one)));
  }); // prettier-ignore

  it("gives each of them alone, and none that it has not", () => {
    const bundle = renderEntries(entries);
    expect(entries.map((_, i) => Buffer.from(findEntry(bundle, i)))).toEqual(entries.map((one) => Buffer.from(one)));
    for (const [bytes, place] of [[bundle, 3], [bundle, -1], [bundle.subarray(0, -1), 2], [bundle.subarray(0, 1), 0], [new Uint8Array(), 0]] as const) {
      expect(codeOf(() => findEntry(bytes, place))).toBe("LOG_TILE_INVALID");
    }
  }); // prettier-ignore

  it("holds as many entries as its path says, whole, and nothing more", () => {
    const bundle = renderEntries(entries);
    for (const [bytes, width] of [[bundle, 2], [bundle, 4], [bundle.subarray(1), 3], [bundle.subarray(0, -1), 3], [Buffer.concat([bundle, Buffer.of(0)]), 3], [Buffer.of(0), 1], [Buffer.of(0, 2, 1), 1], [bundle, 0], [bundle, 257]] as const) {
      expect(codeOf(() => parseEntries(bytes, width))).toBe("LOG_TILE_INVALID");
    }
  }); // prettier-ignore

  it("takes neither an entry over 65,535 bytes nor 257 of them, nor none", () => {
    for (const made of [[Buffer.alloc(65_536)], Array.from({ length: 257 }, () => utf8("a")), []]) {
      expect(codeOf(() => renderEntries(made))).toBe("LOG_TILE_INVALID");
    }
  });
});
