import { type EpochMs, toFault } from "../../schemas/ground/index.ts";
import { aloneState, judgePair } from "./alone.ts";
import { noteLeft } from "./departures.ts";
import { sayWaiting } from "./objection.ts";
import type { Office } from "./office.ts";

/** The door to the link: what waited is judged again before it goes through. */
export interface Leaving {
  /** Whether a publication may be handed over at this moment. Where it was not judged of late it is, and whoever waits is woken. */
  may(publication: number): boolean;
  /** Call about once a second with whether there is a link. */
  tick(isUp: boolean): void;
}

/** What was taken in or judged within this, by the register in force, is not judged anew. */
const freshMs = 60_000;
/** What may not go yet is looked at again after this. */
const againMs = 10_000;
const atOnce = 50;
const maxKnown = 4_096;

interface Judged {
  /** Of the clock that nobody sets: one that was wrong and is put right keeps nothing here. */
  readonly atMs: number;
  readonly may: boolean;
}

class RunningLeaving implements Leaving {
  readonly #office: Office;
  readonly #wake: () => void;
  readonly #judged = new Map<number, Judged>();
  readonly #asked = new Set<number>();
  #isJudging = false;
  #register: unknown;
  /** Since when the register is in force, for whoever was judged by an earlier one. */
  #registerAt: EpochMs;
  #isOpen = false;
  #isOpening = false;

  constructor(office: Office, wake: () => void) {
    this.#office = office;
    this.#wake = wake;
    this.#register = office.register();
    this.#registerAt = office.clock.now();
  }

  may(publication: number): boolean {
    if (!this.#open()) return false;
    const { store, departures } = this.#office;
    // the hub may have it: it judges, and says so
    if (departures?.mayHave(publication) === true) return true;
    const message = store.outbox.get(publication)?.message;
    return message !== undefined && this.#isGood(message);
  }

  tick(isUp: boolean): void {
    if (isUp || !this.#isOpen) return;
    this.#isOpen = false;
    void this.#write("what left is not noted", () => noteLeft(this.#office.store, false));
  }

  /** That things leave is on the disk before the first does: a process that comes after knows what cannot have left. */
  #open(): boolean {
    if (this.#isOpen || this.#isOpening) return this.#isOpen;
    this.#isOpening = true;
    void this.#noteLeaving();
    return false;
  }

  async #noteLeaving(): Promise<void> {
    const isDone = await this.#write("nothing leaves", () => noteLeft(this.#office.store, true));
    this.#isOpening = false;
    this.#isOpen = isDone;
    if (isDone) this.#wake();
  }

  #isGood(message: number): boolean {
    const { clock, store } = this.#office;
    this.#look();
    const last = this.#judged.get(message);
    if (last !== undefined && clock.elapsed() - last.atMs < (last.may ? freshMs : againMs)) return last.may;
    if (last === undefined && this.#isJustTakenIn(store.messages.summary(message)?.storedAt ?? 0)) return true;
    this.#asked.add(message);
    void this.#judge();
    return false;
  } // prettier-ignore

  /** What was taken in a moment ago was judged then, by the register in force. */
  #isJustTakenIn(storedAt: EpochMs): boolean {
    const now = this.#office.clock.now();
    return storedAt >= this.#registerAt && storedAt <= now && now - storedAt < freshMs;
  }

  #look(): void {
    const register = this.#office.register();
    if (register === this.#register) return;
    this.#register = register;
    this.#registerAt = this.#office.clock.now();
    this.#judged.clear();
  }

  async #judge(): Promise<void> {
    if (this.#isJudging) return;
    this.#isJudging = true;
    let isReady = false;
    while (this.#asked.size > 0) {
      const some = [...this.#asked].slice(0, atOnce);
      for (const message of some) this.#asked.delete(message);
      const moved: number[] = [];
      const judge = (): void => void moved.push(...some.flatMap((message) => this.#judgeOne(message)));
      if (await this.#write("what waits is not judged", judge)) this.#office.changed(moved);
      isReady ||= some.some((message) => this.#judged.get(message)?.may === true);
    }
    this.#isJudging = false;
    if (isReady) this.#wake();
  } // prettier-ignore

  /** Runs inside a write; says which messages moved. */
  #judgeOne(message: number): readonly number[] {
    const { store, clock } = this.#office;
    const register = this.#office.register();
    if (this.#judged.size > maxKnown) this.#judged.clear();
    const atMs = clock.elapsed();
    const handling = store.messages.summary(message)?.handling ?? "";
    // by a register that is too old nothing is judged: it waits for a newer one
    if (aloneState(register, handling, clock.now()).mode !== "FULL") {
      this.#judged.set(message, { atMs, may: false });
      return sayWaiting(this.#office, message, "REGISTER_STALE") ? [message] : [];
    }
    const pair = this.#pairOf(message);
    const { may, moved } = this.#isPartlyGone(message) ? { may: true, moved: [] } : judgePair(this.#office, pair);
    for (const one of pair) this.#judged.set(one, { atMs, may });
    return moved;
  } // prettier-ignore

  /** Whether a part of it may be at the hub: what is left follows it. */
  #isPartlyGone(message: number): boolean {
    const { store, departures } = this.#office;
    const all = store.outbox.byMessage(message);
    return all.some(({ seq, state }) => state === "ACCEPTED" || departures?.mayHave(seq) === true);
  }

  /** With its other edition, as long as that has not left. */
  #pairOf(message: number): readonly number[] {
    const { store } = this.#office;
    const id = store.messages.summary(message)?.id;
    const otherId = id === undefined ? undefined : store.editions.otherOf(id);
    const other = otherId === undefined ? undefined : store.messages.find(otherId);
    const isHere = other?.state === "QUEUED" && !this.#isPartlyGone(other.seq);
    return isHere ? [message, other.seq] : [message];
  }

  async #write(says: string, act: () => void): Promise<boolean> {
    try {
      await this.#office.store.write(act);
      return true;
    } catch (error) {
      this.#office.log.error(says, { code: toFault(error, "INTERNAL").code });
      return false;
    }
  }
}

/**
 * Opens the door: what was taken in while there was no link, or under an earlier register, leaves only when it is judged good
 * by now. What is not ends where whoever looks sees it, with the reason.
 *
 * @param wake called when something that waited may be handed over
 */
export function makeLeaving(office: Office, wake: () => void): Leaving {
  return new RunningLeaving(office, wake);
}
