import { limits } from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type Clock,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import { backOffMs } from "./back-off.ts";
import type { HubConnection } from "./connect.ts";

/** What waits to be sent: the sender's only view of the outbox. */
export interface SendQueue {
  /** Places of what is not yet accepted or refused, the most urgent and oldest first. */
  waiting(limit: number): readonly number[];
  /** One of them, ready to go; undefined when it no longer waits. */
  load(seq: number): { readonly subject: string; readonly bytes: Bytes } | undefined;
}

/** What a sender needs. */
export interface SendOptions {
  readonly queue: SendQueue;
  readonly connection: HubConnection;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** Keeps sending what waits until it no longer does. */
export interface Sender {
  /** The queue changed: something was added, accepted or refused. */
  wake(): void;
  /** The hub asked for time: this one is left alone for a while. */
  postpone(seq: number): void;
  /** Call about once a second: sends again what got no receipt in time. */
  tick(): void;
  /** A new connection: nothing of what was under way counts any more. */
  reset(): void;
  stop(): void;
}

interface Flight {
  attempts: number;
  dueAt: number;
  /** The hub answered and asked for time: not under way, so it keeps no place from others. */
  isPostponed: boolean;
}

const resendTerms = { firstMs: 5_000, mostMs: 60_000 };
/** How many may be postponed and passed over at a time; bounds memory when a hub refuses everything. */
const maxPostponed = 4096;
/** Bytes handed to the socket in one go; the rest follows with the next tick or receipt. */
const maxBurstBytes = 8 * 1024 * 1024;

class SendLoop implements Sender {
  readonly #options: SendOptions;
  #flights = new Map<number, Flight>();
  #isAwake = false;
  #isStopped = false;

  constructor(options: SendOptions) {
    this.#options = options;
  }

  wake(): void {
    if (this.#isAwake || this.#isStopped) return;
    this.#isAwake = true;
    setImmediate(() => {
      this.#isAwake = false;
      this.#refill();
    });
  }

  postpone(seq: number): void {
    const flight = this.#flights.get(seq);
    if (flight === undefined) return;
    flight.attempts += 1;
    flight.dueAt = this.#dueAfter(flight.attempts);
    flight.isPostponed = true;
  }

  tick(): void {
    this.#refill();
  }

  reset(): void {
    this.#flights.clear();
    this.wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.#flights.clear();
  }

  #dueAfter(attempts: number): number {
    const { clock, chance } = this.#options;
    return clock.elapsed() + backOffMs(resendTerms, attempts, chance);
  }

  /** The window is the first so many of what waits; whatever left that list is forgotten. */
  #window(now: number): ReadonlyMap<number, Flight> {
    const postponed = [...this.#flights.values()].filter(({ isPostponed }) => isPostponed).length;
    const reach = limits.maxUnderWay + Math.min(postponed, maxPostponed);
    const window = new Map<number, Flight>();
    for (const seq of this.#options.queue.waiting(reach)) {
      const held = this.#flights.get(seq);
      window.set(seq, held ?? { attempts: 0, dueAt: now, isPostponed: false });
    }
    this.#flights = window;
    return window;
  }

  #refill(): void {
    const { connection, clock, log } = this.#options;
    if (this.#isStopped || !connection.isUp) return;
    const now = clock.elapsed();
    try {
      let bytes = 0;
      for (const [seq, flight] of this.#window(now)) {
        if (flight.dueAt > now) continue;
        if (bytes >= maxBurstBytes) break;
        bytes += this.#send(seq, flight);
      }
    } catch (error) {
      log.error("the outbox could not be read", { code: toFault(error, "INTERNAL").code });
    }
  }

  #send(seq: number, flight: Flight): number {
    const { queue, connection } = this.#options;
    const ready = queue.load(seq);
    if (ready === undefined || !connection.publish(ready.subject, ready.bytes)) return 0;
    flight.dueAt = this.#dueAfter(flight.attempts);
    flight.attempts += 1;
    flight.isPostponed = false;
    return ready.bytes.length;
  }
}

/**
 * Starts to send what waits: at most `limits.maxUnderWay` at a time without a receipt, the most urgent first,
 * each again after 5 to 60 seconds of silence.
 */
export function startSender(options: SendOptions): Sender {
  return new SendLoop(options);
}
