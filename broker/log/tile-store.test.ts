import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { leafHash, proveInclusion, rootOf, verifyInclusion } from "../../certs/log/index.ts";
import { madeLeaf } from "../../test/kit/made-log.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { extendHead, type LogHead, makeEmptyHead } from "./head.ts";
import { keepFew } from "./kept-few.ts";
import { openTileStore, type TileStore } from "./tile-store.ts";

const dir = mkdtempSync(join(tmpdir(), "tiles-"));
afterAll(() => rmSync(dir, { recursive: true }));

const step = 97;
const most = 1_261;

/** The root at each size that the log had. */
const roots = new Map<number, Uint8Array>();

function checkAll(store: TileStore, size: number): void {
  for (const [old, root] of roots) {
    expect(rootOf(old, store.hashes(old))).toEqual(root);
    const index = (old * 7919) % old;
    const leaf = store.leaf(index);
    expect(leaf).toEqual(madeLeaf(index + 1));
    const proof = proveInclusion(index, old, store.hashes(size));
    verifyInclusion({ index, size: old, leafHash: leafHash(leaf), proof, root });
  }
}

describe("the tiles of a log", () => {
  it("prove each leaf in every tree that the log had, while it grows and when opened anew", () => {
    let store = openTileStore(dir, 0);
    let head: LogHead = makeEmptyHead();
    for (let round = 1; head.size < most; round += 1) {
      const leaves = Array.from({ length: step }, (_, i) => madeLeaf(head.size + i + 1));
      const extension = extendHead(head, leaves);
      ({ head } = extension);
      store.add(extension);
      roots.set(head.size, head.root);
      checkAll(store, head.size);
      if (round % 5 === 0) store.publish(false);
      if (round % 10 === 0) store = openTileStore(dir, head.size);
    }
    store.publish(true);
    checkAll(openTileStore(dir, head.size), head.size);
  });

  it("that are not there, or cut short, are no proof", () => {
    const size = [...roots.keys()].at(-1)!;
    const store = openTileStore(dir, size);
    expect(codeOf(() => store.leaf(size))).toBe("LOG_TILE_INVALID");
    expect(codeOf(() => store.leaf(5 * 256 + 255))).toBe("LOG_TILE_INVALID");
    expect(codeOf(() => rootOf(size + 1, store.hashes(size)))).toBe("LOG_TILE_INVALID");
    const whole = (folder: string) => join(dir, "tile", folder, readdirSync(join(dir, "tile", folder)).find((name) => name === "001")!);
    truncateSync(whole("0"), 256 * 32 - 1);
    truncateSync(whole("entries"), 100);
    expect(codeOf(() => rootOf(300, store.hashes(300)))).toBe("LOG_TILE_INVALID");
    expect(codeOf(() => store.leaf(300))).toBe("LOG_TILE_INVALID");
  }); // prettier-ignore
});

describe("what is kept of what was asked for", () => {
  it("is what was asked for last, and the rest is made again", () => {
    const made: string[] = [];
    const find = keepFew(2, (row, index) => made.push(`${row}/${index}`));
    for (const index of [1, 2, 1, 3, 1, 2]) find(0, index);
    expect(made).toEqual(["0/1", "0/2", "0/3", "0/2"]);
  });
});
