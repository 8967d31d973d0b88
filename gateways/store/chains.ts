import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNumbers, renderNumbers } from "./names.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";
import { advanceChain, isContradiction, type LinkedSlip, type SlipChain } from "./slip-chain.ts";

/** A sender's channel in one series, and what we hold of it. */
export interface StoredChain extends SlipChain {
  readonly seq: number;
  readonly originator: string;
  readonly channel: string;
  readonly series: number;
  /** Whether two of its slips contradict each other. */
  readonly broken: boolean;
}

/** A proven slip that is held. */
export interface HeldSlip {
  readonly originator: string;
  readonly channel: string;
  readonly series: number;
  readonly sequence: number;
  readonly digest: Bytes;
  readonly previous?: Bytes | undefined;
  readonly voided: readonly number[];
}

/** What we hold of others' channels. What changes it is called inside `write` only. */
export interface Chains {
  /** Adds a slip; says what the chain is now, and whether this slip contradicts one held before. */
  advance(slip: HeldSlip, now: EpochMs): { readonly chain: StoredChain; readonly breaks: boolean };
  get(seq: number): StoredChain | undefined;
  /** Chains that moved since `since`, by place. */
  changedSince(since: EpochMs): readonly StoredChain[];
  countBroken(): number;
}

function chainOf(row: Row): StoredChain {
  return {
    seq: numberOf(row, "seq"),
    originator: textOf(row, "originator"),
    channel: textOf(row, "channel"),
    series: numberOf(row, "series"),
    first: numberOf(row, "first"),
    highest: numberOf(row, "highest"),
    digest: bytesOf(row, "digest"),
    missing: parseNumbers(textOf(row, "missing")),
    voided: parseNumbers(textOf(row, "voided")),
    broken: numberOf(row, "broken") !== 0,
  };
}

function linkedOf(row: Row): LinkedSlip {
  return {
    sequence: numberOf(row, "sequence"),
    digest: bytesOf(row, "digest"),
    previous: maybeOf(row, "previous", bytesOf),
  };
}

function read(row: Row | undefined): StoredChain | undefined {
  return row === undefined ? undefined : chainOf(row);
}

/** Builds the part of the store that holds slip chains. */
export function makeChains(database: Database): Chains {
  const find = database.prepare(
    "SELECT * FROM chain WHERE originator = ? AND channel = ? AND series = ?",
  );
  const get = database.prepare("SELECT * FROM chain WHERE seq = ?");
  const add = database.prepare(
    `INSERT INTO chain (originator, channel, series, first, highest, digest, missing, voided, broken,
     changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
  );
  const update = database.prepare(
    `UPDATE chain SET first = ?, highest = ?, digest = ?, missing = ?, voided = ?, broken = ?,
     changed_at = ? WHERE seq = ?`,
  );
  const neighbours = database.prepare(
    "SELECT * FROM slip WHERE chain = ? AND sequence BETWEEN ? AND ?",
  );
  const addSlip = database.prepare(
    "INSERT OR IGNORE INTO slip (chain, sequence, digest, previous) VALUES (?, ?, ?, ?)",
  );
  const changedSince = database.prepare("SELECT * FROM chain WHERE changed_at >= ? ORDER BY seq");
  const countBroken = database.prepare("SELECT count(*) AS n FROM chain WHERE broken <> 0");
  const start = (slip: HeldSlip, now: EpochMs): StoredChain => {
    const { originator, channel, series } = slip;
    const chain = advanceChain(undefined, slip);
    const { first, highest, digest, missing, voided } = chain;
    const { seq } = add.run(originator, channel, series, first, highest, digest,
      renderNumbers(missing), renderNumbers(voided), now); // prettier-ignore
    return { ...chain, seq, originator, channel, series, broken: false };
  };
  const move = (held: StoredChain, slip: HeldSlip, now: EpochMs): StoredChain => {
    const near = neighbours.all(held.seq, slip.sequence - 1, slip.sequence + 1).map(linkedOf);
    const breaks = near.some((other) => isContradiction(other, slip));
    const chain = { ...held, ...advanceChain(held, slip), broken: held.broken || breaks };
    update.run(chain.first, chain.highest, chain.digest, renderNumbers(chain.missing),
      renderNumbers(chain.voided), chain.broken ? 1 : 0, now, held.seq); // prettier-ignore
    return chain;
  };
  return {
    advance: (slip, now) => {
      const { originator, channel, series, sequence, digest, previous } = slip;
      const held = read(find.get(originator, channel, series));
      const chain = held === undefined ? start(slip, now) : move(held, slip, now);
      addSlip.run(chain.seq, sequence, digest, previous ?? null);
      return { chain, breaks: chain.broken && held?.broken === false };
    },
    get: (seq) => read(get.get(seq)),
    changedSince: (since) => changedSince.all(since).map(chainOf),
    countBroken: () => numberOf(countBroken.get() ?? {}, "n"),
  };
}
