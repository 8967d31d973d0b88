import { type Bytes, type Clock, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { type VerifierKey, verifyConsistency } from "../../certs/log/index.ts";
import type { LogHead, LogNote, Store } from "../store/index.ts";
import type { AlarmBell } from "./alarms.ts";
import { readLogNote } from "./note.ts";
import type { LogQuestions } from "./questions.ts";

/** What a log is followed with. */
export interface FollowParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly questions: LogQuestions;
  readonly bell: AlarmBell;
  readonly hub: string;
  readonly keys: readonly VerifierKey[];
}

/** Whether two notes of one log are of the same one, as far as that can be told without asking. */
function compare(ours: LogNote, theirs: LogNote): "SAME" | "FORKED" | "ASK" {
  if (ours.size !== theirs.size) return "ASK";
  return sameBytes(ours.root, theirs.root) ? "SAME" : "FORKED";
}

async function callFork({ bell, hub }: FollowParts, head: LogHead, { origin, note, agency }: LogNote & { readonly agency: string }): Promise<never> {
  await bell.raise({ code: "LOG_INCONSISTENT", hub, origin, agency, ours: head.note, theirs: note });
  throw new Fault("LOG_INCONSISTENT", "the log is not the one that was verified here");
} // prettier-ignore

/** Asks for the proof that the smaller of the two is the beginning of the other. */
async function proveGrowth({ questions }: FollowParts, a: LogNote, b: LogNote): Promise<void> {
  const [old, grown] = a.size < b.size ? [a, b] : [b, a];
  const proof = await questions.growth(old.size, grown.size);
  const [oldSize, oldRoot] = [old.size, old.root];
  verifyConsistency({ oldSize, oldRoot, newSize: grown.size, newRoot: grown.root, proof });
}

/**
 * Checks that a note is of the log that is followed: the same at the same size, else proved to be its beginning or its
 * going on. The larger is kept. A note that is not raises the alarm with both notes.
 *
 * @throws {Fault} LOG_INCONSISTENT; HUB_UNREACHABLE or the code of a refusal while the hub does not prove it
 */
export async function checkSameLog(
  parts: FollowParts,
  head: LogHead,
  theirs: LogNote & { readonly agency: string },
): Promise<void> {
  const { store, clock, bell, hub } = parts;
  const found = compare(head, theirs);
  if (found === "SAME") return;
  if (found === "FORKED") await callFork(parts, head, theirs);
  if (bell.isOpen({ code: "LOG_INCONSISTENT", hub })) {
    throw new Fault("LOG_INCONSISTENT", "until a person says how to go on, nothing new of it is believed");
  }
  try {
    await proveGrowth(parts, head, theirs);
  } catch (error) {
    if (!isFault(error, "LOG_PROOF_INVALID")) throw error;
    await callFork(parts, head, theirs);
  }
  const { origin, size, root, note } = theirs;
  if (size <= head.size) return;
  const grown = { ...head, origin, size, root, note, at: clock.now() };
  await store.write(() => store.logHeads.put(grown));
} // prettier-ignore

/** Another log of the same hub goes on in its place. */
async function beginAnew(parts: FollowParts, old: LogHead, next: LogNote): Promise<void> {
  const { store, clock, bell, hub } = parts;
  const now = clock.now();
  await store.write(() => {
    store.logHeads.end(old.origin, now);
    store.logHeads.put({ ...next, hub, since: now, at: now });
  });
  const { origin, note: theirs } = next;
  await bell.raise({ code: "LOG_RESTARTED", hub, origin, agency: "", ours: old.note, theirs });
}

/**
 * Verifies a checkpoint that the hub showed, and that the log it is of is the one that is followed: the first is believed,
 * each later one by proof. Gives what was verified.
 *
 * @throws {Fault} LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID; as `checkSameLog`
 */
export async function followNote(parts: FollowParts, bytes: Bytes): Promise<LogNote> {
  const { store, clock, hub, keys } = parts;
  const shown = readLogNote(bytes, keys);
  const head = store.logHeads.of(hub);
  if (head === undefined) {
    const now = clock.now();
    await store.write(() => store.logHeads.put({ ...shown, hub, since: now, at: now }));
  } else if (head.origin === shown.origin) {
    await checkSameLog(parts, head, { ...shown, agency: "" });
  } else if (store.logHeads.all().some(({ origin }) => origin === shown.origin)) {
    throw new Fault("LOG_CHECKPOINT_INVALID", "checkpoint: of a log that has ended");
  } else {
    await beginAnew(parts, head, shown);
  }
  return shown;
}
