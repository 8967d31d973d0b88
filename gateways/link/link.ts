import { consumerOf, inboxPrefixOf, outHeadsSubject } from "../../schemas/index.ts";
import type { Bytes, Chance, Clock, EpochMs, Log } from "../../schemas/ground/index.ts";
import { type HubBlobs, type LinkBlobs, makeLinkBlobs } from "./blobs.ts";
import type {
  ConnectionState,
  HubConnection,
  HubTrust,
  Incoming,
  LinkIdentity,
} from "./connect.ts";
import { startConnection } from "./connect.ts";
import { type Gathering, makeGathering } from "./gathering.ts";
import { type HeadsRound, makeHeadsRound } from "./heads.ts";
import { type Pull, startPull } from "./pull.ts";
import type { LineQuality } from "./pulse.ts";
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
  /** Asked at each dial, where they may change; the ones above when left out. */
  readonly urlsNow?: (() => readonly string[]) | undefined;
  /** What is shown at each dial, when it may change. */
  readonly identity?: ((failed: number) => LinkIdentity) | undefined;
  readonly trust: HubTrust;
  readonly duties: LinkDuties;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** How the way to the hub is. */
export interface LinkHealth extends ConnectionState, LineQuality {
  readonly isUp: boolean;
  /** When the hub last answered or something came from it. */
  readonly lastContactAt: EpochMs | undefined;
}

/** A running link. */
export interface Link {
  readonly isUp: boolean;
  readonly connection: HubConnection;
  readonly sender: Sender;
  /** Chunks of files at the hub. */
  readonly blobs: HubBlobs;
  health(): LinkHealth;
  /** Call about once a second; all that is repeated or times out hangs on it. */
  tick(): void;
  stop(): Promise<void>;
}

const receiptStream = "RECEIPTS";
const requestTimeoutMs = 5_000;
/** After the last message either way the line counts as idle. */
const idleAfterMs = 60_000;
const noBytes = new Uint8Array();

class RunningLink implements Link {
  readonly connection: HubConnection;
  readonly sender: Sender;
  readonly blobs: LinkBlobs;
  #lastContactAt: EpochMs | undefined;
  /** When a message last went either way; elapsed. */
  #movedAt = -idleAfterMs;
  readonly #options: LinkOptions;
  readonly #pulls = new Map<string, Pull>();
  readonly #heads: HeadsRound;
  readonly #gathering: Gathering;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { agency, duties, clock, chance, log } = options;
    const { queue } = duties;
    this.connection = startConnection({
      ...options,
      inboxPrefix: inboxPrefixOf(agency),
      onUp: () => this.#rise(),
      onDown: () => this.#fall(),
    });
    this.blobs = makeLinkBlobs(this.connection);
    this.#heads = makeHeadsRound({
      ask: async () => {
        const answer = await this.connection.request(outHeadsSubject, noBytes, requestTimeoutMs);
        this.#touch();
        return answer;
      },
      before: () => duties.beforeHeads(),
      take: (answer, before) => duties.takeHeads(answer, before),
      onSilence: () => this.#goElsewhere(),
      isIdle: () => this.#isIdle(),
      roundTripMs: () => this.connection.line.quality().roundTripMs ?? 0,
      clock,
      chance,
      log,
    });
    const servers = (): readonly string[] => this.connection.servers;
    this.#gathering = makeGathering({ servers, onChange: () => this.#doubt(), clock, chance });
    const onLate = (): void => this.#heads.hurry();
    this.sender = startSender({ queue, connection: this.connection, onLate, clock, chance, log });
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

  health(): LinkHealth {
    const { isUp, line, state } = this.connection;
    return { ...state, ...line.quality(), isUp, lastContactAt: this.#contactAt() };
  }

  #contactAt(): EpochMs | undefined {
    const { clock } = this.#options;
    const { answeredAt } = this.connection.line;
    const answered = answeredAt === undefined ? 0 : clock.now() - (clock.elapsed() - answeredAt);
    const last = Math.round(Math.max(answered, this.#lastContactAt ?? 0));
    return last === 0 ? undefined : last;
  }

  #touch(): void {
    this.#lastContactAt = this.#options.clock.now();
  }

  /** Receipts alone make no line busy: they follow what does. */
  #isIdle(): boolean {
    return this.#options.clock.elapsed() - this.#movedAt >= idleAfterMs;
  }

  #move(): void {
    this.#movedAt = this.#options.clock.elapsed();
  }

  #fall(): void {
    this.sender.broke();
    this.blobs.reset();
    for (const pull of this.#pulls.values()) pull.reset();
  }

  /** A server of the hub came or went: whoever had what we asked for may be gone, or ours cut off. */
  #doubt(): void {
    for (const pull of this.#pulls.values()) pull.doubt();
    this.#heads.hurry();
  }

  /** A server that is cut off from the hub's others keeps its connections, and nothing comes of them. */
  #goElsewhere(): void {
    const { urls, urlsNow } = this.#options;
    if ((urlsNow?.() ?? urls).length < 2) return;
    this.#options.log.warn("the hub does not answer where we are connected");
    void this.connection.reconnect();
    // what it took it could not pass on, and no receipt is late that nobody gives
    this.sender.distrust();
  }

  #rise(): void {
    this.#touch();
    // what is urgent goes before all that we ask for and repeat
    this.sender.rise();
    this.#heads.reset();
    this.#gathering.reset();
    this.tick();
    this.#options.duties.onUp();
  }

  tick(): void {
    this.connection.tick();
    if (!this.connection.isUp) return;
    this.#gathering.tick();
    this.#openPulls();
    for (const pull of this.#pulls.values()) pull.tick();
    this.sender.tick();
    if (this.sender.isBusy) this.#move();
    this.#heads.tick();
  }

  #openPulls(): void {
    const { agency, urls, duties, clock, chance, log } = this.#options;
    const consumer = consumerOf(agency);
    for (const stream of [receiptStream, ...duties.streams()]) {
      if (this.#pulls.has(stream)) continue;
      const take = async (batch: readonly Incoming[]): Promise<void> => {
        this.#touch();
        if (stream === receiptStream) return await duties.takeReceipts(batch);
        this.#move();
        return await duties.takePublications(batch);
      };
      const { connection } = this;
      const source = { stream, consumer };
      const pull = startPull({
        source,
        connection,
        clock,
        chance,
        log,
        sharers: () => this.#pulls.size,
        isIdle: () => this.#isIdle(),
        hasMany: urls.length > 1,
        isTold: () => this.#gathering.isTold,
        onLost: () => this.#heads.hurry(),
        take,
      });
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
