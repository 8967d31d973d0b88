import { type Bytes, Fault, isFault, sameBytes, toFault } from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import type { QuorumPolicy } from "../../certs/log/index.ts";
import type { LogNote, LogProof, PlacedMessage } from "../store/index.ts";
import { type ActWaits, makeActWaits } from "./act-waits.ts";
import { enterActs } from "./acts.ts";
import { type AlarmBell, type AlarmParts, makeAlarmBell } from "./alarms.ts";
import { checkSameLog, followNote, type FollowParts } from "./follow.ts";
import { type Gossip, makeGossip } from "./gossip.ts";
import { makeWaits, proveLot, type Waits } from "./lot.ts";
import { type LogRegister, readLogNote } from "./note.ts";
import type { ProveParts } from "./prove.ts";
import { type AskHub, type LogQuestions, makeLogQuestions } from "./questions.ts";
import { makeRaising, type Raising, raiseProof } from "./raise.ts";
import { makeWitnessed, type Witnessed, type WitnessStanding } from "./witnessed.ts";

/** What a gateway's proofs are made of. */
export interface ProofParts extends AlarmParts {
  /** The gateway's bell, where it has one for the logs of several hubs. */
  readonly bell?: AlarmBell | undefined;
  /** Whose acts are entered in the log; nobody's when left out. */
  readonly agency?: string | undefined;
  readonly register: () => LogRegister;
  /** The hub that this gateway is linked to. */
  readonly hub: () => string | undefined;
  readonly ask: AskHub;
  /** False while the line is thin and there is anything else to carry. */
  readonly mayAsk: () => boolean;
  /** The instance of a stream that we were given something from; empty while it is not known. */
  readonly instanceOf: (stream: string) => string;
  /** Whose word about the log counts; nobody's is asked for when left out. */
  readonly policy?: () => QuorumPolicy;
  /** Whether each byte of the line counts. */
  readonly isThin?: () => boolean;
}

/** What of the log the exchange takes part in. */
export interface Proofs {
  /** Inside a write: the hub says that it holds a message at a place. */
  place(message: PlacedMessage): void;
  /** A hub's receipt bore its newest checkpoint. */
  saw(hub: string, note: Bytes): void;
  /** An agency's receipt bore what its hub showed it. */
  heard(agency: string, note: Bytes): void;
  /** What an agency is told with a receipt that goes to it anyway. */
  noteFor(agency: string): Bytes | undefined;
  /** Call about once a second. */
  tick(isUp: boolean): void;
  /**
   * Leads the proof of a message to a checkpoint that enough witnesses cosigned, asking the hub where that takes a question.
   *
   * @throws {Fault} LOG_UNWITNESSED; LOG_ENTRY_MISSING, LOG_CHECKPOINT_INVALID, LOG_NOTE_INVALID, LOG_PROOF_INVALID,
   * LOG_INCONSISTENT, HUB_UNREACHABLE or the code of a refusal. Then the proof stays as it was
   */
  proveWitnessed(line: LogProof): Promise<void>;
  /** Resolves when what is asked at this moment was answered, and what was heard is kept. */
  settled(): Promise<void>;
  /** The hub's log is not the one that was verified: nothing about whom to trust is taken from it. */
  readonly isHalted: boolean;
  readonly bell: AlarmBell;
  /** Whether enough witnesses cosigned the log; undefined where the register asks for nobody's word. */
  readonly witnesses: WitnessStanding | undefined;
}

/** Questions of one round, which is a second's: about what a busy hub answers beside its work. */
const lotSize = 16;
/** A log that grew, when nothing else asks for it. */
const followEveryMs = 60_000;
/** Even on a thin line that never rests, proofs are asked for so often, and so few: some two in a hundred of what it carries. */
const maxRestMs = 60_000;
const restlessSize = 4;
const fork = "LOG_INCONSISTENT";

class RunningProofs implements Proofs {
  readonly bell: AlarmBell;
  readonly #parts: ProofParts;
  readonly #gossip: Gossip;
  readonly #questions: LogQuestions;
  readonly #waits: Waits;
  readonly #actWaits: ActWaits;
  readonly #witnessed: Witnessed;
  readonly #raising: Raising;
  #seen: LogNote | undefined;
  #older: LogNote | undefined;
  /** How long the hub was asked for the proof of it. */
  #olderMs = 0;
  #followedAt = 0;
  #askedAt = 0;
  #running: Promise<void> | undefined;
  #hearing: Promise<unknown> = Promise.resolve();

  constructor(parts: ProofParts) {
    this.#parts = parts;
    this.bell = parts.bell ?? makeAlarmBell(parts);
    this.#gossip = makeGossip(parts);
    this.#questions = makeLogQuestions(parts.ask);
    this.#waits = makeWaits(() => parts.clock.elapsed());
    this.#actWaits = makeActWaits(() => parts.clock.elapsed());
    const nobody = { witnesses: [], groups: [], quorum: undefined };
    const { clock, isThin, policy = () => nobody } = parts;
    this.#witnessed = makeWitnessed({ clock, isThin, policy });
    this.#raising = makeRaising(clock);
  }

  get isHalted(): boolean {
    return this.bell.isOpen({ code: fork, hub: this.#parts.hub() ?? "" });
  }

  get witnesses(): WitnessStanding | undefined {
    return this.#witnessed.standing();
  }

  place(message: PlacedMessage): void {
    const { store, clock } = this.#parts;
    if (this.#follow() !== undefined) store.logProofs.place(message, clock.now());
  }

  saw(hub: string, note: Bytes): void {
    const follow = this.#follow();
    if (follow?.hub !== hub) return;
    try {
      this.#note(follow, readLogNote(note, follow.keys));
    } catch (error) {
      if (!isFault(error)) throw error;
      this.#parts.log.warn("a checkpoint was passed over", { code: error.code, hub });
    }
  }

  /** The newest is followed when it is its time; one of before is looked at once. */
  #note({ store, hub }: FollowParts, shown: LogNote): void {
    const head = store.logHeads.of(hub);
    if (head !== undefined && head.origin !== shown.origin) {
      this.#seen = shown;
    } else if (head === undefined || shown.size > head.size) {
      if (shown.size > (this.#seen?.size ?? -1)) this.#seen = shown;
    } else if (head.size !== shown.size || !sameBytes(head.root, shown.root)) {
      if (this.#older === undefined) this.#olderMs = 0;
      this.#older ??= shown;
    }
  }

  heard(agency: string, note: Bytes): void {
    const kept = this.#gossip.heard(agency, note).catch((error: unknown) => {
      const { code } = toFault(error, "INTERNAL");
      this.#parts.log.error("what an agency told of a log is not kept", { code });
    });
    this.#hearing = Promise.all([this.#hearing, kept]);
  }

  noteFor(agency: string): Bytes | undefined {
    return this.#gossip.noteFor(agency);
  }

  tick(isUp: boolean): void {
    if (!isUp) {
      this.#waits.forget();
      this.#actWaits.pause();
    }
    if (!isUp || this.#running !== undefined || !this.#isDue()) return;
    const now = this.#parts.clock.elapsed();
    const isAtRest = this.#parts.mayAsk();
    if (!isAtRest && now - this.#askedAt < maxRestMs) return;
    const sinceMs = Math.min(now - this.#askedAt, limits.maxMergeDelayMs / 4);
    this.#askedAt = now;
    this.#running = this.#round(sinceMs, isAtRest)
      .catch((error: unknown) => {
        const { code } = toFault(error, "INTERNAL");
        this.#parts.log.warn("the log was not asked", { code });
      })
      .finally(() => (this.#running = undefined));
  }

  async proveWitnessed(line: LogProof): Promise<void> {
    // what is verified of a log is verified by one after the other
    while (this.#running !== undefined) await this.#running;
    const raised = this.#raiseNow(line);
    this.#running = raised.catch(() => undefined).finally(() => (this.#running = undefined));
    await raised;
  }

  async settled(): Promise<void> {
    await this.#hearing;
    await this.#running;
  }

  #isDue(): boolean {
    const { store, clock } = this.#parts;
    if (this.#follow() === undefined) return false;
    if (this.#gossip.isWaiting || this.#older !== undefined || this.#witnessed.isDue) return true;
    if (this.#raising.isDue(this.#witnessed.standing()?.size)) return true;
    if (this.#parts.agency !== undefined && store.logActs.due(clock.now()) !== undefined)
      return true;
    return this.#mayFollow() || store.logProofs.due(clock.now(), 1).length > 0;
  }

  #mayFollow(): boolean {
    const { clock } = this.#parts;
    return this.#seen !== undefined && clock.elapsed() - this.#followedAt >= followEveryMs;
  }

  /** Undefined for a hub without a log. */
  #follow(): FollowParts | undefined {
    const { store, clock, register, hub: hubOf } = this.#parts;
    const hub = hubOf() ?? "";
    const keys = register().logKeys(hub, clock.now());
    if (keys.length === 0) return undefined;
    return { store, clock, questions: this.#questions, bell: this.bell, hub, keys };
  }

  async #round(sinceMs: number, isAtRest: boolean): Promise<void> {
    const { store, clock, instanceOf, changed } = this.#parts;
    const follow = this.#follow();
    if (follow === undefined) return;
    if (this.#gossip.isWaiting) await this.#gossip.compare(follow, sinceMs);
    await this.#lookBack(follow, sinceMs);
    await this.#witnessed.look(follow);
    const { agency } = this.#parts;
    if (agency !== undefined) await enterActs({ ...follow, agency, waits: this.#actWaits });
    const lot = store.logProofs.due(clock.now(), isAtRest ? lotSize : restlessSize);
    if (lot.length === 0) return await this.#rest(follow, isAtRest);
    const seen = (): LogNote | undefined => this.#seen;
    const parts: ProveParts = { ...follow, instanceOf, seen, round: { isFresh: false } };
    const moved = await proveLot(parts, lot, this.#waits);
    this.#followedAt = clock.elapsed();
    if ((store.logHeads.of(follow.hub)?.size ?? 0) >= (this.#seen?.size ?? 0)) this.#seen = undefined;
    if (moved.length > 0) changed(moved);
  } // prettier-ignore

  /** A receipt showed another root, or an earlier size. */
  async #lookBack(follow: FollowParts, sinceMs: number): Promise<void> {
    const older = this.#older;
    const { store, hub, bell } = follow;
    const head = store.logHeads.of(hub);
    this.#older = undefined;
    if (older === undefined || head?.origin !== older.origin) return;
    try {
      await checkSameLog(follow, head, { ...older, agency: "" });
    } catch (error) {
      if (!isFault(error)) throw error;
      if (error.code === fork) return;
      this.#older ??= older;
      this.#olderMs += sinceMs;
      if (this.#olderMs < limits.maxMergeDelayMs) return;
      // a log that became shorter, and whose hub does not say how
      this.#older = undefined;
      const { origin, note: theirs } = older;
      await bell.raise({ code: fork, hub, origin, agency: "", ours: head.note, theirs });
    }
  }

  /** No message waits for its first proof. */
  async #rest(follow: FollowParts, isAtRest: boolean): Promise<void> {
    await this.#lookAhead(follow);
    if (isAtRest) await this.#raise(follow);
  }

  /** What was proved before witnesses had seen it is proved again under what they cosigned. */
  async #raise(follow: FollowParts): Promise<void> {
    const cosigned = this.#witnessed.newest(follow);
    if (cosigned === undefined || this.isHalted || !this.#raising.isDue(cosigned.size)) return;
    const most = this.#parts.isThin?.() === true ? restlessSize : lotSize;
    await this.#raising.raise(follow, cosigned, most);
  }

  async #raiseNow(line: LogProof): Promise<void> {
    const follow = this.#follow();
    if (follow === undefined) throw new Fault("HUB_UNREACHABLE", "no log of a hub is followed");
    if (this.isHalted) throw new Fault(fork, "until a person says how to go on, nothing new of it is believed");
    const met = this.#witnessed.newest(follow);
    const isEnough = met !== undefined && met.size > (line.proved?.index ?? 0);
    await raiseProof(follow, line, isEnough ? met : await this.#witnessed.ask(follow));
  } // prettier-ignore

  async #lookAhead(follow: FollowParts): Promise<void> {
    const seen = this.#seen;
    if (seen === undefined || !this.#mayFollow()) return;
    this.#followedAt = this.#parts.clock.elapsed();
    this.#seen = undefined;
    await followNote(follow, seen.note);
  }
}

/** Starts what proves that all we sent and took stands in the log of our hub, and that there is one log for all. */
export function startProofs(parts: ProofParts): Proofs {
  return new RunningProofs(parts);
}
