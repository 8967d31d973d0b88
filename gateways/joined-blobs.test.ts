import { describe, expect, it } from "vitest";

import {
  type Bytes,
  Fault,
  type FaultCode,
  renderHex,
  sha256,
  toFault,
  utf8,
} from "../schemas/ground/index.ts";
import { joinBlobs } from "./joined-blobs.ts";
import type { HubBlobs } from "./link/index.ts";

interface Shelf extends HubBlobs {
  readonly held: Map<string, Bytes>;
}

function makeShelf(failing?: FaultCode): Shelf {
  const held = new Map<string, Bytes>();
  return {
    held,
    putBlob: (bytes) => {
      held.set(renderHex(sha256(bytes)), bytes);
      return Promise.resolve(sha256(bytes));
    },
    missingBlobs: (digests) => Promise.resolve(digests.filter((one) => !held.has(renderHex(one)))),
    getBlob: ({ digest }) => {
      const bytes = held.get(renderHex(digest));
      if (bytes !== undefined) return Promise.resolve({ size: bytes.length, bytes });
      return Promise.reject(new Fault(failing ?? "BLOB_MISSING", "not here"));
    },
  };
}

const chunk = utf8("a piece of a file");
const digest = sha256(chunk);
const run = { digest, offset: 0, maxBytes: 100 };

async function codeOf(asked: Promise<unknown>): Promise<string> {
  return await asked.then(
    () => "taken",
    (error: unknown) => toFault(error, "INTERNAL").code,
  );
}

describe("chunks of files at several hubs", () => {
  it("are handed to every hub that is up, and a hub that was away is missing them", async () => {
    const [one, two] = [makeShelf(), makeShelf()];
    let up: readonly Shelf[] = [one];
    const joined = joinBlobs(() => up);
    expect(await joined.putBlob(chunk)).toEqual(digest);
    expect(await joined.missingBlobs([digest])).toEqual([]);
    up = [one, two];
    expect(await joined.missingBlobs([digest])).toEqual([digest]);
    await joined.putBlob(chunk);
    expect([one, two].map(({ held }) => held.size)).toEqual([1, 1]);
  });

  it("are fetched from the first hub that holds them", async () => {
    const [one, two] = [makeShelf(), makeShelf()];
    await two.putBlob(chunk);
    expect(await joinBlobs(() => [one, two]).getBlob(run)).toEqual({ size: chunk.length, bytes: chunk });
  }); // prettier-ignore

  it("are held by none only when every hub that is asked says so", async () => {
    const silent = makeShelf("HUB_UNREACHABLE");
    const empty = makeShelf();
    expect(await codeOf(joinBlobs(() => [empty, empty]).getBlob(run))).toBe("BLOB_MISSING");
    expect(await codeOf(joinBlobs(() => [silent, empty]).getBlob(run))).toBe("HUB_UNREACHABLE");
    expect(await codeOf(joinBlobs(() => [empty, silent]).getBlob(run))).toBe("HUB_UNREACHABLE");
  });

  it("cannot be asked for while no hub is in reach", async () => {
    expect(await codeOf(joinBlobs(() => []).putBlob(chunk))).toBe("HUB_UNREACHABLE");
  });
});
