import type { Chance, Clock, Log } from "../../schemas/ground/index.ts";
import { toFault, utf8 } from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import { backOffMs } from "./back-off.ts";
import type { HubConnection, Inbox, Incoming } from "./connect.ts";
import { isThin } from "./patience.ts";
import { type PullTerms, pullTerms } from "./pull-terms.ts";

/** A durable consumer the hub made for us. */
export interface PullSource {
  readonly stream: string;
  readonly consumer: string;
}

/** What pulls need. */
export interface PullOptions {
  readonly source: PullSource;
  readonly connection: HubConnection;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** How many pulls share the line; 1 when left out. */
  readonly sharers?: () => number;
  /** Whether nothing of anybody's has gone over the line for a while; never when left out. */
  readonly isIdle?: (() => boolean) | undefined;
  /** Whether the hub has several servers; no when left out. */
  readonly hasMany?: boolean | undefined;
  /** Whether the server we are at tells when one of them comes or goes; no when left out. */
  readonly isTold?: (() => boolean) | undefined;
  /** Called once when the server did not say in time that it still holds our request, or when nobody takes one any more. */
  readonly onLost?: (() => void) | undefined;
  /** Resolves when the batch is on the disk; only then is it acknowledged. Rejects when it could not be kept. */
  readonly take: (batch: readonly Incoming[]) => Promise<void>;
}

/** A loop that pulls one consumer. */
export interface Pull {
  /** Call about once a second, and when the link came up: asks again where an answer stayed away. */
  tick(): void;
  /** Forgets what was asked for: the connection it was asked on is gone. */
  reset(): void;
  /** Whoever had our request may be gone: asks anew. What is handed over of the one before is taken. */
  doubt(): void;
  /** Asks no more; resolves when the batch that is being taken is done. */
  stop(): Promise<void>;
}

/** Messages asked for at once; the hub holds at most this many of ours unacknowledged in memory here. */
const batchSize = 128;
/** How much longer than was agreed we wait for the server's note before we ask again. */
const graceMs = 5_000;
/** Notes of one change come within this. */
const sameNewsMs = 1_000;
/** While there is something to do, no request is relied on for longer without a word of the server's. */
const busyReachMs = 35_000;
/** A shorter limit is no hub's. */
const leastLongestMs = 30_000;
/** How long to leave a consumer alone that does not exist or refused; what comes back is found within a minute. */
const refusedTerms = { firstMs: 5_000, mostMs: 30_000 };
/** What could not be kept is tried again after this. */
const pauseMs = 5_000;
/** The least that is asked for: five streams of it, and half as much again, are under the 30 s that the hub waits for an acknowledgement. */
const leastBytes = 8 * 1024;
const acknowledgement = utf8("+ACK");

function nanos(ms: number): number {
  return Math.round(ms) * 1_000_000;
}

function renderTerms({ expiresMs, heartbeatMs }: PullTerms): object {
  const expires = nanos(expiresMs);
  return heartbeatMs === undefined ? { expires } : { expires, idle_heartbeat: nanos(heartbeatMs) };
}

class PullLoop implements Pull {
  readonly #options: PullOptions;
  readonly #inbox: Inbox;
  readonly #ackPrefix: string;
  #backlog: Incoming[] = [];
  /** What was asked for and did not come yet: messages, and bytes of them. */
  #asked = 0;
  #askedBytes = 0;
  #lastBytes = 0;
  #number = 0;
  /** Requests up to this number count no more, whatever the server still says of them. */
  #doneNumber = 0;
  #terms: PullTerms = { expiresMs: 0 };
  #longestMs: number | undefined;
  #askedAt = 0;
  /** When the server last handed something over or said that our request stands. */
  #signAt = 0;
  /** Whether it was told that no sign came since. */
  #isToldLost = false;
  /** After a refusal. */
  #askAgainAt = 0;
  #refused = 0;
  /** The next message was too large for what was asked for: it alone is asked for, whatever its size. */
  #isLarge = false;
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: PullOptions) {
    this.#options = options;
    const { stream, consumer } = options.source;
    this.#ackPrefix = `$JS.ACK.${stream}.${consumer}.`;
    this.#inbox = options.connection.listen((message) => this.#receive(message));
  }

  tick(): void {
    const now = this.#options.clock.elapsed();
    if (this.#asked > 0 && this.#isOver(now)) this.#abandon();
    if (this.#asked === 0 && now >= this.#askAgainAt) this.#ask();
  }

  reset(): void {
    this.#abandon();
    this.#askAgainAt = 0;
    this.#refused = 0;
  }

  doubt(): void {
    // what was refused is asked again in its own time
    if (this.#asked === 0) return;
    this.#abandon();
    this.#ask();
  }

  /** Whether what was asked for is not to be counted on any more. */
  #isOver(now: number): boolean {
    const { isIdle, connection } = this.#options;
    const { expiresMs, heartbeatMs } = this.#terms;
    const lateMs = graceMs + 2 * (connection.line.quality().roundTripMs ?? 0);
    if (now >= this.#askedAt + expiresMs + lateMs) return true;
    if (heartbeatMs === undefined) return false;
    const beatAt = this.#signAt + heartbeatMs;
    if (now >= beatAt + lateMs && this.#isLost(beatAt)) return true;
    return isIdle?.() !== true && now >= this.#signAt + busyReachMs + lateMs;
  }

  /** A sign that did not come may stand behind what the line carries, until something that was sent later came over it. */
  #isLost(beatAt: number): boolean {
    const { onLost, connection } = this.#options;
    if (!this.#isToldLost) onLost?.();
    this.#isToldLost = true;
    if ((connection.line.answeredAt ?? 0) < beatAt) return false;
    // behind the same address may be another hub by now
    this.#longestMs = undefined;
    return true;
  }

  #sign(): void {
    this.#signAt = this.#options.clock.elapsed();
    this.#isToldLost = false;
  }

  /** What the server still says of it counts for nothing; what it still hands over is taken. */
  #abandon(): void {
    this.#forget(this.#asked, this.#askedBytes);
    this.#doneNumber = this.#number;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#working;
  }

  /** What is asked for: as many bytes as the line brings in some seconds, shared with the other streams. */
  #wish(): { readonly batch: number; readonly max_bytes?: number } {
    if (this.#isLarge) return { batch: 1 };
    const { connection, sharers } = this.#options;
    const share = Math.floor(connection.line.receiveBytes / Math.max(1, sharers?.() ?? 1));
    return { batch: batchSize, max_bytes: Math.max(leastBytes, share) };
  }

  /** So much less is awaited. */
  #forget(count: number, bytes: number): void {
    this.#asked = Math.max(0, this.#asked - count);
    this.#askedBytes = this.#asked === 0 ? 0 : Math.max(0, this.#askedBytes - bytes);
  }

  #isNearlyThrough(): boolean {
    return this.#asked <= batchSize / 2 || this.#askedBytes <= this.#lastBytes / 2;
  }

  /** Asks for the next batch when the one before is nearly through and what came of it is not piling up. */
  #ask(): void {
    const { connection, clock, chance, source, isIdle, hasMany = false, isTold } = this.#options;
    if (this.#isStopped || !connection.isUp) return;
    if (!this.#isNearlyThrough() || this.#backlog.length > batchSize) return;
    const { roundTripMs = 0 } = connection.line.quality();
    const place = {
      isIdle: isIdle?.() === true,
      roundTripMs,
      longestMs: this.#longestMs,
      hasMany,
      isTold: isTold?.() === true,
      isThin: isThin(connection.line),
    };
    const terms = pullTerms(place, chance);
    const wish = this.#wish();
    const request = utf8(JSON.stringify({ ...wish, ...renderTerms(terms) }));
    this.#number += 1;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${source.stream}.${source.consumer}`;
    if (!connection.publish(subject, request, `${this.#inbox.name}.${this.#number}`)) return;
    this.#asked += wish.batch;
    this.#lastBytes = wish.max_bytes ?? limits.maxPublicationBytes;
    this.#askedBytes += this.#lastBytes;
    this.#terms = terms;
    this.#askedAt = clock.elapsed();
    this.#sign();
  }

  #note(message: Incoming): void {
    const { subject, status = 0, longestMs, isElsewhere } = message;
    const isDone = Number(subject.slice(subject.lastIndexOf(".") + 1)) <= this.#doneNumber;
    if (isDone && (isElsewhere !== true || this.#isJustAsked())) return;
    this.#sign();
    // 100 is a heartbeat, 404 and 408 end a request that found nothing more
    if (status < 400) return;
    if (longestMs !== undefined && this.#learn(longestMs)) return;
    if (isElsewhere === true) {
      // whoever leads now knows of no request
      this.#abandon();
      return this.#ask();
    }
    this.#end(message, status);
  }

  /** Who leads from now on says so of each request that he knows of, one after another; of one that went to nobody he knows nothing. */
  #isJustAsked(): boolean {
    return this.#options.clock.elapsed() - this.#askedAt < sameNewsMs;
  }

  /** The server has done with a request. */
  #end({ left = 0, leftBytes = 0, isTooLarge = false }: Incoming, status: number): void {
    if (left > 0) this.#forget(left, leftBytes);
    else this.#forget(batchSize, this.#lastBytes);
    if (isTooLarge) {
      // where some of the request came, the next one has room again
      if (left >= batchSize) this.#isLarge = true;
      return this.#ask();
    }
    if (status === 404 || status === 408) return this.#ask();
    const { clock, chance, onLost } = this.#options;
    // where nobody takes it, perhaps nobody else is there either; a refusal that goes on is no news
    if (this.#refused === 0) onLost?.();
    this.#forget(this.#asked, this.#askedBytes);
    this.#askAgainAt = clock.elapsed() + backOffMs(refusedTerms, this.#refused, chance);
    this.#refused += 1;
  }

  /** The hub lets a request stand for so long: asked again by that, unless it was. */
  #learn(longestMs: number): boolean {
    if (longestMs < leastLongestMs || longestMs === this.#longestMs) return false;
    this.#longestMs = longestMs;
    this.#abandon();
    this.#ask();
    return true;
  }

  #receive(message: Incoming): void {
    if (this.#isStopped) return;
    if (message.status !== undefined) return this.#note(message);
    if (!message.reply.startsWith(this.#ackPrefix)) return;
    // as the server reckons a message: its names, and what it holds
    this.#forget(1, message.subject.length + message.reply.length + message.bytes.length);
    this.#refused = 0;
    this.#sign();
    this.#isLarge = false;
    this.#backlog.push(message);
    this.#ask();
    // `#work` handles its failures itself
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    const { take, connection, clock, log, source } = this.#options;
    while (this.#backlog.length > 0 && !this.#isStopped) {
      const batch = this.#backlog.slice(0, batchSize);
      this.#backlog = this.#backlog.slice(batchSize);
      try {
        await take(batch);
        for (const { reply } of batch) connection.publish(reply, acknowledgement);
      } catch (error) {
        // not acknowledged, so the hub hands it over again after its own wait
        log.error("batch not kept", {
          stream: source.stream,
          code: toFault(error, "INTERNAL").code,
        });
        if (!this.#isStopped) await clock.sleep(pauseMs);
      }
      this.#ask();
    }
    this.#working = undefined;
  }
}

/**
 * Starts to pull one consumer: takes batches as they come, one after another, and acknowledges each batch once
 * it is on the disk. What was not acknowledged comes again.
 */
export function startPull(options: PullOptions): Pull {
  const pull = new PullLoop(options);
  pull.tick();
  return pull;
}
