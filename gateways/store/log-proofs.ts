import { type Bytes, concatBytes, type EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** Where the hub says that it holds a message, and what its leaf in the hub's log has to bind. */
export interface PlacedMessage {
  readonly box: "in" | "out";
  readonly originator: string;
  readonly id: Bytes;
  /** SHA-256 of the envelope. */
  readonly digest: Bytes;
  readonly channel: string;
  /** Outlives the content: with it the leaf is told to be of this message. */
  readonly salt: Bytes;
  readonly stream: string;
  /** The hub that says so; empty where there is but one. */
  readonly hub?: string | undefined;
  /** Empty where it is not known yet. */
  readonly instance: string;
  readonly sequence: number;
  /** Of ours: the index of its leaf, as the hub's receipt has it. */
  readonly claimed?: number | undefined;
  /** The leaf is dated between these. */
  readonly after: EpochMs;
  readonly before: EpochMs;
}

/** What was proved of a message: enough to prove it to others without the hub. */
export interface ProvedEntry {
  readonly origin: string;
  readonly index: number;
  readonly leaf: Bytes;
  readonly leafTime: EpochMs;
  /** The log's size and root that the hashes lead to; the signed note of them is kept (`LogHeads.note`). */
  readonly size: number;
  readonly root: Bytes;
  readonly hashes: readonly Bytes[];
  readonly at: EpochMs;
  /** When the last of the witnesses under that note saw it; only where as many stand there as the register asked for. */
  readonly cosignedAt?: EpochMs | undefined;
}

/** The tree that a proved message is proved in instead: one that enough witnesses cosigned. */
export type CosignedTree = Pick<ProvedEntry, "size" | "root" | "hashes"> & {
  readonly cosignedAt: EpochMs;
};

/** Which of the proved to look for: from which place in the log on, and before which. */
export interface UnwitnessedAsked {
  readonly origin: string;
  readonly from: number;
  readonly below: number;
  readonly limit: number;
}

/** A message and its proof. PENDING: asked for. MISSING: the hub had its time and did not prove it; it is asked on. */
export interface LogProof extends PlacedMessage {
  readonly seq: number;
  readonly state: "PENDING" | "PROVED" | "MISSING";
  /** Why it is not proved. */
  readonly code?: string | undefined;
  /** How long the hub was asked for it while it could answer. */
  readonly waitedMs: number;
  readonly proved?: ProvedEntry | undefined;
}

/** What came of asking in vain. */
export interface Unproved {
  readonly state: "PENDING" | "MISSING";
  readonly code: string;
  readonly waitedMs: number;
  /** When it is asked for again. */
  readonly dueAt: EpochMs;
}

/** Proofs that messages stand in the hub's log; nothing is taken out, whatever is erased. What changes them is called inside `write` only. */
export interface LogProofs {
  /** Asks for a proof. What is proved already, or waits at this place, stays as it is. */
  place(message: PlacedMessage, now: EpochMs): void;
  /** Not proved, and to be asked for now, of one hub or of all; the one that was due first comes first. */
  due(now: EpochMs, limit: number, hub?: string): readonly LogProof[];
  prove(seq: number, instance: string, entry: ProvedEntry): void;
  putOff(seq: number, unproved: Unproved): void;
  /** Leads the proof of what is proved to another tree of the same log. */
  putUnder(seq: number, tree: CosignedTree): void;
  /** Proved, and no quorum of witnesses stands under its note; in the order of the log. */
  unwitnessed(asked: UnwitnessedAsked): readonly LogProof[];
  /** All that is not proved is asked for at once. */
  askAgain(now: EpochMs): void;
  /** Of one message, in each channel. */
  of(box: "in" | "out", digest: Bytes): readonly LogProof[];
  /** At one hub, or at all. */
  count(state: LogProof["state"], hub?: string): number;
}

const hashBytes = 32;
const states = ["PENDING", "PROVED", "MISSING"] as const;

/** The hashes that one column holds, one after the other. */
export function cutHashes(bytes: Bytes): readonly Bytes[] {
  const count = Math.floor(bytes.length / hashBytes);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes));
} // prettier-ignore

function provedOf(row: Row): ProvedEntry | undefined {
  if (row["state"] !== "PROVED") return undefined;
  return {
    origin: textOf(row, "origin"),
    index: numberOf(row, "leaf_index"),
    leaf: bytesOf(row, "leaf"),
    leafTime: numberOf(row, "leaf_time"),
    size: numberOf(row, "size"),
    root: bytesOf(row, "root"),
    hashes: cutHashes(bytesOf(row, "hashes")),
    at: numberOf(row, "proved_at"),
    cosignedAt: maybeOf(row, "cosigned_at", numberOf),
  };
}

function proofOf(row: Row): LogProof {
  const state = textOf(row, "state");
  return {
    seq: numberOf(row, "seq"),
    box: textOf(row, "box") === "in" ? "in" : "out",
    originator: textOf(row, "originator"),
    id: bytesOf(row, "id"),
    digest: bytesOf(row, "digest"),
    channel: textOf(row, "channel"),
    salt: bytesOf(row, "salt"),
    stream: textOf(row, "stream"),
    instance: textOf(row, "instance"),
    sequence: numberOf(row, "sequence"),
    hub: textOf(row, "hub"),
    claimed: maybeOf(row, "claimed", numberOf),
    after: numberOf(row, "after"),
    before: numberOf(row, "before"),
    state: states.find((one) => one === state) ?? "PENDING",
    code: maybeOf(row, "code", textOf),
    waitedMs: numberOf(row, "waited"),
    proved: provedOf(row),
  };
}

function makeChanging(database: Database): Pick<LogProofs, "place" | "prove" | "putOff" | "putUnder" | "askAgain"> {
  // taken anew at another place, it is proved there; what is proved stays proved
  const place = database.prepare(
    `INSERT INTO log_proof (box, originator, id, digest, channel, salt, stream, instance, sequence, claimed, after, before, hub, state, waited, due_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING', 0, ?)
     ON CONFLICT (digest, channel, box) DO UPDATE SET stream = excluded.stream, instance = excluded.instance,
       sequence = excluded.sequence, claimed = excluded.claimed, before = excluded.before, hub = excluded.hub, due_at = excluded.due_at
     WHERE state <> 'PROVED' AND (stream <> excluded.stream OR instance <> excluded.instance OR sequence <> excluded.sequence)`,
  );
  const prove = database.prepare(
    `UPDATE log_proof SET state = 'PROVED', code = NULL, instance = ?, origin = ?, leaf_index = ?, leaf = ?, leaf_time = ?,
     size = ?, root = ?, hashes = ?, proved_at = ? WHERE seq = ? AND state <> 'PROVED'`,
  );
  const putOff = database.prepare(
    "UPDATE log_proof SET state = ?, code = ?, waited = ?, due_at = ? WHERE seq = ? AND state <> 'PROVED'",
  );
  const putUnder = database.prepare(
    "UPDATE log_proof SET size = ?, root = ?, hashes = ?, cosigned_at = ? WHERE seq = ? AND state = 'PROVED'",
  );
  const askAgain = database.prepare("UPDATE log_proof SET due_at = ? WHERE state <> 'PROVED'");
  return {
    place: (one, now) => {
      const { box, originator, id, digest, channel, salt, stream, instance, sequence, claimed = null, after, before, hub = "" } = one;
      place.run(box, originator, id, digest, channel, salt, stream, instance, sequence, claimed, after, before, hub, now);
    },
    prove: (seq, instance, { origin, index, leaf, leafTime, size, root, hashes, at }) =>
      void prove.run(instance, origin, index, leaf, leafTime, size, root, concatBytes(...hashes), at, seq),
    putOff: (seq, { state, code, waitedMs, dueAt }) => void putOff.run(state, code, Math.round(waitedMs), dueAt, seq),
    putUnder: (seq, { size, root, hashes, cosignedAt }) =>
      void putUnder.run(size, root, concatBytes(...hashes), cosignedAt, seq),
    askAgain: (now) => void askAgain.run(now),
  };
} // prettier-ignore

/** Builds the part of the store that holds proofs of messages in the hub's log. */
export function makeLogProofs(database: Database): LogProofs {
  const due = database.prepare(
    "SELECT * FROM log_proof WHERE state <> 'PROVED' AND due_at <= ? ORDER BY due_at, seq LIMIT ?",
  );
  const dueAt = database.prepare(
    "SELECT * FROM log_proof WHERE state <> 'PROVED' AND hub = ? AND due_at <= ? ORDER BY due_at, seq LIMIT ?",
  );
  const unwitnessed = database.prepare(
    `SELECT * FROM log_proof WHERE state = 'PROVED' AND cosigned_at IS NULL AND origin = ? AND leaf_index >= ? AND leaf_index < ?
     ORDER BY leaf_index LIMIT ?`,
  );
  const of = database.prepare("SELECT * FROM log_proof WHERE digest = ? AND box = ? ORDER BY seq");
  const open = database.prepare("SELECT count(*) AS n FROM log_proof WHERE state <> 'PROVED' AND state = ? AND hub = coalesce(?, hub)"); // prettier-ignore
  const all = database.prepare("SELECT count(*) AS n FROM log_proof WHERE state = ? AND hub = coalesce(?, hub)"); // prettier-ignore
  return {
    ...makeChanging(database),
    due: (now, limit, hub) =>
      (hub === undefined ? due.all(now, limit) : dueAt.all(hub, now, limit)).map(proofOf),
    unwitnessed: ({ origin, from, below, limit }) =>
      unwitnessed.all(origin, from, below, limit).map(proofOf),
    of: (box, digest) => of.all(digest, box).map(proofOf),
    // what is open is few, and found by its index
    count: (state, hub) =>
      numberOf((state === "PROVED" ? all : open).get(state, hub ?? null) ?? { n: 0 }, "n"),
  };
}
