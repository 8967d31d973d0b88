import {
  type Clock,
  type Fault,
  type FaultCode,
  type Log,
  toFault,
} from "../schemas/ground/index.ts";
import {
  expireOverdue,
  type FreshnessWatch,
  type KeyTender,
  type Leaving,
  type Office,
  passingCodes,
  type Recheck,
  rejudge,
  releaseHeld,
  startCodes,
} from "./exchange/index.ts";
import { reckonDues, registerTerms, renewTerms } from "./work/index.ts";
import type { Renewal } from "./renewal/index.ts";

const tickMs = 1_000;
/** Ticks between looks at the register's file and at what is past its time. */
const slowTicks = 10;
/** Ticks between new looks at what lies in quarantine for what may pass. */
const rejudgeTicks = 300;

/** Everything of a gateway that has to be looked after while it runs. */
export interface UpkeepParts {
  readonly office: Office;
  /** The links to all hubs, with what hangs on each. */
  readonly lines: { readonly isUp: boolean; tick(isClockRight: boolean): void; wake(): void };
  /** Receipts of what was opened. */
  readonly receipts: readonly { tick(): void }[];
  readonly keys: KeyTender;
  readonly leaving: Leaving;
  readonly register: { checkFile(): void };
  readonly freshness: FreshnessWatch;
  readonly renewal: Renewal | undefined;
  readonly recheck: Recheck;
  readonly take: Parameters<typeof rejudge>[2];
  readonly onFatal: ((fault: Fault) => void) | undefined;
}

/** What a gateway does by itself, once a second and more seldom. */
export interface Upkeep {
  /** Looks once more at what lies in quarantine for one of these codes; handles its failures itself. */
  rejudge(codes: readonly FaultCode[]): void;
  stop(): void;
}

class RunningUpkeep implements Upkeep {
  readonly #parts: UpkeepParts;
  readonly #log: Log;
  readonly #timer: { stop(): void };
  #ticks = 0;
  #isReckoning = false;
  /** The register whose terms what is awaited was reckoned by. */
  #reckonedBy: unknown;

  constructor(parts: UpkeepParts, clock: Clock) {
    this.#parts = parts;
    this.#log = parts.office.log;
    this.#timer = clock.every(tickMs, () => this.#tickSafely());
  }

  rejudge(codes: readonly FaultCode[]): void {
    const { recheck, office, take } = this.#parts;
    void recheck.look();
    void this.#try("quarantine not judged", () => rejudge(office, codes, take));
  }

  stop(): void {
    this.#timer.stop();
  }

  /** A timer has no caller: what fails in it is written down, and tried again with the next tick. */
  #tickSafely(): void {
    try {
      this.#tick();
    } catch (error) {
      const fault = toFault(error, "INTERNAL");
      this.#log.error("a tick failed", { code: fault.code });
      if (fault.code === "INTEGRITY_STORE") this.#parts.onFatal?.(fault);
    }
  }

  #tick(): void {
    this.#ticks += 1;
    const { receipts, keys, lines, leaving, freshness } = this.#parts;
    const isClockRight = freshness.isClockRight();
    // what is signed by a clock that is wrong is refused by who reads it, and keys would be erased before their time
    if (isClockRight) {
      for (const one of receipts) one.tick();
      keys.tick();
    }
    leaving.tick(lines.isUp);
    lines.tick(isClockRight);
    void this.#try("what is awaited was not reckoned", () => this.#reckon());
    if (this.#ticks % slowTicks === 0) this.#tickSlowly();
    if (this.#ticks === 1) this.rejudge(startCodes);
    else if (this.#ticks % rejudgeTicks === 0) this.rejudge(passingCodes);
  }

  #tickSlowly(): void {
    const { office, register, freshness, renewal, lines } = this.#parts;
    register.checkFile();
    freshness.look();
    void renewal?.tend();
    void this.#try("expiry not kept", () => expireOverdue(office));
    void this.#try("held messages not judged", async () => {
      if (await releaseHeld(office)) lines.wake();
    });
  }

  /** As long as there is more, without a pause between: what nobody reckoned is late for nobody. */
  async #reckon(): Promise<void> {
    if (this.#isReckoning) return;
    this.#isReckoning = true;
    try {
      const { office, freshness } = this.#parts;
      const register = office.register();
      if (register !== this.#reckonedBy) await renewTerms(office.store, register);
      this.#reckonedBy = register;
      let isMore = true;
      while (isMore) {
        const now = freshness.isClockRight() ? office.clock.now() : undefined;
        const reckoned = await reckonDues(office, { terms: registerTerms(register), now });
        if (reckoned.told.length > 0) office.changed(reckoned.told);
        ({ isMore } = reckoned);
      }
    } finally {
      this.#isReckoning = false;
    }
  }

  async #try(says: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#log.error(says, { code: toFault(error, "INTERNAL").code });
    }
  }
}

/** Starts the upkeep of a gateway. */
export function startUpkeep(parts: UpkeepParts): Upkeep {
  return new RunningUpkeep(parts, parts.office.clock);
}
