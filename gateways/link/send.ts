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
import { makeReceiptTime, type ReceiptTime } from "./receipt-time.ts";

/** Something that waits. */
export interface Queued {
  readonly seq: number;
  /** The higher, the sooner it is sent. */
  readonly rank: number;
  /** Goes though the line is busy with what is not. */
  readonly isUrgent: boolean;
}

/** What waits to be sent: the sender's only view of the outbox. */
export interface SendQueue {
  /** What is not yet accepted or refused: the highest rank first, then the oldest. */
  waiting(limit: number): readonly Queued[];
  /** One of them, ready to go; undefined when it no longer waits. */
  load(seq: number): { readonly subject: string; readonly bytes: Bytes } | undefined;
}

/** What a sender needs. */
export interface SendOptions {
  readonly queue: SendQueue;
  readonly connection: HubConnection;
  /** Called when one goes again because its receipt stayed away, though the line carried it. */
  readonly onLate?: (() => void) | undefined;
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
  /** Whether something was sent that the hub has not answered yet. */
  readonly isBusy: boolean;
  /** The connection broke: what the hub is not known to have had counts as not sent. */
  broke(): void;
  /** Whoever has had all of it was cut off from the hub, or the hub was away: it counts as not sent, and goes again at once. */
  distrust(): void;
  /** A connection stands: sends at once. */
  rise(): void;
  stop(): void;
}

interface Flight extends Queued {
  readonly bytes: number;
  /** When it went first. */
  readonly sentAt: number;
  /** Where the line stood after it. */
  readonly mark: number;
  /** Times it was sent, or the hub asked for time. */
  readonly attempts: number;
  /** When it goes again; undefined until the hub is known to have had it. */
  readonly dueAt: number | undefined;
  /** The hub answered and asked for time: not under way, so it keeps no place from others. */
  readonly isPostponed: boolean;
}

/** What is under way, and what may be. */
interface Room {
  count: number;
  bytes: number;
  urgentBytes: number;
}

const mostMs = 60_000;
/** How many may be postponed and passed over at a time; bounds memory when a hub refuses everything. */
const maxPostponed = 4096;

function isBefore(one: Queued, other: Queued): boolean {
  return one.rank === other.rank ? one.seq <= other.seq : one.rank > other.rank;
}

class SendLoop implements Sender {
  readonly #options: SendOptions;
  readonly #times: ReceiptTime = makeReceiptTime();
  readonly #flights = new Map<number, Flight>();
  /** When the hub last answered, and when it last did so after a silence; elapsed. */
  #answeredAt = 0;
  #spokeAt = 0;
  #isAwake = false;
  #isStopped = false;

  constructor(options: SendOptions) {
    this.#options = options;
    this.#answeredAt = options.clock.elapsed();
  }

  get isBusy(): boolean {
    return this.#flights.size > 0;
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
    const attempts = flight.attempts + 1;
    const dueAt = this.#dueAfter(attempts);
    this.#flights.set(seq, { ...flight, attempts, dueAt, isPostponed: true });
  }

  tick(): void {
    this.#refill();
  }

  broke(): void {
    const { proven } = this.#options.connection.line;
    for (const { seq, mark } of this.#flights.values()) {
      if (mark > proven) this.#flights.delete(seq);
    }
  }

  distrust(): void {
    for (const { seq, isPostponed } of this.#flights.values()) {
      if (!isPostponed) this.#flights.delete(seq);
    }
  }

  rise(): void {
    this.#refill();
  }

  stop(): void {
    this.#isStopped = true;
    this.#flights.clear();
  }

  #dueAfter(attempts: number): number {
    const { clock, chance } = this.#options;
    const terms = { firstMs: this.#times.waitMs(), mostMs };
    return clock.elapsed() + backOffMs(terms, attempts - 1, chance);
  }

  /** Forgets what no longer waits, and says when what the hub has had goes again. */
  #settle(queued: readonly Queued[], reach: number): void {
    const { connection } = this.#options;
    const answered: Flight[] = [];
    const waiting = new Set(queued.map(({ seq }) => seq));
    const last = queued.length < reach ? undefined : queued.at(-1);
    for (const flight of this.#flights.values()) {
      const { seq, attempts, mark, dueAt } = flight;
      // what stands behind the last of a full list may wait all the same: more urgent ones came before it
      const isSeen = last === undefined || isBefore(flight, last);
      if (isSeen && !waiting.has(seq)) {
        this.#flights.delete(seq);
        answered.push(flight);
      } else if (dueAt === undefined && mark <= connection.line.proven) {
        // only from then on can a receipt be late: before, it was the line that was slow
        this.#flights.set(seq, { ...flight, dueAt: this.#dueAfter(attempts) });
      }
    }
    this.#learn(answered);
  }

  /** Learns how long receipts take; from those that waited out a silence of the hub, no more than one says. */
  #learn(answered: readonly Flight[]): void {
    const now = this.#options.clock.elapsed();
    const [first] = answered.toSorted((one, other) => other.sentAt - one.sentAt);
    if (first === undefined) return;
    const waitMs = this.#times.waitMs();
    const isSilenceOver = now - this.#answeredAt > waitMs;
    const telling = isSilenceOver ? [first] : answered.filter(({ sentAt }) => sentAt >= this.#spokeAt);
    const most = isSilenceOver ? 2 * waitMs : Infinity;
    // of one that was sent twice nobody knows which was answered: the first, as far as waiting longer goes
    for (const { sentAt } of telling) this.#times.note(Math.min(most, now - sentAt));
    this.#answeredAt = now;
    if (isSilenceOver) this.#hasten(now, waitMs);
  } // prettier-ignore

  /** The hub answers again: what was sent into its silence, and is left alone ever longer, waits no longer than at first. */
  #hasten(now: number, firstMs: number): void {
    const { chance } = this.#options;
    this.#spokeAt = now;
    for (const flight of this.#flights.values()) {
      const { seq, dueAt, isPostponed } = flight;
      if (isPostponed || dueAt === undefined) continue;
      const soon = now + backOffMs({ firstMs, mostMs }, 0, chance);
      this.#flights.set(seq, { ...flight, attempts: 1, dueAt: Math.min(dueAt, soon) });
    }
  }

  #roomTaken(now: number): Room {
    const room = { count: 0, bytes: 0, urgentBytes: 0 };
    for (const { bytes, isUrgent, isPostponed, dueAt } of this.#flights.values()) {
      if (isPostponed) continue;
      room.count += 1;
      if (dueAt !== undefined && dueAt <= now) continue;
      if (isUrgent) room.urgentBytes += bytes;
      else room.bytes += bytes;
    }
    return room;
  }

  #refill(): void {
    const { connection, queue, log } = this.#options;
    if (this.#isStopped || !connection.isUp) return;
    try {
      const postponed = [...this.#flights.values()].filter((one) => one.isPostponed).length;
      const reach = limits.maxUnderWay + Math.min(postponed, maxPostponed);
      const queued = queue.waiting(reach);
      this.#settle(queued, reach);
      this.#sendAll(queued);
    } catch (error) {
      log.error("the outbox could not be read", { code: toFault(error, "INTERNAL").code });
    }
  }

  #sendAll(queued: readonly Queued[]): void {
    const now = this.#options.clock.elapsed();
    const room = this.#roomTaken(now);
    for (const one of queued) {
      const flight = this.#flights.get(one.seq);
      if (flight !== undefined && (flight.dueAt === undefined || flight.dueAt > now)) continue;
      const isNew = flight === undefined || flight.isPostponed;
      if (isNew && room.count >= limits.maxUnderWay) return;
      const sent = this.#send(one, room);
      if (sent === undefined) return;
      if (isNew && sent > 0) room.count += 1;
    }
  }

  /** Sends one if there is room for it. Undefined when there is none; 0 when it no longer waits. */
  #send(queued: Queued, room: Room): number | undefined {
    const { queue, connection } = this.#options;
    const { seq, isUrgent } = queued;
    const ready = queue.load(seq);
    if (ready === undefined) return 0;
    const { length } = ready.bytes;
    // an urgent one waits for urgent ones alone
    const taken = isUrgent ? room.urgentBytes : room.bytes + room.urgentBytes;
    if (taken > 0 && taken + length > connection.line.sendBytes) return undefined;
    if (!connection.publish(ready.subject, ready.bytes)) return undefined;
    this.#launch(queued, length);
    if (isUrgent) room.urgentBytes += length;
    else room.bytes += length;
    return length;
  }

  #launch(queued: Queued, bytes: number): void {
    const { connection, clock, onLate } = this.#options;
    const before = this.#flights.get(queued.seq);
    if (before?.isPostponed === false) onLate?.();
    this.#flights.set(queued.seq, {
      ...queued,
      bytes,
      sentAt: before?.sentAt ?? clock.elapsed(),
      mark: connection.line.handed,
      attempts: (before?.attempts ?? 0) + 1,
      dueAt: undefined,
      isPostponed: false,
    });
  }
}

/**
 * Starts to send what waits, the most urgent first: at most `limits.maxUnderWay` without a receipt, and not more bytes
 * than some seconds of the line, which urgent ones do not wait for. Each goes again when its receipt stays away for
 * longer than receipts take here, counted from when the hub had it for certain, and then ever more seldom.
 */
export function startSender(options: SendOptions): Sender {
  return new SendLoop(options);
}
