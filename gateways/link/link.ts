import { consumerOf, inboxPrefixOf, outHeadsSubject } from "../../schemas/index.ts";
import type { Bytes, Chance, Clock, Log } from "../../schemas/ground/index.ts";
import type { HubConnection, HubTrust, Incoming, LinkIdentity } from "./connect.ts";
import { startConnection } from "./connect.ts";
import { type HeadsRound, makeHeadsRound } from "./heads.ts";
import { type Pull, startPull } from "./pull.ts";
import { type Sender, type SendQueue, startSender } from "./send.ts";

/** What is done with all that goes over a link; whoever starts the link has it. */
export interface LinkDuties {
  readonly queue: SendQueue;
  /** Streams to pull from, beside the receipts; asked now and then, because mandates change. */
  streams(): readonly string[];
  /** Resolves when the batch is on the disk, whatever is thought of it. */
  takePublications(batch: readonly Incoming[]): Promise<void>;
  takeReceipts(batch: readonly Incoming[]): Promise<void>;
  /** Called before the hub is asked where its streams stand; what it returns comes with the answer. */
  beforeHeads(): unknown;
  /** Rejects when the answer was not good, or left out a stream: then the hub is asked again soon. */
  takeHeads(answer: Bytes, before: unknown): Promise<void>;
  onUp(): void;
}

/** Where the hub is, and as whom we come. */
export interface LinkOptions extends LinkIdentity {
  readonly agency: string;
  readonly urls: readonly string[];
  /** What is shown at each dial, when it may change. */
  readonly identity?: ((failed: number) => LinkIdentity) | undefined;
  readonly trust: HubTrust;
  readonly duties: LinkDuties;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** A running link. */
export interface Link {
  readonly isUp: boolean;
  /** When something last came from the hub (EpochMs). */
  readonly lastContactAt: number | undefined;
  readonly connection: HubConnection;
  readonly sender: Sender;
  /** Call about once a second; all that is repeated or times out hangs on it. */
  tick(): void;
  stop(): Promise<void>;
}

const receiptStream = "RECEIPTS";
const requestTimeoutMs = 5_000;
const noBytes = new Uint8Array();

class RunningLink implements Link {
  readonly connection: HubConnection;
  readonly sender: Sender;
  lastContactAt: number | undefined;
  readonly #options: LinkOptions;
  readonly #pulls = new Map<string, Pull>();
  readonly #heads: HeadsRound;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { agency, duties, clock, chance, log } = options;
    const { queue } = duties;
    this.connection = startConnection({
      ...options,
      inboxPrefix: inboxPrefixOf(agency),
      onUp: () => this.#rise(),
      onDown: () => this.#reset(),
    });
    this.#heads = makeHeadsRound({
      ask: async () => {
        const answer = await this.connection.request(outHeadsSubject, noBytes, requestTimeoutMs);
        this.#touch();
        return answer;
      },
      before: () => duties.beforeHeads(),
      take: (answer, before) => duties.takeHeads(answer, before),
      clock,
      log,
    });
    this.sender = startSender({ queue, connection: this.connection, clock, chance, log });
  }

  get isUp(): boolean {
    return this.connection.isUp;
  }

  async stop(): Promise<void> {
    this.sender.stop();
    const stops = [...this.#pulls.values()].map((pull) => pull.stop());
    await this.connection.close();
    await Promise.all(stops);
  }

  #touch(): void {
    this.lastContactAt = this.#options.clock.now();
  }

  #reset(): void {
    for (const pull of this.#pulls.values()) pull.reset();
  }

  #rise(): void {
    this.#touch();
    this.#reset();
    this.sender.reset();
    this.#heads.reset();
    this.#options.duties.onUp();
    this.tick();
  }

  tick(): void {
    if (!this.connection.isUp) return;
    this.#openPulls();
    for (const pull of this.#pulls.values()) pull.tick();
    this.sender.tick();
    this.#heads.tick();
  }

  #openPulls(): void {
    const { agency, duties, clock, log } = this.#options;
    const consumer = consumerOf(agency);
    for (const stream of [receiptStream, ...duties.streams()]) {
      if (this.#pulls.has(stream)) continue;
      const take = async (batch: readonly Incoming[]): Promise<void> => {
        this.#touch();
        if (stream === receiptStream) await duties.takeReceipts(batch);
        else await duties.takePublications(batch);
      };
      const { connection } = this;
      const pull = startPull({ source: { stream, consumer }, connection, clock, log, take });
      this.#pulls.set(stream, pull);
    }
  }
}

/**
 * Starts a link to one hub. Returns at once; everything else works while the hub cannot be reached, and what
 * waits goes out when it can.
 */
export function startLink(options: LinkOptions): Link {
  return new RunningLink(options);
}
