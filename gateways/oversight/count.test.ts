import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { edgePositions, leafHash, makeFrontier, nodeHash, type Position } from "../../certs/log/index.ts"; // prettier-ignore
import { type CountDimension, type CountTable, countDimensions, parseCountTable, recount, renderCountTable } from "../../certs/oversight/index.ts"; // prettier-ignore
import {
  type Bytes,
  isFault,
  makeSeededChance,
  sha256,
  silentLog,
  utf8,
} from "../../schemas/ground/index.ts";
import { encodeLogAnswer, encodeLogLeaf, parseLogSizesQuestion } from "../../schemas/index.ts";
import { makeDice } from "../../test/kit/dice.ts";
import { honestSigner, logHubStart, makeShownLog, type ShownLog } from "../../test/kit/log-hub.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { startProofs } from "../proofs/index.ts";
import { openStore, type Store } from "../store/index.ts";
import { makeCounts } from "./count-desk.ts";
import { type Counter, startCounter } from "./index.ts";

const hub = "ecowas/hub";
const origin = "atumpan/ecowas/hub";
const dayMs = 86_400_000;
let dir: string;
let store: Store;
let clock: StillClock;
let shown: ShownLog;
let counter: Counter;
let mayAsk = true;
let lie: (leaves: readonly Bytes[]) => readonly Bytes[] = (leaves) => leaves;

/** A log of two months in which everything a leaf may be stands. */
function drawLeaves(count: number): readonly Bytes[] {
  const dice = makeDice("oversight");
  const pick = <T>(all: readonly T[]): T => all[dice(all.length)]!;
  return Array.from({ length: count }, (_, i): Bytes => {
    const base = { time: logHubStart + Math.floor((i * 60 * dayMs) / count), sequence: i + 1, instance: "i1", commitment: sha256(utf8(`m${i}`)) };
    const kind = dice(10);
    if (kind === 0) return encodeLogLeaf({ ...base, kind: "DIRECT", stream: "DIRECT" });
    if (kind === 1) return encodeLogLeaf({ ...base, kind: "ACT", stream: "JOURNAL", act: dice(2) === 0 ? "AUDITOR_READ" : "=no act" });
    if (kind === 2) return encodeLogLeaf({ ...base, kind: "VOID", stream: "DIRECT", commitment: undefined });
    if (i === 17) return utf8("no leaf at all");
    const [rec, crime] = pick([["ecowas", "drugs"], ["ecowas", "tip"], ["sadc", "drugs"], ["sadc", "ivory"]] as const);
    const type = pick(["incident", "update"]);
    return encodeLogLeaf({ ...base, kind: "FEED", stream: `FEED_${rec.toUpperCase()}`, rec, crime, handling: "h1", family: "alert", type, origin: pick(["ng/tcu", "gh/tcu", "gh/fiu"]) });
  });
} // prettier-ignore

function hash({ level, index }: Position): Bytes {
  if (level === 0) return leafHash(shown.leaves[index]!);
  return nodeHash(hash({ level: level - 1, index: index * 2 }), hash({ level: level - 1, index: index * 2 + 1 }));
} // prettier-ignore

const notes = new Map<number, Bytes>();
/** The log only grows, so that one note of each size is enough. */
function noteNow(): Bytes {
  const note = notes.get(shown.leaves.length) ?? shown.note();
  notes.set(shown.leaves.length, note);
  return note;
}

function ask(subject: string, question: Bytes): Promise<Bytes | undefined> {
  if (subject === "out.log.checkpoint") return Promise.resolve(encodeLogAnswer({ checkpoint: noteNow(), hashes: [], leaves: [] }));
  if (subject !== "out.log.entries") return shown.ask(subject, question);
  const { from, to } = parseLogSizesQuestion(question);
  const edge = from === to ? edgePositions(from).map(hash) : [];
  return Promise.resolve(encodeLogAnswer({ checkpoint: noteNow(), hashes: edge, leaves: [...lie(shown.leaves.slice(from, Math.min(to, from + 64)))] }));
} // prettier-ignore

function open(): void {
  const register = () => ({ hubs: [{ hub }], epoch: 1, digest: sha256(utf8("r")), logKeys: () => [honestSigner.verifierKey] }); // prettier-ignore
  const ground = { store, clock, log: silentLog, ask, hub: () => hub, register, mayAsk: () => mayAsk }; // prettier-ignore
  const proofs = startProofs({ ...ground, chance: makeSeededChance("count"), changed: () => undefined, instanceOf: () => "i1" }); // prettier-ignore
  counter = startCounter({ ...ground, agency: "ecowas/oversight", bell: proofs.bell, saw: (of, note) => proofs.saw(of, note) }); // prettier-ignore
}

async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    clock.move(1_000);
    counter.tick(true);
    await counter.settled();
  }
}

const counts = (
  by: readonly CountDimension[],
  change: { from?: string; until?: string; smallest?: number; isAll?: boolean } = {},
): Promise<CountTable> =>
  makeCounts(store.oversight, hub, { by, smallest: 0, isAll: false, ...change });

function logOf(leaves: readonly Bytes[]): Parameters<typeof recount>[1] {
  const frontier = makeFrontier();
  for (const leaf of leaves) frontier.append(leafHash(leaf));
  return { origin, size: leaves.length, root: frontier.root(), leaves };
}

const recounted = (table: CountTable): readonly string[] =>
  recount(parseCountTable(utf8(JSON.stringify(renderCountTable(table)))), logOf(shown.leaves)).map(
    ({ kind }) => kind,
  );
const sum = ({ rows }: CountTable): number => rows.reduce((all, { count = 0 }) => all + count, 0);
const all = 1_200;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "oversight-"));
  clock = makeStillClock(logHubStart + 90 * dayMs);
  store = openStore(join(dir, "store.db"), {}, clock);
  shown = makeShownLog(drawLeaves(all));
  open();
});
afterAll(async () => {
  await counter.settled();
  store.close();
  rmSync(dir, { recursive: true });
});

describe("a seat of oversight counts the log", () => {
  it("on a thin line it asks nothing", async () => {
    mayAsk = false;
    await pass(70);
    expect([store.oversight.of(hub), counter.standing()]).toEqual([undefined, { size: 0 }]);
    mayAsk = true;
  });

  it("that is kept from counting for a quarter of an hour says since when, until it has counted all", async () => {
    mayAsk = false;
    const since = clock.now() - 70_000;
    clock.move(13 * 60_000);
    expect(counter.standing()).toEqual({ size: 0 });
    clock.move(60_000);
    await pass(1);
    expect(counter.standing()).toEqual({ size: 0, behindSince: since });
    mayAsk = true;
    open();
  });

  it("from the first entry, a lot at a time, each proved under the checkpoint, and goes on there after a new start", async () => {
    await pass(1);
    expect(store.oversight.of(hub)?.size).toBe(1_024);
    expect(shown.asked).toEqual(["consistency"]);
    expect(recounted(await counts(["kind"]))).toEqual([]);
    open();
    await pass(2);
    expect([store.oversight.of(hub)?.size, store.logAlarms.open()]).toEqual([all, []]);
    clock.move(14 * 60_000);
    await pass(1);
    clock.move(14 * 60_000);
    expect(counter.standing()).toEqual({ size: all });
    clock.move(60_000);
    expect(counter.standing()).toEqual({ size: all, behindSince: clock.now() - 15 * 60_000 });
    await pass(1);
    expect(counter.standing()).toEqual({ size: all });
  });

  it("every entry once, whatever it is counted by, and whoever has the log finds the same", async () => {
    for (const by of [[], ["kind"], ["month", "rec", "crime"], ["day", "country"], countDimensions] as const) {
      const table = await counts(by);
      expect([sum(table), recounted(table)]).toEqual([all, []]);
    }
    const kinds = (await counts(["kind"])).rows.map(({ of }) => of["kind"]);
    expect(kinds).toEqual(["ACT", "DIRECT", "FEED", "UNREADABLE", "VOID"]);
    // what a hub writes in the place of an act is told in nobody's table
    expect((await counts(["act"])).rows.map(({ of }) => of["act"])).toEqual(["", "AUDITOR_READ"]);
    expect(new Set((await counts(["country"])).rows.map(({ of }) => of["country"]))).toEqual(new Set(["", "gh", "ng"]));
  }); // prettier-ignore

  it("over days, with all positions or the first hundred runs and a digest of all", async () => {
    const part = await counts(["type"], { from: "2026-03-20", until: "2026-04-10" });
    expect(sum(part)).toBeLessThan(all);
    expect(recounted(part)).toEqual([]);
    const few = (await counts(["type"])).rows.find(({ of }) => of["type"] === "incident")!;
    expect([few.positions!.runs.length, few.positions!.left > 0]).toEqual([100, true]);
    const whole = await counts(["type"], { isAll: true });
    const { positions } = whole.rows.find(({ of }) => of["type"] === "incident")!;
    expect([positions!.left, positions!.digest]).toEqual([0, few.positions!.digest]);
    expect(recounted(whole)).toEqual([]);
  });

  it("what is new is counted later, in the cells that there are", async () => {
    shown.leaves.push(...drawLeaves(1_000).slice(900));
    await pass(70);
    expect(sum(await counts([]))).toBe(all + 100);
    expect(recounted(await counts(["day", "type"]))).toEqual([]);
  });
});

describe("who counts again", () => {
  const by = ["month", "rec", "crime", "country"] as const;
  const forge = async (change: (rows: CountTable["rows"][number][]) => void, smallest = 0): Promise<readonly string[]> => {
    const table = await counts(by, { smallest });
    const rows = structuredClone([...table.rows]);
    change(rows);
    return recounted({ ...table, rows });
  }; // prettier-ignore

  it("finds a figure that is too great, left out, of other entries, or of nothing", async () => {
    expect(await forge((rows) => (rows[1] = { ...rows[1]!, count: rows[1]!.count! + 1, positions: { ...rows[1]!.positions!, left: 1 } }))).toEqual(["COUNT"]);
    expect(await forge((rows) => rows.pop())).toEqual(["LEFT_OUT"]);
    expect(await forge((rows) => (rows[0] = { ...rows[0]!, positions: { ...rows[1]!.positions!, left: 1 } }))).toEqual(["POSITIONS"]);
    expect(await forge((rows) => (rows[1] = { ...rows[1]!, positions: { ...rows[1]!.positions!, digest: "0".repeat(64) } }))).toEqual(["POSITIONS"]);
    expect(await forge((rows) => rows.push({ ...rows[1]!, of: { month: "2026-03", rec: "eac", crime: "drugs", country: "ke" } }))).toEqual(["EXTRA"]);
  }); // prettier-ignore

  it("finds a small figure that was told, and one that was withheld without need", async () => {
    const plain = (await counts(by)).rows;
    const least = plain.findIndex(({ count }) => count === Math.min(...plain.map((row) => row.count!)));
    const smallest = plain[least]!.count! + 1;
    const table = await counts(by, { smallest });
    expect(table.rows.filter(({ count }) => count === undefined).length).toBeGreaterThan(1);
    expect(recounted(table)).toEqual([]);
    expect(await forge((rows) => (rows[least] = plain[least]!), smallest)).toEqual(["SHOWN"]);
    expect(await forge((rows) => (rows[0] = { of: rows[0]!.of }))).toEqual(["HIDDEN"]);
  });

  it("takes figures of no other history, of no other log, beyond their checkpoint or beyond the log at hand", async () => {
    const table = await counts(["kind"]);
    const codeOf = (act: () => unknown): string => {
      try {
        act();
        return "";
      } catch (error) {
        return isFault(error) ? error.code : String(error);
      }
    };
    const changed = logOf(shown.leaves.with(3, shown.leaves[4]!));
    expect(codeOf(() => recount(table, changed))).toBe("LOG_INCONSISTENT");
    expect(codeOf(() => recount(table, { ...changed, root: logOf(shown.leaves).root }))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => recount(table, { ...logOf(shown.leaves), leaves: shown.leaves.slice(1) }))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => recount(table, { ...changed, origin: "atumpan/sadc/hub" }))).toBe("OVERSIGHT_FILE_INVALID");
    expect(codeOf(() => recount({ ...table, size: table.size + 1 }, changed))).toBe("OVERSIGHT_FILE_INVALID");
    expect(codeOf(() => recount(table, logOf(shown.leaves.slice(0, 100))))).toBe("LOG_ENTRY_MISSING");
  }); // prettier-ignore

  it.each<[string, (table: Record<string, unknown>) => unknown]>([
    ["is no JSON", () => "{"],
    ["has a field more", (table) => ({ ...table, also: 1 })],
    ["says a figure twice", (table) => ({ ...table, rows: [...(table["rows"] as []), ...(table["rows"] as [])] })],
    ["has a figure of something else", (table) => ({ ...table, rows: [{ of: { rec: "ecowas" } }] })],
    ["has positions that do not rise", (table) => ({ ...table, rows: [{ of: { kind: "ACT" }, count: 2, positions: { runs: [[4, 4], [2, 2]], left: 0, digest: "0".repeat(64) } }] })],
    ["has positions beyond its size", (table) => ({ ...table, rows: [{ of: { kind: "ACT" }, count: 1, positions: { runs: [[99_999, 99_999]], left: 0, digest: "0".repeat(64) } }] })],
    ["has a figure greater than its positions are many", (table) => ({ ...table, rows: [{ of: { kind: "ACT" }, count: 2, positions: { runs: [[1, 1]], left: 0, digest: "0".repeat(64) } }] })],
    ["has a figure without positions", (table) => ({ ...table, rows: [{ of: { kind: "ACT" }, count: 2 }] })],
  ])("reads no file that %s", async (...row) => {
    const changed = row[1](renderCountTable(await counts(["kind"])));
    const text = typeof changed === "string" ? changed : JSON.stringify(changed);
    expect(() => parseCountTable(utf8(text))).toThrow(expect.objectContaining({ code: "OVERSIGHT_FILE_INVALID" }));
  });
}); // prettier-ignore

describe("a hub that shows other entries than it signed", () => {
  it("is told, what was counted stays, and it is counted anew once a person goes on with that log", async () => {
    const size = shown.leaves.length;
    shown.leaves.push(...drawLeaves(40));
    lie = (leaves) => leaves.toReversed();
    await pass(70);
    expect(store.logAlarms.open().map(({ code }) => code)).toEqual(["LOG_INCONSISTENT"]);
    expect([store.oversight.of(hub)?.size, store.oversight.of(hub)?.isHalted]).toEqual([size, true]);
    lie = (leaves) => leaves;
    await pass(70);
    expect(sum(await counts([]))).toBe(size);
    await store.write(() => store.logAlarms.end({ code: "LOG_INCONSISTENT", hub }, clock.now(), "p1"));
    await pass(70);
    expect([sum(await counts([])), store.oversight.of(hub)?.isHalted]).toEqual([size + 40, false]);
    expect(recounted(await counts(["day", "type"]))).toEqual([]);
  }); // prettier-ignore
});
