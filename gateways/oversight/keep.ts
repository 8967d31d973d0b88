import {
  type Bytes,
  type Clock,
  concatBytes,
  type EpochMs,
  isFault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import type { VerifierKey } from "../../certs/log/index.ts";
import { addRun, cellOf, type LeafCell, type Run } from "../../certs/oversight/index.ts";
import { type AskHub, findOrigin, readLeaves } from "../monitor/index.ts";
import type { AlarmBell } from "../proofs/index.ts";
import type { CountedLog, Store } from "../store/index.ts";
import { packRuns } from "./pack.ts";

/** What counts a hub's log for a seat of oversight. */
export interface CounterParts {
  readonly agency: string;
  readonly store: Pick<Store, "oversight" | "write">;
  readonly clock: Clock;
  readonly log: Log;
  readonly ask: AskHub;
  readonly bell: Pick<AlarmBell, "raise" | "isOpen">;
  readonly register: () => { logKeys(hub: string, at: number): readonly VerifierKey[] };
  /** The hub that this gateway is linked to. */
  readonly hub: () => string | undefined;
  /** False while the line is thin and there is anything else to carry. */
  readonly mayAsk: () => boolean;
  /** A checkpoint was shown: it is for others to follow. */
  readonly saw: (hub: string, note: Bytes) => void;
}

/** Reads a hub's log from its first entry on, and keeps counts of what was proved. */
export interface Counter {
  /** Call about once a second. */
  tick(isUp: boolean): void;
  /** Entries of the hub's log that are counted, and since when not all that it shows are; only once that is too long. */
  standing(): { readonly size: number; readonly behindSince?: EpochMs };
  /** Resolves when what is asked at this moment was answered and kept. */
  settled(): Promise<void>;
}

/** What is new is read so often; while much is left, a lot follows the other. */
const readEveryMs = 10_000;
/** Some twenty questions; what was counted is kept after each lot, and a new start goes on there. */
const lotLeaves = 1_024;
/** A seat that was away, or is behind a thin line, says so after this. */
const behindMs = 15 * 60_000;

/** What a lot adds to each cell; cells of few kinds, whatever the number of entries. */
function gather(leaves: readonly Bytes[], from: number): readonly { readonly cell: LeafCell; readonly runs: readonly Run[] }[] {
  const cells = new Map<string, { readonly cell: LeafCell; readonly runs: Run[] }>();
  leaves.forEach((leaf, at) => {
    const cell = cellOf(leaf);
    const key = JSON.stringify(Object.values(cell));
    const known = cells.get(key) ?? { cell, runs: [] };
    addRun(known.runs, [from + at, from + at]);
    cells.set(key, known);
  });
  return [...cells.values()];
} // prettier-ignore

async function keepLot({ store }: CounterParts, next: CountedLog, { from, leaves }: { readonly from: number; readonly leaves: readonly Bytes[] }): Promise<void> {
  const gathered = gather(leaves, from);
  await store.write(() => {
    store.oversight.put(next);
    for (const { cell, runs } of gathered) {
      const open = store.oversight.open(next.origin, cell);
      const packed = concatBytes(open.packed, packRuns(runs, open.until));
      const [, last = 0] = runs.at(-1) ?? [];
      store.oversight.close({ ...open, packed, until: last + 1 });
    }
  });
} // prettier-ignore

/** Where a log is gone on with; one that nothing was counted of yet begins with its first entry. */
function beginAt({ store, clock }: CounterParts, hub: string, origin: string): CountedLog {
  const known = store.oversight.log(origin);
  const now = clock.now();
  const begun = { hub, origin, size: 0, edge: [], note: new Uint8Array(), at: now, isHalted: false };
  return { ...(known ?? begun), since: now };
} // prettier-ignore

/** Counts one lot. @returns whether more is left */
async function countOnce(parts: CounterParts, hub: string, keys: readonly VerifierKey[]): Promise<boolean> {
  const { store, clock, ask, saw } = parts;
  const asked = { ask, hub, keys };
  const from = store.oversight.of(hub) ?? beginAt(parts, hub, await findOrigin(asked));
  const read = await readLeaves(asked, from, lotLeaves);
  if (read === undefined) return false;
  if (read === "another") {
    const begun = beginAt(parts, hub, await findOrigin(asked));
    await store.write(() => store.oversight.put(begun));
    return true;
  }
  const { next: { size, edge }, leaves, note } = read;
  const next = { ...from, size, edge, note, at: clock.now() };
  await keepLot(parts, next, { from: from.size, leaves });
  saw(hub, note);
  return leaves.length >= lotLeaves;
} // prettier-ignore

/** Entries that do not lead to the root are the hub's fault: what was counted stays as it is until a person goes on. */
async function tellFault(parts: CounterParts, error: unknown): Promise<void> {
  const { store, bell, log, agency } = parts;
  const { code } = toFault(error, "INTERNAL");
  log.warn("the log was not counted", { code });
  const hub = parts.hub() ?? "";
  const halted = store.oversight.of(hub);
  if (!isFault(error, "LOG_INCONSISTENT")) return;
  await bell.raise({ code, hub, origin: halted?.origin ?? "", agency });
  if (halted !== undefined)
    await store.write(() => store.oversight.put({ ...halted, isHalted: true }));
}

/** Starts to count the hub's log. */
export function startCounter(parts: CounterParts): Counter {
  const { store, clock, register, bell } = parts;
  let running: Promise<void> | undefined;
  let readAt = -readEveryMs;
  let isMore = false;
  /** When all that the hub showed was counted. */
  let whole = { at: clock.now(), elapsed: clock.elapsed() };

  const round = async (): Promise<void> => {
    const hub = parts.hub() ?? "";
    const keys = register().logKeys(hub, clock.now());
    const isDue = isMore || clock.elapsed() - readAt >= readEveryMs;
    if (keys.length === 0 || !isDue || !parts.mayAsk()) return;
    if (bell.isOpen({ code: "LOG_INCONSISTENT", hub })) return;
    readAt = clock.elapsed();
    isMore = false;
    const held = store.oversight.of(hub);
    // a person went on with the log as it is now: it is another history than the one that was counted
    if (held?.isHalted === true) await store.write(() => store.oversight.forget(held.origin));
    isMore = await countOnce(parts, hub, keys);
    if (!isMore) whole = { at: clock.now(), elapsed: clock.elapsed() };
  };

  return {
    tick: (isUp) => {
      if (!isUp) return;
      running ??= round()
        .catch((error: unknown) => tellFault(parts, error))
        .finally(() => {
          running = undefined;
        });
    },
    standing: () => {
      const hub = parts.hub() ?? "";
      const { size = 0 } = store.oversight.of(hub) ?? {};
      const isBehind =
        clock.elapsed() - whole.elapsed >= behindMs &&
        register().logKeys(hub, clock.now()).length > 0;
      return { size, ...(isBehind ? { behindSince: whole.at } : {}) };
    },
    settled: async () => await running,
  };
}
