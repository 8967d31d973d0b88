import { encodeLogAnswer } from "../../schemas/index.ts";
import {
  type Bytes,
  type Clock,
  type EpochMs,
  Fault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import {
  type Note,
  parseCheckpoint,
  parseNote,
  type QuorumPolicy,
  type VerifierKey,
} from "../../certs/log/index.ts";
import { findKept, saveNote } from "./kept.ts";
import { makeReach, type Reach } from "./reach.ts";
import { makeRound, type Round } from "./round.ts";

/** What cosignatures are collected with. */
export interface WitnessDeskOptions {
  /** Where the newest cosigned checkpoint is kept. */
  readonly file: string;
  /** Witnesses that listen somewhere (C2SP tlog-witness); the others come by themselves. */
  readonly urls: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** Keys of the hub's log. */
  readonly keys: readonly VerifierKey[];
  /** Whose word counts, by the register of the moment. */
  readonly policy: () => QuorumPolicy;
  /** The hub's log: its newest checkpoint, and what it answers. */
  readonly hubLog: { readonly checkpoint: Bytes | undefined; answer(act: string, question: Bytes): Bytes }; // prettier-ignore
}

/** How the log is witnessed. */
export interface WitnessStatus {
  /** Entries of the newest checkpoint that enough witnesses cosigned, and when the last of them did. */
  readonly size?: number | undefined;
  readonly at?: EpochMs | undefined;
  /** Since when enough cosignatures are missing under the newest; nothing while they are there. */
  readonly missingSince?: EpochMs | undefined;
  /** Who has not cosigned what is offered now. */
  readonly missing: readonly string[];
  /** A witness that was asked holds another tree: that is for people to look into. */
  readonly isDisputed: boolean;
}

/** Running collection. */
export interface WitnessDesk {
  /** Answers `cosign`, by which a witness gets what to cosign and hands it back, and `cosigned`; never throws. */
  answer(act: "cosign" | "cosigned", question: Bytes): Bytes;
  readonly status: WitnessStatus;
  stop(): void;
}

const lookEveryMs = 1_000;
/** A checkpoint is offered at least so long, so that all cosign the same although the log grows. */
const roundMs = 5_000;
/** And at most so long, when too few come. */
const patienceMs = 60_000;
const retryMs = 5_000;
/**
 * So old, a cosignature is asked for anew although the log stands still: else nobody could tell a log at rest from one whose
 * witnesses are gone.
 */
const renewMs = 3_600_000;

interface Offered {
  readonly round: Round;
  /** Elapsed. */
  readonly since: number;
  isMet: boolean;
  missing: readonly string[];
}

/** Who listens, and whether it is being asked, or was answered for. */
interface Called {
  readonly reach: Reach;
  isBusy: boolean;
  isDisputed: boolean;
  nextAt: number;
  done: Round | undefined;
}

function refusal(error: unknown): Bytes {
  return encodeLogAnswer({ refused: toFault(error, "INTERNAL").code, hashes: [], leaves: [] });
}

class Desk implements WitnessDesk {
  readonly #options: WitnessDeskOptions;
  readonly #called: readonly Called[];
  #kept: Round | undefined;
  #offered: Offered | undefined;
  #missingSince: EpochMs | undefined;
  #looking: { stop(): void } | undefined;

  constructor(options: WitnessDeskOptions) {
    const { urls, fetch, hubLog, file, keys, clock } = options;
    this.#options = options;
    const ask = (act: string, question: Bytes): Bytes => hubLog.answer(act, question);
    this.#called = urls.map((url) => ({ reach: makeReach({ url, fetch, ask }), isBusy: false, isDisputed: false, nextAt: 0, done: undefined }));
    this.#kept = findKept(file, { hub: keys, witnesses: this.#witnessKeys() }, clock.now());
  } // prettier-ignore

  #witnessKeys(): readonly VerifierKey[] {
    return this.#options.policy().witnesses.flatMap(({ keys }) => keys);
  }

  start(): void {
    this.#looking = this.#options.clock.every(lookEveryMs, () => this.#look());
  }

  #look(): void {
    const { hubLog, log } = this.#options;
    const { checkpoint } = hubLog;
    if (checkpoint === undefined || this.#witnessKeys().length === 0) return;
    try {
      this.#offer(checkpoint);
    } catch (error) {
      log.warn("witnesses were not asked", { code: toFault(error, "INTERNAL").code });
    }
    for (const called of this.#called) void this.#call(called);
  }

  /** Whether something else may be offered than what is. */
  #isOver({ since, isMet }: Offered): boolean {
    return this.#options.clock.elapsed() - since >= (isMet ? roundMs : patienceMs);
  }

  /** What was cosigned of this checkpoint, while that is not old. */
  #findFresh({ text }: Note): Round | undefined {
    const { clock } = this.#options;
    const kept = this.#kept;
    return text === kept?.text && clock.now() - (kept.at ?? 0) < renewMs ? kept : undefined;
  }

  /** What has more entries than the log is of one that was lost; told on, it would look like a fork for ever. */
  #forgetLost(newest: Bytes): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    const { origin, size } = parseCheckpoint(parseNote(newest).text);
    if (kept.origin === origin && kept.size > size) this.#kept = undefined;
  }

  #offer(newest: Bytes): void {
    this.#forgetLost(newest);
    const offered = this.#offered;
    if (offered !== undefined && !this.#isOver(offered)) return;
    const note = parseNote(newest);
    const { clock } = this.#options;
    const isOffered = note.text === offered?.round.text;
    if (isOffered && clock.elapsed() - offered.since < renewMs) return;
    // what is offered anew begins without a line, so that each witness signs it again
    const round =
      (isOffered ? undefined : this.#findFresh(note)) ?? makeRound(note.text, note.signatures);
    this.#offered = { round, since: clock.elapsed(), isMet: false, missing: [] };
    this.#settle(round);
    if (!this.#offered.isMet && this.#options.policy().quorum !== undefined)
      this.#missingSince ??= clock.now();
  }

  /** Something was hung under a round, or it is new: is it enough? */
  #settle(round: Round): void {
    const { isMet, missing } = round.quorum(this.#options.policy());
    const offered = this.#offered;
    if (offered?.round === round) {
      offered.isMet = isMet;
      offered.missing = missing;
      if (isMet) this.#missingSince = undefined;
    }
    const kept = this.#kept;
    // what was cosigned of a log that ended says nothing of the one that began anew
    const isOlder = kept !== undefined && kept.origin === round.origin && kept.size > round.size;
    if (!isMet || isOlder) return;
    this.#kept = round;
    saveNote(this.#options.file, round.note());
  }

  #take(round: Round, lines: Parameters<Round["add"]>[0]): boolean {
    const by = { keys: this.#witnessKeys(), now: this.#options.clock.now() };
    if (!round.add(lines, by)) return false;
    this.#settle(round);
    return true;
  }

  async #call(called: Called): Promise<void> {
    const { clock, log } = this.#options;
    const offered = this.#offered;
    if (offered === undefined || called.isBusy || called.done === offered.round || clock.elapsed() < called.nextAt) return;
    const { round } = offered;
    called.isBusy = true;
    called.nextAt = clock.elapsed() + retryMs;
    try {
      const reached = await called.reach.ask(round);
      if (reached.kind === "cosigned" && this.#take(round, reached.lines)) called.done = round;
      const isDisputed = reached.kind === "disputed";
      const isNews = isDisputed && !called.isDisputed;
      called.isDisputed = isDisputed;
      if (isNews) log.error("a witness holds another tree than this log", { code: "LOG_INCONSISTENT" });
    } catch (error) {
      log.warn("a witness was not reached", { code: toFault(error, "HUB_UNREACHABLE").code });
    } finally {
      called.isBusy = false;
    }
  } // prettier-ignore

  #handIn(question: Bytes): Round {
    const { text, signatures } = parseNote(question);
    const round = [this.#offered?.round, this.#kept].find((one) => one?.text === text);
    if (round === undefined) throw new Fault("LOG_CHECKPOINT_INVALID", "checkpoint: not the one that is offered");
    if (this.#take(round, signatures)) return round;
    throw new Fault("LOG_NOTE_INVALID", "note: no cosignature by a witness of the register");
  } // prettier-ignore

  #noteOf(round: Round | undefined): Bytes {
    if (round === undefined) throw new Fault("LOG_ENTRY_MISSING", "nothing to be cosigned");
    return encodeLogAnswer({ checkpoint: round.note(), hashes: [], leaves: [] });
  }

  answer(act: "cosign" | "cosigned", question: Bytes): Bytes {
    try {
      if (act === "cosigned") return this.#noteOf(this.#kept);
      return this.#noteOf(question.length === 0 ? this.#offered?.round : this.#handIn(question));
    } catch (error) {
      return refusal(error);
    }
  }

  get status(): WitnessStatus {
    return {
      size: this.#kept?.size,
      at: this.#kept?.at,
      missingSince: this.#missingSince,
      missing: this.#offered?.missing ?? [],
      isDisputed: this.#called.some((one) => one.isDisputed),
    };
  }

  stop(): void {
    this.#looking?.stop();
  }
}

/** Starts to collect. Nothing is asked of anybody while the register names no witness. */
export function startWitnessDesk(options: WitnessDeskOptions): WitnessDesk {
  const desk = new Desk(options);
  desk.start();
  return desk;
}
