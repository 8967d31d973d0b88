import { type EpochMs, renderHex, toFault } from "../../schemas/ground/index.ts";
import type { Clock, Log } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { AuditQuery, Store, StoredAuditLine } from "../store/index.ts";
import { contentActs, type AuditAct } from "./acts.ts";
import { readAnchor, signAnchor } from "./anchor.ts";
import { hashLine, noHash } from "./line.ts";
import { makeReadCounter, type UnusualReads } from "./unusual.ts";
import { checkRecord, type RecordCheck } from "./verify.ts";

/** What somebody did, as it is written down. No content and no name of a person ever stands in it. */
export interface AuditEntry {
  /** The caller's id. */
  readonly who: string;
  readonly act: AuditAct;
  /** Id of a message, person, file; empty when there is none. */
  readonly object?: string | undefined;
  /** A code of PURPOSE. */
  readonly purpose?: string | undefined;
  /** OK when left out, or the code of a fault. */
  readonly outcome?: string | undefined;
  /** LOCAL, PRIVATE or PUBLIC. */
  readonly address?: string | undefined;
  /** How many it was about; 1 when left out. */
  readonly count?: number | undefined;
  /** SHA-256 of what was given out, in hexadecimal. */
  readonly digest?: string | undefined;
}

/** Where the record stands, and the agency's signed word on where it stood last. */
export interface AuditHead {
  readonly position: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
  /** The newest signed word; none before the first. */
  readonly anchor?: {
    readonly position: number;
    readonly hash: string;
    readonly at: EpochMs;
    /** The JSON that was signed. */
    readonly statement: string;
    /** Detached JWS, RFC 7797. */
    readonly signature: string;
  };
}

/** The audit record of one gateway. There is one; nothing else writes the table. */
export interface AuditRecord {
  /** Adds a line to the write that is under way: it is kept exactly when what it tells of is. */
  add(entry: AuditEntry): void;
  /** Adds a line and resolves when it is on the disk; lines asked for together share one commit. @throws {Fault} STORE_WRITE_FAILED */
  note(entry: AuditEntry): Promise<void>;
  /** Runs `act`, which adds lines, in a write of its own; resolves when it is on the disk. @throws {Fault} STORE_WRITE_FAILED */
  inWrite(act: () => void): Promise<void>;
  list(query: AuditQuery): readonly StoredAuditLine[];
  head(): AuditHead;
  check(): Promise<RecordCheck>;
  /** Callers who read far more than they usually do, of the last day. */
  unusual(): readonly UnusualReads[];
  /** Signs where the record stands now. @throws {Fault} STORE_WRITE_FAILED, KEY_UNUSABLE */
  anchor(): Promise<void>;
  stop(): void;
}

/** What a record is made of; every gateway's office has it. */
export interface RecordParts {
  readonly agency: string;
  readonly store: Pick<Store, "audit" | "write">;
  readonly signer: Pick<Signer, "signer" | "sign" | "signAll">;
  register(): RegisterView;
  readonly clock: Clock;
  readonly log: Log;
  /** Lines older than this are taken away; ten years when left out. */
  readonly keepMs?: number | undefined;
}

/** Told of each line inside the write that keeps it. */
export type OnLine = (line: StoredAuditLine) => void;

/** A clock is set by little all the time; within this, a line has the time of the one before it. */
const clockStepMs = 5_000;
const tickMs = 60_000;
const anchorEveryMs = 86_400_000;
const anchorEveryLines = 1_000;
const tenYearsMs = 10 * 366 * 86_400_000;

/** What the gateway writes down of itself. */
const self = "gateway";

/** Ids and codes only; whatever else came here is not written. */
function clean(text = ""): string {
  return /^[\x21-\x7e]{0,120}$/.test(text) ? text : "?";
}

class RunningRecord implements AuditRecord {
  readonly #parts: RecordParts;
  readonly #onLine: OnLine | undefined;
  readonly #counter: ReturnType<typeof makeReadCounter>;
  readonly #timer: { stop(): void };
  #isTending = false;

  constructor(parts: RecordParts, onLine: OnLine | undefined) {
    this.#parts = parts;
    this.#onLine = onLine;
    this.#counter = makeReadCounter(parts.store.audit, parts.clock);
    this.#timer = parts.clock.every(tickMs, () => void this.#tend());
    void this.#begin();
  }

  add(entry: AuditEntry): void {
    const { who, act, count = 1, outcome = "OK" } = entry;
    const isRead = outcome === "OK" && contentActs.includes(act);
    const unusual = isRead ? this.#counter.count(who, count) : undefined;
    this.#addLine(entry);
    if (unusual === undefined) return;
    this.#parts.log.warn("a caller reads far more than usual", { count: unusual.count });
    this.#addLine({ who, act: "READS_UNUSUAL", count: unusual.count });
  }

  async note(entry: AuditEntry): Promise<void> {
    await this.inWrite(() => this.add(entry));
  }

  async inWrite(act: () => void): Promise<void> {
    await this.#parts.store.write(act);
  }

  list(query: AuditQuery): readonly StoredAuditLine[] {
    return this.#parts.store.audit.list(query);
  }

  head(): AuditHead {
    const { audit } = this.#parts.store;
    const { position = 0, hash = noHash } = audit.last() ?? {};
    const [newest] = audit.anchors(1);
    const head = { position, hash: renderHex(hash) };
    if (newest === undefined) return head;
    const { statement, signature, at } = newest;
    const said = { statement: Buffer.from(statement).toString("utf8"), signature, at };
    return {
      ...head,
      anchor: { position: newest.position, hash: renderHex(newest.hash), ...said },
    };
  }

  check(): Promise<RecordCheck> {
    return checkRecord(this.#parts);
  }

  unusual(): readonly UnusualReads[] {
    return this.#counter.lately();
  }

  async anchor(): Promise<void> {
    await this.#parts.store.write(() => this.#addAnchor());
  }

  stop(): void {
    this.#timer.stop();
  }

  #addLine({
    who,
    act,
    object,
    purpose,
    outcome = "OK",
    address,
    count = 1,
    digest,
  }: AuditEntry): void {
    const { store, clock } = this.#parts;
    const last = store.audit.last();
    const now = clock.now();
    const isBack = last !== undefined && now < last.at - clockStepMs;
    if (isBack && act !== "CLOCK_BACK") this.#addLine({ who: self, act: "CLOCK_BACK" });
    const { position = 0, hash: previous = noHash, at = now } = store.audit.last() ?? {};
    const line = {
      position: position + 1,
      at: act === "CLOCK_BACK" ? now : Math.max(now, at),
      who: clean(who),
      act,
      object: clean(object),
      purpose: clean(purpose),
      outcome: clean(outcome),
      address: clean(address),
      count,
      digest: clean(digest),
      previous,
    };
    const whole = { ...line, hash: hashLine(line) };
    store.audit.add(whole);
    this.#onLine?.(whole);
  }

  /** Signs where the record stands, and takes away what is too old. Runs inside a write. */
  #addAnchor(): void {
    const { agency, store, signer, clock, log, keepMs = tenYearsMs } = this.#parts;
    const { audit } = store;
    const before = this.#cutNow();
    const cutTo = Math.max(before.position, audit.lastBefore(clock.now() - keepMs));
    const [gone] = cutTo > before.position ? audit.from(cutTo, 1) : [];
    if (gone !== undefined) {
      const count = cutTo - before.position;
      this.#addLine({ who: self, act: "RECORD_CUT", object: String(cutTo), count });
    }
    const last = audit.last();
    if (last === undefined) return;
    const cut = gone === undefined ? before : { position: gone.position, hash: gone.hash };
    const { position, hash } = last;
    audit.addAnchor(signAnchor(signer, { agency, position, hash, at: clock.now(), cut }));
    if (gone !== undefined) audit.cut(gone.position);
    // whoever keeps the log elsewhere can tell from this that a later record is another
    log.info("audit record signed", { count: position, fingerprint: renderHex(hash) });
  }

  #cutNow(): { readonly position: number; readonly hash: Uint8Array } {
    const [newest] = this.#parts.store.audit.anchors(1);
    const said = newest === undefined ? undefined : readAnchor(newest);
    return said?.cut ?? { position: 0, hash: noHash };
  }

  async #begin(): Promise<void> {
    this.#isTending = true;
    await this.#safely(() => {
      this.#addLine({ who: self, act: "RECORD_BEGUN" });
      this.#addAnchor();
    });
    this.#isTending = false;
  }

  async #tend(): Promise<void> {
    const { store, clock } = this.#parts;
    const { position = 0 } = store.audit.last() ?? {};
    const [{ position: anchored, at } = { position: 0, at: 0 }] = store.audit.anchors(1);
    const isDue = position - anchored >= anchorEveryLines || clock.now() - at >= anchorEveryMs;
    if (this.#isTending || position === anchored || !isDue) return;
    this.#isTending = true;
    await this.#safely(() => this.#addAnchor());
    this.#isTending = false;
  }

  /** A timer has no caller: what fails is written down, and tried again. */
  async #safely(act: () => void): Promise<void> {
    try {
      await this.#parts.store.write(act);
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      this.#parts.log.error("the audit record was not signed", { code });
    }
  }
}

/**
 * Opens the audit record over a gateway's store. What is written in it stays: each line holds the hash of the one
 * before, and at the start, each day and each thousand lines the agency signs where it stands. Who rewrites or cuts it
 * must also take the signed words and every head that somebody wrote down elsewhere.
 */
export function openAuditRecord(parts: RecordParts, onLine?: OnLine): AuditRecord {
  return new RunningRecord(parts, onLine);
}
