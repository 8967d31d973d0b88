import { type LogLeaf, logStreams, parseLogLeaf } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  type FaultCode,
  isFault,
  sameBytes,
} from "../../schemas/ground/index.ts";
import { leafHash, nodeHash, verifyConsistency, verifyInclusion } from "../../certs/log/index.ts";
import type { LogAct, LogNote } from "../store/index.ts";
import { actAlarms, type ActHindrance, type ActWaits } from "./act-waits.ts";
import { followNote, type FollowParts } from "./follow.ts";
import type { EntryShown } from "./questions.ts";

/** What entering acts of one agency needs beside following the log. */
export interface ActParts extends FollowParts {
  readonly agency: string;
  readonly waits: ActWaits;
}

/** Acts of one round: the hub enters one in some milliseconds. */
const maxInOneRound = 8;
const soonMs = 1_000;
const laterMs = 60_000;
/** A hub of another edition, or one that is told too much: asked again, and nothing is lost by it. */
const muchLaterMs = 600_000;

type Placed = LogAct & { readonly number: number };

const said = ["kind", "stream", "instance", "sequence", "origin", "act", "rec", "crime", "handling", "family", "type"] as const; // prettier-ignore

function readLeaf(bytes: Bytes): LogLeaf {
  try {
    return parseLogLeaf(bytes);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault("LOG_PROOF_INVALID", "leaf: not well formed", { cause: error });
  }
}

/** @throws {Fault} LOG_PROOF_INVALID naming what differs */
function checkActLeaf(agency: string, { act, number, commitment }: Placed, bytes: Bytes): LogLeaf {
  const leaf = readLeaf(bytes);
  const { journal: stream } = logStreams;
  const expected: Partial<LogLeaf> = { kind: "ACT", stream, instance: agency, sequence: number, origin: agency, act };
  const other = said.find((name) => leaf[name] !== expected[name]);
  if (other !== undefined) throw new Fault("LOG_PROOF_INVALID", `leaf: ${other} is another than the act's`);
  if (leaf.commitment !== undefined && sameBytes(leaf.commitment, commitment)) return leaf;
  throw new Fault("LOG_PROOF_INVALID", "leaf: it binds another line");
} // prettier-ignore

/** The root of the log as a leaf was its last, proved to be the beginning of the log that was verified. */
async function proveOwnRoot({ questions }: ActParts, { index, leaf }: EntryShown, place: { readonly stream: string; readonly instance: string; readonly sequence: number; readonly note: LogNote }): Promise<Bytes> {
  const { note, ...at } = place;
  const size = index + 1;
  const { hashes } = await questions.entry({ ...at, size });
  // all that stands beside the path of the last leaf stands left of it
  const oldRoot = hashes.reduce((right, left) => nodeHash(left, right), leafHash(leaf));
  verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: hashes, root: oldRoot });
  const proof = size === note.size ? [] : await questions.growth(size, note.size);
  verifyConsistency({ oldSize: size, oldRoot, newSize: note.size, newRoot: note.root, proof });
  return oldRoot;
} // prettier-ignore

/** Checks that the act stands in the log, and keeps the proof. */
async function proveAct(parts: ActParts, act: Placed): Promise<void> {
  const { store, clock, questions, agency } = parts;
  const place = { stream: logStreams.journal, instance: agency, sequence: act.number };
  const shown = await questions.entry(place);
  const { checkpoint, index, leaf, hashes } = shown;
  const note = await followNote(parts, checkpoint);
  const { origin, size, root } = note;
  verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: hashes, root });
  const { time: leafTime } = checkActLeaf(agency, act, leaf);
  const ownRoot = act.act === "INSPECTION_OPENED" ? await proveOwnRoot(parts, shown, { ...place, note }) : undefined;
  await store.write(() => {
    store.logActs.prove(act, { origin, index, leaf, leafTime, size, root, hashes, at: clock.now() }, ownRoot);
    store.logHeads.keepNote(note);
  });
} // prettier-ignore

/** What came of asking for one act. */
type Entered = "PROVED" | "MOVED" | { readonly refused: FaultCode };

/** Has one act entered, or says why the hub does not. @throws {Fault} what keeps it from being proved now */
async function enterOne(parts: ActParts, waiting: LogAct): Promise<Entered> {
  const { store, questions } = parts;
  const act = { ...waiting, number: waiting.number ?? store.logActs.lastNumber() + 1 };
  const { last = 0, refused } = await questions.enterAct({ ...act, sequence: act.number });
  // a store that was put back counts from where it was: the log says where it stands
  const isElsewhere = refused === "LOG_ACT_OTHER" && last + 1 !== act.number;
  if (isElsewhere) {
    await store.write(() => store.logActs.setNumber(act.seq, last + 1));
    return "MOVED";
  }
  if (refused !== undefined) return { refused };
  if (last < act.number) throw new Fault("LOG_ENTRY_MISSING", "it is taken, and not entered yet");
  await proveAct(parts, act);
  return "PROVED";
}

/** Why the hub does not enter an act. */
interface Hindered {
  readonly why: ActHindrance;
  readonly code: FaultCode;
}

function againAfter({ why, code }: Hindered, isOverdue: boolean): number {
  const isSoon = why === "SILENT" && (code === "LOG_ENTRY_MISSING" || code === "LOG_ACT_OTHER");
  if (isSoon) return isOverdue ? laterMs : soonMs;
  return code === "HUB_UNREACHABLE" || code === "HUB_STREAM_WRITE_FAILED" ? laterMs : muchLaterMs;
}

/** That the log is another one has its own alarm, and what our disk does not take is no fault of the hub's. */
function hindranceOf(code: FaultCode): ActHindrance {
  if (code === "LOG_PROOF_INVALID") return "WRONG";
  return code === "LOG_INCONSISTENT" || code === "LOG_RESTARTED" || code.startsWith("STORE_") ? "OURS" : "SILENT";
} // prettier-ignore

/** People are told of a hub that does not enter what we did: that it says no, or that it merely does not do it. */
async function judge({ store, bell, hub, waits }: ActParts, { seq }: LogAct, { why, code }: Hindered): Promise<boolean> {
  const alarm = waits.note(seq, why, code);
  if (alarm === undefined) return false;
  const head = store.logHeads.of(hub);
  await bell.raise({ code: alarm, hub, origin: head?.origin ?? "", agency: "", ours: head?.note });
  return true;
} // prettier-ignore

async function putOff(parts: ActParts, act: LogAct, hindered: Hindered): Promise<void> {
  const { store, clock } = parts;
  const isOverdue = await judge(parts, act, hindered);
  const again = clock.now() + againAfter(hindered, isOverdue);
  await store.write(() => store.logActs.putOff(act.seq, hindered.code, again));
} // prettier-ignore

/** @returns whether the next may be asked for */
async function takeOne(parts: ActParts, act: LogAct): Promise<boolean> {
  const { bell, hub } = parts;
  const entered = await enterOne(parts, act);
  if (entered === "PROVED") {
    for (const code of actAlarms) await bell.pass({ code, hub });
    return true;
  }
  // a hub that sends us on and on refuses nothing, and enters nothing either
  const moved: Hindered = { why: "SILENT", code: "LOG_ACT_OTHER" };
  await putOff(parts, act, entered === "MOVED" ? moved : { why: "REFUSED", code: entered.refused });
  return false;
} // prettier-ignore

/**
 * Has acts of this agency that wait entered in the hub's log, each after the one before it, and proves that they stand there.
 * What cannot be entered now stays, with why, and is asked for again; nobody waits for it. A hub that does not enter it in
 * its time raises the alarm, and one that refuses it long enough another; both end with the next act that is entered.
 */
export async function enterActs(parts: ActParts): Promise<void> {
  const { store, clock } = parts;
  for (let i = 0; i < maxInOneRound; i += 1) {
    const waiting = store.logActs.due(clock.now());
    if (waiting === undefined) return;
    try {
      if (!(await takeOne(parts, waiting))) return;
    } catch (error) {
      if (!isFault(error)) throw error;
      const { code } = error;
      await putOff(parts, waiting, { why: hindranceOf(code), code });
      return;
    }
  }
} // prettier-ignore
