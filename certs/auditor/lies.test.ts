import { describe, expect, it } from "vitest";

import { type Bytes, isFault } from "../../schemas/ground/index.ts";
import {
  leafHash,
  makeFrontier,
  nodeHash,
  proveConsistency,
  proveInclusion,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from "../log/index.ts";
import type { Position } from "../log/index.ts";
import {
  madeLeaf,
  madeLeaves,
  type MadeLog,
  madeLogSigner,
  madeLogStart,
  makeLog,
  makeMemoryMirror,
} from "../../test/kit/made-log.ts";
import { followLog } from "./index.ts";

/** What stands when the hub begins to lie, and what it told the sender of the message that is entry 500. */
const honest = madeLeaves(600);
const seen = 550;
const mine = honest[500]!;
const keys = [madeLogSigner.verifierKey];
const minute = 60_000;

/** One way to lie: what the log then is, and what else is untrue. */
interface Lie {
  readonly leaves: readonly Bytes[];
  /** What is shown in place of the log that was made. */
  readonly show?: (log: MadeLog) => MadeLog;
  /** The index in the sender's receipt. */
  readonly told?: number;
  readonly prove?: (proof: readonly Bytes[]) => readonly Bytes[];
}

function hashesOf(leaves: readonly Bytes[]): (positions: readonly Position[]) => readonly Bytes[] {
  const hash = ({ level, index }: Position): Bytes =>
    level === 0
      ? leafHash(leaves[index]!)
      : nodeHash(hash({ level: level - 1, index: index * 2 }), hash({ level: level - 1, index: index * 2 + 1 }));
  return (positions) => positions.map(hash);
} // prettier-ignore

function codeOf(act: () => void): string {
  try {
    act();
    return "-";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** A new auditor, and one who has followed since before; the second looks again a quarter of an hour later. */
async function audit(log: MadeLog): Promise<readonly string[]> {
  const mirror = makeMemoryMirror();
  const at = madeLogStart + seen * 1000;
  const look = async (into: typeof mirror, now: number): Promise<string> => {
    const { findings } = await followLog({ source: log, mirror: into, keys, now });
    const [first] = findings.filter(({ kind }) => kind !== "LATE");
    return first === undefined ? "-" : first.index === undefined ? first.kind : `${first.kind} ${first.index}`;
  };
  await followLog({ source: makeLog(honest.slice(0, seen)), mirror, keys, now: at });
  return [await look(makeMemoryMirror(), at + minute), await look(mirror, at + minute), await look(mirror, at + 15 * minute)];
} // prettier-ignore

/** The sender, who knows his leaf, holds the receipt's index against a proof. */
async function checkSent(
  { leaves, told = 500, prove = (proof) => proof }: Lie,
  log: MadeLog,
): Promise<string> {
  const note = await log.checkpoint();
  return codeOf(() => {
    const { checkpoint } = verifyCheckpoint(note, ...keys);
    const { size, root } = checkpoint;
    const proof = prove(proveInclusion(Math.min(told, size - 1), size, hashesOf(leaves)));
    verifyInclusion({ index: told, size, leafHash: leafHash(mine), proof, root });
  });
}

/** Whoever keeps the size he saw last, and asks how the log goes on from it: gateways and witnesses. */
async function checkGrowth({ leaves }: Lie, log: MadeLog): Promise<string> {
  const note = await log.checkpoint();
  const frontier = makeFrontier();
  for (const leaf of honest.slice(0, seen)) frontier.append(leafHash(leaf));
  return codeOf(() => {
    const { size, root } = verifyCheckpoint(note, ...keys).checkpoint;
    const [oldSize, oldRoot, newSize, newRoot] = [seen, frontier.root(), size, root];
    verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof: proveConsistency(seen, size, hashesOf(leaves)) });
  });
} // prettier-ignore

const none: readonly string[] = ["-", "-", "-"];
const without = (log: MadeLog, path: string): MadeLog => {
  log.files.delete(path);
  return log;
};
const shown = (leaves: readonly Bytes[]) => (log: MadeLog): MadeLog => ({ ...log, checkpoint: makeLog(leaves).checkpoint }); // prettier-ignore
const other = madeLeaf(501, { origin: "gh/tcu" });

/** Each lie, and by whom it is found: auditors (new, following, following later), the sender, who keeps the last size. */
const lies: readonly (readonly [string, Lie, readonly string[], string, string])[] = [
  ["none: an honest hub", { leaves: honest }, none, "-", "-"],
  ["1 hides a message it gave a receipt for", { leaves: honest.with(500, madeLeaf(501, { commitment: new Uint8Array(32) })) }, ["-", "SPLIT 500", "SPLIT 500"], "LOG_PROOF_INVALID", "LOG_PROOF_INVALID"],
  ["2 drops an entry", { leaves: honest.toSpliced(500, 1) }, ["GAP 500", "SPLIT 500", "SPLIT 500"], "LOG_PROOF_INVALID", "LOG_PROOF_INVALID"],
  ["3 changes the order", { leaves: honest.with(500, honest[501]!).with(501, mine) }, ["GAP 500", "SPLIT 500", "SPLIT 500"], "LOG_PROOF_INVALID", "LOG_PROOF_INVALID"],
  ["4 dates back what is new", { leaves: honest.with(580, madeLeaf(581, { time: madeLogStart })) }, ["BACKDATED 580", "BACKDATED 580", "-"], "-", "-"],
  ["5 splits: one log for us, another for the others", { leaves: honest.with(20, madeLeaf(21, { origin: "gh/tcu" })) }, ["-", "SPLIT 20", "SPLIT 20"], "-", "LOG_PROOF_INVALID"],
  ["6 rolls back", { leaves: honest.slice(0, 540) }, ["-", "BEHIND", "ROLLED_BACK"], "-", "LOG_PROOF_INVALID"],
  ["7 signs anew what was changed", { leaves: honest.with(500, other) }, ["-", "SPLIT 500", "SPLIT 500"], "LOG_PROOF_INVALID", "LOG_PROOF_INVALID"],
  ["8 enters a message twice", { leaves: honest.toSpliced(580, 0, honest[579]!) }, ["REPEATED 580", "REPEATED 580", "-"], "-", "-"],
  ["9 shows an entry otherwise than it was signed", { leaves: honest.with(500, other), show: shown(honest) }, ["ROOT 0", "-", "-"], "-", "LOG_PROOF_INVALID"],
  ["10 forges the index in a receipt", { leaves: honest, told: 499 }, none, "LOG_PROOF_INVALID", "-"],
  ["11 withholds entries from one reader", { leaves: honest, show: (log) => without(log, "tile/entries/002.p/88") }, ["MISSING 512", "MISSING 512", "MISSING 512"], "-", "-"],
  ["12 gives a wrong proof", { leaves: honest, prove: (proof) => proof.toReversed() }, none, "LOG_PROOF_INVALID", "-"],
]; // prettier-ignore

describe("a hub that lies is found, and this says by whom", () => {
  it.each(lies)("%s", async (...[, lie, ...found]) => {
    const made = makeLog(lie.leaves);
    const log = lie.show?.(made) ?? made;
    const seenBy = [await audit(log), await checkSent(lie, log), await checkGrowth(lie, log)];
    expect(seenBy).toEqual(found);
  });

  it("each of the twelve is found by somebody", () => {
    const unfound = lies.slice(1).filter(([, , auditors, ...others]) => [...auditors, ...others].every((one) => one === "-")); // prettier-ignore
    expect([lies.length, unfound]).toEqual([13, []]);
  });
});
