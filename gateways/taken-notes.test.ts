import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { findTaken, keepPlace } from "./exchange/places.ts";
import { openStore, type Store } from "./store/index.ts";
import { makeTakenNotes, type TakenNotes } from "./taken-notes.ts";

const stream = "FEED_ECOWAS";
const consumer = "c";

let dir: string;
let store: Store;
let notes: TakenNotes;

function at(sequence: number): { readonly reply: string } {
  return { reply: `$JS.ACK.${stream}.${consumer}.1.${sequence}.${sequence}.0.0` };
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "atumpan-notes-"));
  store = openStore(join(dir, "store.db"));
  notes = makeTakenNotes(store);
});

afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

async function openInstance(instance: string, settled: number): Promise<void> {
  await store.write(() => keepPlace(store, { stream, instance, lastSequence: 99, settled }, notes.given(stream)));
} // prettier-ignore

describe("places of the hub's streams that were given to us", () => {
  it("are kept with the next write, whatever it writes", async () => {
    notes.note([at(7), at(5)]);
    expect(findTaken(store, stream)).toBeUndefined();
    await notes.store.write(() => undefined);
    expect(findTaken(store, stream)?.sequence).toBe(7);
  });

  it("are kept before they are acknowledged even when what stood there was here already and nothing is written", async () => {
    await openInstance("a", 0);
    notes.note([at(9)]);
    await notes.keep();
    expect(findTaken(store, stream)).toEqual({ instance: "a", sequence: 9 });
  });

  it("are not written a second time", async () => {
    notes.note([at(9)]);
    await notes.keep();
    let writes = 0;
    const counted = makeTakenNotes({ ...store, write: (act) => ((writes += 1), store.write(act)) });
    await counted.keep();
    counted.note([at(9)]);
    await counted.keep();
    await counted.keep();
    expect(writes).toBe(1);
  });

  it("stay noted when the write fails", async () => {
    notes.note([at(3)]);
    const failed = notes.store.write(() => {
      throw new Error("planted");
    });
    await expect(failed).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(findTaken(store, stream)).toBeUndefined();
    await notes.keep();
    expect(findTaken(store, stream)?.sequence).toBe(3);
  });
});

describe("a hub that lost its streams and made them anew", () => {
  beforeEach(async () => {
    await openInstance("a", 40);
    notes.rise();
  });

  it("has our word for no more than is kept of the new ones, though its answer is older than what came since", async () => {
    // three came and were acknowledged after the hub wrote "one" into its answer and before that is read
    notes.note([at(3)]);
    await notes.keep();
    expect(findTaken(store, stream)).toEqual({ instance: "a", sequence: 40 });
    await openInstance("b", 1);
    expect(findTaken(store, stream)).toEqual({ instance: "b", sequence: 3 });
  });

  it("is not credited with what was given before the link fell", async () => {
    notes.note([at(38)]);
    notes.rise();
    await openInstance("b", 1);
    expect(findTaken(store, stream)).toEqual({ instance: "b", sequence: 1 });
  });
});
