import { limits } from "../../schemas/index.ts";
import { type Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { isSystemMessage, type LogProof, type Unproved } from "../store/index.ts";
import { type ProvedMessage, proveMessage, type ProveParts } from "./prove.ts";

/** What came of one question. */
interface Outcome {
  readonly message: LogProof;
  readonly proved?: ProvedMessage | undefined;
  readonly fault?: Fault | undefined;
}

/** How long the hub has been asked for each; forgotten when the link breaks. */
export interface Waits {
  /** Since it was last asked for, over this link; 0 at first. */
  since(seq: number): number;
  /** What one waits at most between two questions. */
  forget(): void;
}

/** Between two questions more may pass than the hub is to answer for: this machine slept, or the line was thin. */
const maxStepMs = 15_000;
const missingAgainMs = 300_000;
const maxWaits = 10_000;

/** Builds the memory of when what was asked for. */
export function makeWaits(elapsed: () => number): Waits {
  const asked = new Map<number, number>();
  return {
    since: (seq) => {
      const before = asked.get(seq);
      if (asked.size > maxWaits) asked.clear();
      asked.set(seq, elapsed());
      return before === undefined ? 0 : Math.min(elapsed() - before, maxStepMs);
    },
    forget: () => asked.clear(),
  };
}

/** What a hub that answers and does not prove has shown is no honest delay. */
const wrongCodes: readonly string[] = ["LOG_PROOF_INVALID", "LOG_INCONSISTENT"];

function againAfter(waitedMs: number): number {
  if (waitedMs >= limits.maxMergeDelayMs) return missingAgainMs;
  return waitedMs < 5_000 ? 1_000 : 5_000;
}

function unprovedOf({ message }: Outcome, code: string, { waits, now }: { readonly waits: Waits; readonly now: number }): Unproved {
  const isWrong = wrongCodes.includes(code);
  const waited = message.waitedMs + waits.since(message.seq);
  const waitedMs = isWrong ? Math.max(waited, limits.maxMergeDelayMs) : waited;
  const state = message.state === "MISSING" || waitedMs >= limits.maxMergeDelayMs ? "MISSING" : "PENDING";
  return { state, code, waitedMs, dueAt: now + againAfter(waitedMs) };
} // prettier-ignore

/** Asks one after the other, and no further once the hub does not answer. */
async function askAll(parts: ProveParts, lot: readonly LogProof[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const message of lot) {
    try {
      outcomes.push({ message, proved: await proveMessage(parts, message) });
    } catch (error) {
      if (!isFault(error)) throw error;
      outcomes.push({ message, fault: toFault(error, "INTERNAL") });
      if (error.code === "HUB_UNREACHABLE") break;
    }
  }
  return outcomes;
}

/** Tells of a message that it is not proved, or is after all; of what gateways tell each other nothing. */
function tellOf({ store }: ProveParts, { box, originator, id, digest }: LogProof): readonly number[] {
  const known = store.messages.known(box, originator, id);
  const message = known === undefined ? undefined : store.messages.summary(known.seq);
  if (known === undefined || message === undefined || isSystemMessage(message)) return [];
  if (!Buffer.from(known.digest).equals(digest)) return [];
  const { handling, state } = message;
  store.changes.add({ kind: "UNPROVED", message: known.seq, id, box, handling, state });
  return [known.seq];
} // prettier-ignore

function keepProved(parts: ProveParts, { message, proved }: Outcome): readonly number[] {
  const { store } = parts;
  if (proved === undefined) return [];
  store.logProofs.prove(message.seq, proved.instance, proved.entry);
  store.logHeads.keepNote(proved.note);
  return [];
}

/** Inside a write; gives the messages that are not proved since now. */
function keepOne(parts: ProveParts, outcome: Outcome, at: { readonly waits: Waits; readonly now: number }): readonly number[] {
  const { message, fault } = outcome;
  if (fault === undefined) return keepProved(parts, outcome);
  const unproved = unprovedOf(outcome, fault.code, at);
  parts.store.logProofs.putOff(message.seq, unproved);
  const isNews = unproved.state === "MISSING" && message.state !== "MISSING";
  return isNews ? tellOf(parts, message) : [];
} // prettier-ignore

/**
 * Asks for the proofs of some messages, keeps what was proved, and puts off what was not. A message that the hub had its
 * time for, or that it gave a wrong proof of, raises the alarm; the alarm ends when all is proved. Gives what is to be told.
 */
export async function proveLot(parts: ProveParts, lot: readonly LogProof[], waits: Waits): Promise<readonly number[]> {
  const { store, clock, bell, hub } = parts;
  const outcomes = await askAll(parts, lot);
  const moved = await store.write(() =>
    outcomes.flatMap((one) => keepOne(parts, one, { waits, now: clock.now() })),
  );
  const code = "LOG_PROOF_MISSING";
  if (store.logProofs.count("MISSING") === 0) await bell.pass({ code, hub });
  else {
    const head = store.logHeads.of(hub);
    await bell.raise({ code, hub, origin: head?.origin ?? "", agency: "", ours: head?.note });
  }
  return moved;
} // prettier-ignore
