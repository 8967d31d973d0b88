import {
  encodePlacesQuestion,
  type Head,
  type PlaceAgain,
  type PlaceTaken,
} from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import type { Office } from "./office.ts";
import { readHubWord } from "./hub-word.ts";
import { findTaken, keepPlace, placeAgain } from "./places.ts";
import { renumberWaiting } from "./renumber.ts";

/** What catching up with the hub takes. */
export interface ResyncDuties {
  /** The hub that is asked; any that the register names when left out. */
  readonly hub?: string;
  /** This store turned out to be an old one: what other hubs took of ours is asked of them too. */
  begun?(): void;
  /** Asks the hub for our places; undefined when it does not answer. */
  ask(question: Bytes): Promise<Bytes | undefined>;
  /** What waits may be sent from now on. */
  wake(): void;
  /** Looks for a newer register; says whether there was one. */
  refreshRegister(): Promise<boolean>;
  /** The highest place of a stream that we were given since the link rose; 0 for none. */
  given(stream: string): number;
}

/** Makes sure that this store is the newest this agency has, and catches up when it is not. */
export interface Resync {
  /**
   * Whether what waits may be sent: not before the hub has said once that it knows of nothing that this store does not hold.
   * Else a store that somebody put back by hand would give numbers away a second time.
   */
  readonly maySend: boolean;
  /**
   * Resolves when the hub has answered for the first time. Nothing is acknowledged before: it would look as if this store
   * had been given it in an earlier life. Rejects when there will be no answer any more.
   */
  looked(): Promise<void>;
  /** Call about once a second while the link is up. */
  tick(): void;
  /** Asks anew with the next tick, whenever it was asked last. */
  again(): void;
  /** Asks anew with the next tick, and resolves when that was answered, or was not; for a copy about to be made. */
  look(): Promise<void>;
  stop(): void;
}

const againMs = 2_000;
/** The place in a copy is at most this old when the link was up: so much more is handed over twice. */
const everyMs = 600_000;
const receiptStream = "RECEIPTS";

/** Places of ours that the hub's word lies beyond: perhaps only over what stands there for others. */
function findPassed({ store }: Office, heads: readonly Head[]): readonly PlaceTaken[] {
  return heads.flatMap(({ stream, instance, settled = 0 }) => {
    const taken = findTaken(store, stream);
    return taken?.instance === instance && settled > taken.sequence ? [{ stream, ...taken }] : [];
  });
}

/** A stream in which the hub has our word for something, when this store knows of none at all. */
function findUnknown({ store }: Office, heads: readonly Head[]): Head | undefined {
  if (heads.some(({ stream }) => findTaken(store, stream) !== undefined)) return undefined;
  return heads.find(({ settled = 0 }) => settled > 0);
}

function readHeads(office: Office, answer: Bytes, hub?: string): readonly Head[] {
  const { heads } = readHubWord(office, answer, hub);
  if (heads.length === 0) throw new Fault("HUB_UNREACHABLE", "the hub has no streams yet");
  return heads;
}

class RunningResync implements Resync {
  maySend = false;
  readonly #office: Office;
  readonly #duties: ResyncDuties;
  readonly #looked = Promise.withResolvers<void>();
  #dueAt = 0;
  #asking: Promise<void> | undefined;

  constructor(office: Office, duties: ResyncDuties) {
    this.#office = office;
    this.#duties = duties;
    // whoever waits hears of it; nobody has to
    this.#looked.promise.catch(() => undefined);
  }

  looked(): Promise<void> {
    return this.#looked.promise;
  }

  stop(): void {
    this.#looked.reject(new Fault("HUB_UNREACHABLE", "the gateway ends"));
  }

  tick(): void {
    if (this.#asking !== undefined || this.#office.clock.elapsed() < this.#dueAt) return;
    // it handles its failures itself
    void this.look();
  }

  again(): void {
    this.#dueAt = 0;
  }

  async look(): Promise<void> {
    this.#asking ??= this.#go();
    await this.#asking;
  }

  async #go(): Promise<void> {
    const { clock, log } = this.#office;
    try {
      const isDone = await this.#round();
      this.#dueAt = clock.elapsed() + (isDone ? everyMs : againMs);
    } catch (error) {
      this.#dueAt = clock.elapsed() + againMs;
      log.debug("no places", { code: toFault(error, "INTERNAL").code });
    } finally {
      this.#asking = undefined;
    }
  }

  /** One question and what follows of its answer; says whether all is known. */
  async #round(): Promise<boolean> {
    const state = this.#office.store.restored.mark()?.state ?? "SYNCED";
    const heads = await this.#ask([]);
    if (heads === undefined) return false;
    if (state !== "SYNCED") this.#looked.resolve();
    if (state === "AWAITED") return await this.#handAgain(heads);
    if (state === "HANDED") return await this.#finish(heads);
    const behind = this.maySend ? undefined : await this.#findBehind(heads);
    const isDone = behind === undefined && (await this.#keep(heads));
    if (behind !== undefined) await this.#begin(behind);
    this.#looked.resolve();
    return isDone;
  }

  /** A stream in which the hub has our word for more than this store holds: it is an older one than it was. */
  async #findBehind(heads: readonly Head[]): Promise<Head | undefined> {
    const passed = findPassed(this.#office, heads);
    if (passed.length === 0) return findUnknown(this.#office, heads);
    const looked = await this.#ask([], passed);
    if (looked === undefined) throw new Fault("HUB_UNREACHABLE", "the hub did not say for whom that was");
    return looked.find(({ beyond }) => beyond === true);
  } // prettier-ignore

  async #ask(
    again: readonly PlaceAgain[],
    taken: readonly PlaceTaken[] = [],
  ): Promise<readonly Head[] | undefined> {
    const answer = await this.#duties.ask(encodePlacesQuestion({ again, taken }));
    return answer === undefined ? undefined : await this.#read(answer);
  }

  /** A hub that renewed its key signs with what only a newer register names, and nothing else would fetch that one: all waits for us. */
  async #read(answer: Bytes): Promise<readonly Head[]> {
    const { hub } = this.#duties;
    try {
      return readHeads(this.#office, answer, hub);
    } catch (error) {
      if (!isFault(error) || !(await this.#duties.refreshRegister())) throw error;
      return readHeads(this.#office, answer, hub);
    }
  }

  async #begin({ stream }: Head): Promise<void> {
    const { store, clock, log } = this.#office;
    await store.write(() => store.restored.begin(clock.now()));
    this.#duties.begun?.();
    log.error("this store is older than what the hub knows of it; it catches up", { stream, code: "STORE_RESTORED" });
  } // prettier-ignore

  async #handAgain(heads: readonly Head[]): Promise<boolean> {
    const { store, log } = this.#office;
    const wanted = heads.filter(({ settled }) => settled !== undefined);
    const asked = wanted.map(({ stream }) => placeAgain(store, stream));
    if ((await this.#ask(asked)) === undefined) return false;
    await store.write(() => store.restored.advance("HANDED"));
    log.info("the hub hands over again what came since the copy was made");
    return false;
  }

  async #finish(heads: readonly Head[]): Promise<boolean> {
    const receipts = heads.find(({ stream }) => stream === receiptStream);
    if (receipts?.pending !== 0) return false;
    const { store, log } = this.#office;
    await store.write(() => {
      store.restored.advance("SYNCED");
      renumberWaiting(this.#office);
    });
    log.warn("the store has caught up with the hub", { count: store.restored.countLost() });
    return await this.#keep(heads);
  }

  async #keep(heads: readonly Head[]): Promise<boolean> {
    const { store } = this.#office;
    await store.write(() => {
      for (const head of heads) keepPlace(store, head, this.#duties.given(head.stream));
    });
    if (this.maySend) return true;
    this.maySend = true;
    this.#duties.wake();
    return true;
  }
}

/** Builds it; nothing is asked before the first tick. */
export function makeResync(office: Office, duties: ResyncDuties): Resync {
  return new RunningResync(office, duties);
}
