import type { Clock, Log } from "../../schemas/ground/index.ts";
import { toFault, utf8 } from "../../schemas/ground/index.ts";
import type { HubConnection, Incoming } from "./connect.ts";

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
  readonly log: Log;
  /** Resolves when the batch is on the disk; only then is it acknowledged. Rejects when it could not be kept. */
  readonly take: (batch: readonly Incoming[]) => Promise<void>;
}

/** A loop that pulls one consumer. */
export interface Pull {
  /** Call about once a second, and when the link came up: asks again where an answer stayed away. */
  tick(): void;
  /** Forgets what was asked for: the connection it was asked on is gone. */
  reset(): void;
  /** Asks no more; resolves when the batch that is being taken is done. */
  stop(): Promise<void>;
}

/** Messages asked for at once; the hub holds at most this many of ours unacknowledged in memory here. */
const batchSize = 128;
/** How long the server keeps one request open; below its own response threshold of two minutes. */
const expiresMs = 30_000;
/** How much longer than that we wait for its note before we ask again. */
const graceMs = 5_000;
/** How long to leave a consumer alone that does not exist or refused. */
const pauseMs = 5_000;
const acknowledgement = utf8("+ACK");

class PullLoop implements Pull {
  readonly #options: PullOptions;
  readonly #inbox: string;
  readonly #ackPrefix: string;
  readonly #request: Uint8Array;
  #backlog: Incoming[] = [];
  #asked = 0;
  #number = 0;
  #askAgainAt = 0;
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: PullOptions) {
    this.#options = options;
    const { stream, consumer } = options.source;
    this.#ackPrefix = `$JS.ACK.${stream}.${consumer}.`;
    const question = { batch: batchSize, expires: expiresMs * 1_000_000 };
    this.#request = utf8(JSON.stringify(question));
    this.#inbox = options.connection.listen((message) => this.#receive(message));
  }

  tick(): void {
    const now = this.#options.clock.elapsed();
    if (this.#asked > 0 && now >= this.#askAgainAt) this.#asked = 0;
    if (this.#asked === 0 && now >= this.#askAgainAt) this.#ask();
  }

  reset(): void {
    this.#asked = 0;
    this.#askAgainAt = 0;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#working;
  }

  /** Asks for the next batch when the one before is nearly through and what came of it is not piling up. */
  #ask(): void {
    const { connection, clock, source } = this.#options;
    if (this.#isStopped || !connection.isUp) return;
    if (this.#asked > batchSize / 2 || this.#backlog.length > batchSize) return;
    this.#number += 1;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${source.stream}.${source.consumer}`;
    if (!connection.publish(subject, this.#request, `${this.#inbox}.${this.#number}`)) return;
    this.#asked += batchSize;
    this.#askAgainAt = clock.elapsed() + expiresMs + graceMs;
  }

  #note({ status = 0, left = 0 }: Incoming): void {
    // 100 is a heartbeat, 404 and 408 end a request that found nothing more
    if (status < 400) return;
    this.#asked = Math.max(0, this.#asked - (left > 0 ? left : batchSize));
    if (status === 404 || status === 408) return this.#ask();
    this.#asked = 0;
    this.#askAgainAt = this.#options.clock.elapsed() + pauseMs;
  }

  #receive(message: Incoming): void {
    if (this.#isStopped) return;
    if (message.status !== undefined) return this.#note(message);
    if (!message.reply.startsWith(this.#ackPrefix)) return;
    this.#asked = Math.max(0, this.#asked - 1);
    this.#backlog.push(message);
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
