import { toFault } from "../../schemas/ground/index.ts";
import { archiveOperations } from "../operations/index.ts";
import { carriedOut, carryOutOrders } from "./carry-out.ts";
import { type Erased, finishErasing, joinErased, nothingErased } from "./erase.ts";
import type { FarGiven } from "./far-hubs.ts";
import { tendOwnOrders } from "./own-side.ts";
import type { RecallParts } from "./parts.ts";
import { sweepRetention } from "./retention-sweep.ts";
import { makeReviews, type Reviews } from "./review-due.ts";

/** What goes on by itself. */
export interface Recalling {
  /** One round of everything, at once; resolves when it is done. Rounds never run beside each other. */
  tend(): Promise<void>;
  stop(): Promise<void>;
}

const tickMs = 2_000;
const hourMs = 3_600_000;

class RunningRecalls implements Recalling {
  readonly #parts: RecallParts;
  readonly #reviews: Reviews;
  readonly #timer: { stop(): void };
  #round: Promise<void> | undefined;
  #isStopped = false;
  readonly #given: FarGiven = new Map();
  /** What was erased, and may still stand in the journal. */
  #isJournalDue = false;
  #archiveAt = 0;

  constructor(parts: RecallParts) {
    this.#parts = parts;
    this.#reviews = makeReviews(parts);
    this.#timer = parts.clock.every(tickMs, () => void this.tend());
  }

  async tend(): Promise<void> {
    if (this.#isStopped) return;
    this.#round ??= this.#go().finally(() => {
      this.#round = undefined;
    });
    await this.#round;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer.stop();
    await this.#round;
  }

  async #go(): Promise<void> {
    const erased = joinErased([
      await this.#try(() => this.#tendOwn()),
      await this.#try(() => this.#carryOutAll()),
      await this.#try(() => this.#archive()),
      await this.#try(() => sweepRetention(this.#parts)),
      await this.#try(async () => {
        await this.#reviews.tend();
        return nothingErased;
      }),
    ]);
    if (erased.messages.length + erased.files.length > 0) this.#isJournalDue = true;
    if (!this.#isJournalDue) return;
    await this.#try(async () => {
      this.#isJournalDue = !(await finishErasing(this.#parts, erased));
      return nothingErased;
    });
  }

  /** Operations end by days: to look once an hour is soon enough. */
  async #archive(): Promise<Erased> {
    const now = this.#parts.clock.now();
    if (now < this.#archiveAt) return nothingErased;
    await archiveOperations(this.#parts);
    this.#archiveAt = now + hourMs;
    return nothingErased;
  }

  async #tendOwn(): Promise<Erased> {
    const all: Erased[] = [];
    for (let after: number | undefined = 0; after !== undefined && !this.#isStopped;) {
      const page = await tendOwnOrders(this.#parts, this.#given, after);
      all.push(page.erased);
      after = page.next;
    }
    return joinErased(all);
  }

  async #carryOutAll(): Promise<Erased> {
    const all: Erased[] = [];
    for (const kind of carriedOut) {
      for (let after: number | undefined = 0; after !== undefined && !this.#isStopped;) {
        const page = await carryOutOrders(this.#parts, kind, after);
        all.push(page.erased);
        after = page.next;
      }
    }
    return joinErased(all);
  }

  /** A timer has no caller: what fails is written down, and tried again with the next round. */
  async #try(act: () => Promise<Erased>): Promise<Erased> {
    try {
      return await act();
    } catch (error) {
      this.#parts.log.error("a round of recalls failed", { code: toFault(error, "INTERNAL").code });
      return nothingErased;
    }
  }
}

/** Starts what carries out and follows recalls, and ends what is past its time. */
export function startRecalls(parts: RecallParts): Recalling {
  return new RunningRecalls(parts);
}
