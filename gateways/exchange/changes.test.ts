import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { array, assert, asyncProperty, constantFrom, integer, record } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import {
  type Bytes,
  makeSeededChance,
  makeUuid,
  renderUuid,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { handlings, isInSight, wholeSight } from "../people/index.ts";
import { openStore, type Store, type StoredMessage } from "../store/index.ts";
import { parseChangeCursor, renderChangeCursor } from "./change-cursor.ts";
import { isChangeSeen, listChanges, trimChanges } from "./changes.ts";

const day = 86_400_000;
const chance = makeSeededChance("changes");
let dir: string;
let clock: StillClock;
let store: Store;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "changes-"));
  clock = makeStillClock(Date.UTC(2026, 2, 9));
  store = openStore(join(dir, "store.db"), {}, clock);
});

afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const page = (cursor?: string, more = {}) =>
  listChanges({ store, chance }, { cursor, limit: 50, ...more });
const refused = (code: string): unknown => expect.objectContaining({ code });

async function add(wish: Partial<StoredMessage> = {}): Promise<{ readonly seq: number; readonly id: Bytes }> {
  const id = makeUuid(clock.now(), chance);
  const times = { createdAt: clock.now(), expiresAt: clock.now() + day, storedAt: clock.now() };
  const what = { type: "alert.incident", crimes: ["drugs"], recs: ["ecowas"], handling: "H1", urgency: "ROUTINE", status: "ACTUAL" };
  const message = { box: "in", id, originator: "gh/tcu", state: "VERIFIED", audience: [], raw: utf8("x"), digest: sha256(id), ...what, ...times, ...wish } as const;
  return { id, seq: await store.write(() => store.messages.add(message)) };
} // prettier-ignore

/** A line of the log alone. */
async function note(): Promise<Bytes> {
  const id = makeUuid(clock.now(), chance);
  await store.write(() => store.changes.add({ kind: "STORED", message: 1, id, box: "in", handling: "H1", state: "VERIFIED" }));
  return id;
} // prettier-ignore

const move = (seq: number, state: string) => store.write(() => store.messages.setState(seq, state));
const told = (items: readonly { id: string; kind: string; state: string }[]) =>
  items.map(({ id, kind, state }) => [id, kind, state]);

describe("the log of changes", () => {
  it("tells of each message that it was stored, moved, taken back and removed, in order", async () => {
    const from = page().next;
    const first = await add();
    const second = await add({ state: "QUARANTINED" });
    const ours = await add({ box: "out", state: "QUEUED" });
    await move(ours.seq, "ACCEPTED");
    await move(first.seq, "QUARANTINED");
    await store.write(() => store.messages.remove(second.seq));
    const [a, b, c] = [first, second, ours].map(({ id }) => renderUuid(id));
    expect(told(page(from).items)).toEqual([
      [a, "stored", "VERIFIED"],
      [b, "stored", "QUARANTINED"],
      [c, "stored", "QUEUED"],
      [c, "moved", "ACCEPTED"],
      [a, "taken-back", "QUARANTINED"],
      [b, "removed", "QUARANTINED"],
    ]);
  });

  it("tells nothing of what gateways tell each other, of a state that stays, or of an act that was undone", async () => {
    const from = page().next;
    const system = await add({ type: "key.share" });
    await expect(store.write(() => {
      store.messages.remove(system.seq);
      store.messages.setState(system.seq, "ACCEPTED");
    })).rejects.toMatchObject({ code: "INTEGRITY_STORE" });
    await move(system.seq, "VERIFIED");
    expect(page(from).items).toEqual([]);
  }); // prettier-ignore

  it("a place is never written twice alike, and says nothing to whoever has no key", async () => {
    await add();
    const [one, two] = [page().next, page().next];
    expect(one).not.toBe(two);
    expect(page(one).items).toEqual(page(two).items);
    const key = store.changes.key();
    expect(parseChangeCursor(key, one)).toEqual(parseChangeCursor(key, two));
    expect(parseChangeCursor(sha256(key).subarray(0, 16), one).position).not.toBe(1);
  });

  it.each(["", "x", "=".repeat(22), "A".repeat(23), `${"A".repeat(21)}B`])(
    "%j is no cursor",
    (cursor) => {
      expect(() => page(cursor)).toThrow(refused("REQUEST_INVALID"));
    },
  );

  it("a cursor of another store is refused, as is one that was made up or stands ahead of all", async () => {
    const other = openStore(join(dir, "other.db"), {}, clock);
    const foreign = listChanges({ store: other, chance }, { limit: 1 }).next;
    other.close();
    await add();
    expect(() => page(foreign)).toThrow(refused("CURSOR_GONE"));
    expect(() => page("A".repeat(22))).toThrow(refused("CURSOR_GONE"));
    const ahead = renderChangeCursor(
      store.changes.key(),
      { ...store.changes.head(), position: 2 },
      chance,
    );
    expect(() => page(ahead)).toThrow(refused("CURSOR_GONE"));
  });

  it("a store that was put back refuses places of the time since, and keeps those of before", async () => {
    await note();
    const before = page().next;
    store.close();
    copyFileSync(join(dir, "store.db"), join(dir, "copy.db"));
    store = openStore(join(dir, "store.db"), {}, clock);
    await note();
    const since = page().next;
    store.close();
    store = openStore(join(dir, "copy.db"), {}, clock);
    expect(() => page(since)).toThrow(refused("CURSOR_GONE"));
    const id = await note();
    // the same position, and another change there
    expect(() => page(since)).toThrow(refused("CURSOR_GONE"));
    expect(told(page(before).items)).toEqual([[renderUuid(id), "stored", "VERIFIED"]]);
  });

  it("is cut after thirty days, never its newest, and whoever stood before the cut is told to list again", async () => {
    const begin = page().next;
    await add();
    const second = page().next;
    clock.move(31 * day);
    await add();
    await add();
    expect(await trimChanges({ store, clock })).toBe(false);
    expect(() => page(begin)).toThrow(refused("CURSOR_GONE"));
    expect(page(second).items).toHaveLength(2);
    expect(page(undefined, { from: "beginning" }).items).toHaveLength(2);
    clock.move(31 * day);
    await trimChanges({ store, clock });
    const last = page(undefined, { from: "beginning" });
    expect(last.items).toHaveLength(1);
    expect(page(last.next).items).toEqual([]);
  });

  it("keeps no more than it is told to, however young", async () => {
    for (let n = 0; n < 20; n += 1) await add();
    const cut = await store.write(() => store.changes.cut({ since: 0, most: 5, batch: 100 }));
    expect(cut).toBe(15);
    expect(page(undefined, { from: "beginning" }).items).toHaveLength(5);
  });
});

describe("who is told of changes", () => {
  it("whoever sees a message in lists, and of taking back whoever saw it", () => {
    for (const quarantined of [true, false]) {
      for (const handling of [...handlings, "H9"]) {
        for (const state of ["VERIFIED", "QUEUED", "QUARANTINED"]) {
          for (const count of [0, 1, 4]) {
            const sight = { handlings: handlings.slice(0, count), quarantined };
            const listed = isInSight(sight, { handling, state });
            expect(isChangeSeen(sight, { kind: "MOVED", handling, state })).toBe(listed);
            const saw = isInSight(sight, { handling, state: "VERIFIED" });
            expect(isChangeSeen(sight, { kind: "TAKEN_BACK", handling, state: "QUARANTINED" })).toBe(saw || quarantined);
          }
        }
      }
    }
  }); // prettier-ignore

  it("pages of any size tell all that is in sight once, in order, whatever is written in between", async () => {
    const step = record({
      handling: constantFrom("H0", "H3"),
      limit: integer({ min: 1, max: 4 }),
    });
    await assert(
      asyncProperty(array(step, { maxLength: 20 }), async (steps) => {
        const sight = { handlings: ["H0"], quarantined: false };
        let { next } = page();
        const [wanted, seen]: [string[], string[]] = [[], []];
        for (const { handling, limit } of steps) {
          const { id } = await add({ handling });
          if (handling === "H0") wanted.push(renderUuid(id));
          const got = page(next, { limit, sight });
          seen.push(...got.items.map(({ id: one }) => one));
          ({ next } = got);
        }
        for (let more = true; more;) {
          const got = page(next, { sight, limit: 1 });
          seen.push(...got.items.map(({ id }) => id));
          ({ next, hasMore: more } = got);
        }
        expect(seen).toEqual(wanted);
      }),
      { numRuns: 25 },
    );
  });

  it("a page goes on past what is not in sight, a little at a time", async () => {
    await store.write(() => {
      for (let n = 0; n < 1_500; n += 1) store.changes.add({ kind: "STORED", message: n, id: utf8(`${n}`), box: "in", handling: "H3", state: "VERIFIED" });
    });
    const sight = { handlings: ["H0"], quarantined: false };
    const first = page(undefined, { from: "beginning", sight });
    expect(first).toMatchObject({ items: [], hasMore: true });
    expect(page(first.next, { sight })).toMatchObject({ items: [], hasMore: false });
    expect(wholeSight.quarantined).toBe(true);
  }); // prettier-ignore
});
