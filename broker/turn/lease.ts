import { type Clock, Fault, type Log, toFault } from "../../schemas/ground/index.ts";
import { hubLimits } from "../nats/index.ts";
import { checkPlace, isPlaceFault, type TurnPlace } from "./place.ts";
import type { TurnStore } from "./store.ts";

/** Whose turn it is among the brokers of one hub, as one of them knows it. */
export interface Turn {
  /** Whether it is ours at this moment: nobody else can have taken it yet. Asked before each thing that only one may do. */
  readonly isOurs: boolean;
  /** Whether another has it: from then on it is never ours again. */
  readonly isLost: boolean;
  /** Resolves once another has it. */
  readonly lost: Promise<undefined>;
  /** Gives it back, so that the next need not wait. Never rejects. */
  end(): Promise<void>;
}

/** What a turn is waited for and kept with. */
export interface LeaseOptions {
  readonly store: TurnStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this process alone, never used before. */
  readonly run: string;
  /** Where this broker is, told with each word; nobody is refused for it when left out. */
  readonly place?: TurnPlace | undefined;
  /** Called when nothing was heard or said in vain for some time: another server of the hub may answer. */
  readonly onDeaf?: (() => void) | undefined;
  /** Asked while it waits: nothing is waited for any more. */
  readonly isOver?: (() => boolean) | undefined;
}

/**
 * Parts of the lease. Who has the turn says so again and again, and ceases before another can begin: clocks run at different paces,
 * and what was sent is still on its way. Where no answer comes for so long, none is waited for.
 */
const parts = { renew: 0.2, margin: 0.2, look: 0.1, answer: 0.3 } as const;

function partOf(part: keyof typeof parts): number {
  return hubLimits.turnLeaseMs * parts[part];
}

/** Until when the turn is ours; by two clocks, because either may stand still while the machine sleeps. */
interface End {
  readonly elapsed: number;
  readonly now: number;
}

function endFrom(clock: Clock): End {
  const forMs = hubLimits.turnLeaseMs - partOf("margin");
  return { elapsed: clock.elapsed() + forMs, now: clock.now() + forMs };
}

async function inTime<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  const late = clock.sleep(partOf("answer")).then((): never => {
    throw new Fault("HUB_UNREACHABLE", "no answer in time");
  });
  // whoever answered in time is not told of it
  late.catch(() => undefined);
  return await Promise.race([answer, late]);
}

class HeldTurn implements Turn {
  readonly lost: Promise<undefined>;
  readonly #options: LeaseOptions;
  readonly #lose: () => void;
  #at: number;
  #end: End | undefined;
  #isEnding = false;
  #isLost = false;
  readonly #renewing: Promise<void>;
  readonly #wake: () => void;

  constructor(options: LeaseOptions, { at, end }: { readonly at: number; readonly end: End }) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const bell = Promise.withResolvers<undefined>();
    this.lost = promise;
    this.#lose = () => resolve(undefined);
    this.#wake = () => bell.resolve(undefined);
    this.#options = options;
    this.#at = at;
    this.#end = end;
    this.#renewing = this.#keep(bell.promise);
  }

  get isOurs(): boolean {
    const { clock } = this.#options;
    const end = this.#end;
    if (end === undefined || this.#isLost || this.#isEnding) return false;
    return clock.elapsed() < end.elapsed && clock.now() < end.now;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  async end(): Promise<void> {
    const wasOurs = this.isOurs;
    this.#isEnding = true;
    this.#wake();
    await this.#renewing;
    if (wasOurs && !this.#isLost) {
      const { store, run, place } = this.#options;
      await store.append(this.#at, { run, isFree: true, place });
    }
  }

  async #keep(ended: Promise<undefined>): Promise<void> {
    const { clock, log } = this.#options;
    while (!this.#isEnding && !this.#isLost) {
      await Promise.race([clock.sleep(partOf("renew")), ended]);
      if (this.#isEnding) return;
      await this.#renew().catch((error: unknown) => {
        // it goes on being ours until its end, and is renewed when the servers answer, if nobody took it
        log.warn("the turn was not renewed", { code: toFault(error, "INTERNAL").code });
        this.#options.onDeaf?.();
      });
    }
  }

  async #renew(): Promise<void> {
    const { store, clock, run, place } = this.#options;
    const end = endFrom(clock);
    const outcome = await inTime(clock, store.append(this.#at, { run, isFree: false, place }));
    if (outcome.kind === "stored") {
      this.#at = outcome.sequence;
      this.#end = end;
      return;
    }
    const found = await inTime(clock, store.last());
    const isAnothers = found.run !== run && found.sequence > 0;
    // what nobody knew to be stored stood there; or all of it is gone, and whoever waits waits his whole time
    this.#at = found.sequence;
    if (!isAnothers) return;
    this.#isLost = true;
    this.#lose();
  }
}

/**
 * Waits for the turn and takes it. It is taken from whoever was silent for `turnLeaseMs` that we listened without a gap, or gave it
 * back; the stream lets one of those who try have it.
 *
 * @returns undefined when it was not waited for any more
 * @throws {Fault} CONFIG_INVALID when whoever has it works under this one's name, or with another shared folder
 */
export async function takeTurn(options: LeaseOptions): Promise<Turn | undefined> {
  const { store, clock, log, run, place, isOver = () => false } = options;
  /** The newest word of another, and since when we know that there is no newer. */
  let heard: { readonly sequence: number; readonly since: number } | undefined;

  const tryOnce = async (): Promise<Turn | undefined> => {
    const found = await inTime(clock, store.last());
    const now = clock.elapsed();
    const isSpeaking = heard !== undefined && heard.sequence !== found.sequence && !found.isFree;
    if (isSpeaking && place !== undefined && found.place !== undefined) checkPlace(place, found.place);
    if (heard?.sequence !== found.sequence) heard = { sequence: found.sequence, since: now };
    if (!found.isFree && now - heard.since < hubLimits.turnLeaseMs) return undefined;
    const end = endFrom(clock);
    const outcome = await store.append(found.sequence, { run, isFree: false, place });
    if (outcome.kind !== "stored") return undefined;
    return new HeldTurn(options, { at: outcome.sequence, end });
  };

  let wasDeaf = false;
  while (!isOver()) {
    try {
      const turn = await tryOnce();
      if (turn !== undefined) return turn;
      wasDeaf = false;
    } catch (error) {
      if (isPlaceFault(error)) throw error;
      // whoever could not listen does not know that nobody spoke
      heard = undefined;
      if (wasDeaf) options.onDeaf?.();
      if (!wasDeaf) log.warn("whose turn it is is not known", { code: toFault(error, "INTERNAL").code });
      wasDeaf = true;
    }
    await clock.sleep(partOf("look"));
  }
  return undefined;
} // prettier-ignore
