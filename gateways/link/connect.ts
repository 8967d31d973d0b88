import { createInbox, type Msg, type NatsConnection } from "nats";

import {
  type Bytes,
  type Chance,
  type Clock,
  Fault,
  type FaultCode,
  type EpochMs,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import { redialMs } from "./back-off.ts";
import { type Asking, askOptions, bytesRead, dial, dialOrder, findReason, type HubTrust, type LinkIdentity } from "./dial.ts"; // prettier-ignore
import { patienceMs } from "./patience.ts";
import { type Line, makePulse, type Pulse } from "./pulse.ts";

export type { HubTrust, LinkIdentity } from "./dial.ts";

/** A message as the server hands it over; nothing of it is believed. */
export interface Incoming {
  readonly subject: string;
  readonly bytes: Bytes;
  /** Where an acknowledgement goes. */
  readonly reply: string;
  /** Of a server's note instead of a message: its status code, what of the request was left, and whether the next was too large for it. */
  readonly status?: number;
  readonly left?: number;
  readonly leftBytes?: number;
  readonly isTooLarge?: boolean;
  /** Whether another server leads the stream now; it knows of no request that the one before had. */
  readonly isElsewhere?: boolean;
  /** Of a request that was to stand longer than it may: how long it may. */
  readonly longestMs?: number | undefined;
}

/** Where answers are sent. */
export interface Inbox {
  /**
   * Ask with the name of the moment: it is another after each break. The server forgets what was asked over a connection
   * only when nobody listens to its answers; else it goes on handing messages to it, and nobody gets them.
   */
  readonly name: string;
}

/** A dial that came to nothing. */
export interface DialFailure {
  readonly at: EpochMs;
  readonly code: FaultCode;
  /** What the machine calls it, such as ECONNREFUSED; nothing of it is believed. */
  readonly why: string;
}

/** How a connection came to be as it is. */
export interface ConnectionState {
  /** Since when it is up, or down. */
  readonly since: EpochMs;
  /** The last dial that came to nothing. */
  readonly lastFailure?: DialFailure | undefined;
  /** When the hub is dialled next; not while it is up or being dialled. */
  readonly nextTryAt?: EpochMs | undefined;
}

/** Our end of a connection that comes and goes. Nothing sent while it is down is kept. */
export interface HubConnection {
  readonly isUp: boolean;
  readonly line: Line;
  readonly state: ConnectionState;
  /** The hub's servers that the one we are at is together with, itself among them, as it says; none where it does not say. */
  readonly servers: readonly string[];
  /** Whether it was handed to the socket; false while down. */
  publish(subject: string, bytes: Bytes, reply?: string): boolean;
  /** Waits as long as it says on a good line, and longer on one that is known to be slow. @throws {Fault} HUB_UNREACHABLE */
  request(subject: string, bytes: Bytes, asking: number | Asking): Promise<Bytes>;
  /** Listens to the names below an inbox of our own, over every reconnect. */
  listen(onMessage: (message: Incoming) => void): Inbox;
  /** Connects anew, as after a break: for another certificate. Nothing while it is down: the next dial shows it. */
  reconnect(): Promise<void>;
  /** The hub said that it lets nobody of us in for so long: it is not dialled before. */
  pause(forMs: number): void;
  /** Call about once a second: a line where nobody answers is given up. */
  tick(): void;
  close(): Promise<void>;
}

/** Where to connect, as whom, and who is told. */
export interface ConnectionOptions extends LinkIdentity {
  readonly urls: readonly string[];
  /** Asked at each dial, where they may change; the ones above when left out. */
  readonly urlsNow?: (() => readonly string[]) | undefined;
  /** Asked at each dial, with the number of those that failed before it; the one above when left out. */
  readonly identity?: ((failed: number) => LinkIdentity) | undefined;
  readonly inboxPrefix: string;
  readonly trust: HubTrust;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly onUp: () => void;
  readonly onDown: () => void;
}

/** A connection that stood so long was a good one: its end is no part of a row of breaks. */
const steadyMs = 30_000;
/** Of one protocol line, beside its names. */
const lineBytes = 16;
const pausedFault = new Fault("LINK_PAUSED", "the hub said that it lets nobody of us in");
/** More than any hub has; what a server says beyond is not read. */
const mostServers = 16;
const mostServerLetters = 256;
const noBytes = new Uint8Array();

/** As the server's language writes it, such as 30m0s. */
const longest = /^exceeded maxrequestexpires of (?:(\d{1,3})h)?(?:(\d{1,2})m)?(?:(\d{1,2})s)?$/iu;

function longestOf(description: string): number | undefined {
  const found = longest.exec(description.slice(0, 64));
  if (found === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((one) => Number(one || "0"));
  return 1_000 * (3_600 * hours + 60 * minutes + seconds);
}

function incomingOf(message: Msg): Incoming {
  const { subject, data, headers } = message;
  const reply = message.reply ?? "";
  if (headers === undefined || headers.code === 0) return { subject, bytes: data, reply };
  const left = Number(headers.get("Nats-Pending-Messages") || "0");
  const leftBytes = Number(headers.get("Nats-Pending-Bytes") || "0");
  const { code: status, description } = headers;
  const isTooLarge = /^message size exceeds maxbytes/iu.test(description.slice(0, 64));
  const isElsewhere = /^leadership change$/iu.test(description.slice(0, 64));
  const longestMs = longestOf(description);
  return { subject, bytes: noBytes, reply, status, left, leftBytes, isTooLarge, isElsewhere, longestMs };
} // prettier-ignore

interface Listener extends Inbox {
  name: string;
  readonly onMessage: (message: Incoming) => void;
}

class Connection implements HubConnection {
  isUp = false;
  state: ConnectionState;
  readonly #options: ConnectionOptions;
  readonly #listeners: Listener[] = [];
  readonly #pulse: Pulse;
  #nats: NatsConnection | undefined;
  #failed = 0;
  #broken = 0;
  #isHurried = false;
  #isClosed = false;
  /** Where it stood last. */
  #url: string | undefined;
  /** Elapsed. */
  #pausedUntil = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#pulse = makePulse(options.clock);
    this.state = { since: options.clock.now() };
  }

  get line(): Line {
    return this.#pulse;
  }

  get servers(): readonly string[] {
    const told: unknown = this.#nats?.info?.connect_urls;
    if (!Array.isArray(told)) return [];
    const names = told.slice(0, mostServers).filter((one) => typeof one === "string");
    return names.map((one) => one.slice(0, mostServerLetters));
  }

  publish(subject: string, bytes: Bytes, reply?: string): boolean {
    const nats = this.#nats;
    // the library may know of a break that we have not been told of
    if (!this.isUp || nats === undefined || nats.isClosed()) return false;
    nats.publish(subject, bytes, reply === undefined ? {} : { reply });
    this.#pulse.sent(subject.length + (reply?.length ?? 0) + bytes.length + lineBytes);
    return true;
  }

  async request(subject: string, bytes: Bytes, asking: number | Asking): Promise<Bytes> {
    const nats = this.#nats;
    if (!this.isUp || nats === undefined || nats.isClosed()) {
      throw new Fault("HUB_UNREACHABLE", "there is no connection to the hub");
    }
    const options = askOptions(asking, patienceMs(this.#pulse, bytes.length));
    try {
      const answer = nats.request(subject, bytes, options);
      this.#pulse.sent(2 * subject.length + bytes.length + lineBytes);
      const mark = this.#pulse.handed;
      const { data } = await answer;
      // of a connection that ended meanwhile it says nothing
      if (nats === this.#nats) this.#pulse.heard(mark);
      return data;
    } catch (cause) {
      throw toFault(cause, "HUB_UNREACHABLE", "the hub did not answer");
    }
  }

  listen(onMessage: (message: Incoming) => void): Inbox {
    const listener = { name: createInbox(this.#options.inboxPrefix), onMessage };
    this.#listeners.push(listener);
    if (this.isUp) this.#subscribe(listener);
    return listener;
  }

  #subscribe({ name, onMessage }: Listener): void {
    const nats = this.#nats;
    if (nats === undefined || nats.isClosed()) return;
    nats.subscribe(`${name}.*`, {
      callback: (error, message) => {
        if (error === null) {
          this.#pulse.heard();
          onMessage(incomingOf(message));
        } else this.#options.log.warn("subscription refused", { subject: name });
      },
    });
  }

  #rise(nats: NatsConnection): void {
    const { clock, inboxPrefix, log, onUp } = this.#options;
    this.#nats = nats;
    this.#failed = 0;
    this.isUp = true;
    this.state = { ...this.state, since: clock.now(), nextTryAt: undefined };
    this.#pulse.start({ bytesRead: () => bytesRead(nats), ping: () => nats.flush() });
    for (const listener of this.#listeners) {
      listener.name = createInbox(inboxPrefix);
      this.#subscribe(listener);
    }
    log.info("link up");
    onUp();
  }

  #fall(stoodMs: number): void {
    const { clock, log, onDown } = this.#options;
    this.#broken = stoodMs >= steadyMs ? 0 : this.#broken + 1;
    this.isUp = false;
    this.state = { ...this.state, since: clock.now() };
    this.#pulse.stop();
    log.warn("link down");
    onDown();
  }

  /** One dial, and the life of the connection that came of it. */
  async #live(): Promise<void> {
    const { inboxPrefix, urlsNow, trust, identity, clock, chance } = this.#options;
    // asked anew each time, so that a new certificate or register counts
    const shown = identity?.(this.#failed) ?? this.#options;
    const all = urlsNow?.() ?? this.#options.urls;
    const urls = dialOrder(all, { left: this.#url, failed: this.#failed }, chance);
    const hasMore = all.length > urls.length;
    const isWanted = (): boolean => !this.#isClosed;
    const { nats, url } = await dial({
      urls,
      hasMore,
      isWanted,
      inboxPrefix,
      trust,
      identity: shown,
    });
    this.#url = url;
    if (this.#isClosed) return await nats.close();
    const since = clock.elapsed();
    this.#rise(nats);
    await nats.closed();
    this.#fall(clock.elapsed() - since);
  }

  async #rest(): Promise<void> {
    if (this.#isHurried) {
      this.#isHurried = false;
      return;
    }
    const { clock, chance } = this.#options;
    const spreadMs = redialMs({ failed: this.#failed, broken: this.#broken }, chance);
    const waitMs = Math.max(spreadMs, this.#pausedUntil - clock.elapsed());
    this.state = { ...this.state, nextTryAt: clock.now() + waitMs };
    await clock.sleep(waitMs);
    this.state = { ...this.state, nextTryAt: undefined };
  }

  /** Dials, follows what stands until it breaks, rests, and dials again, until closed. */
  async run(): Promise<void> {
    const { clock, log } = this.#options;
    while (!this.#isClosed) {
      try {
        await this.#live();
      } catch (error) {
        const isPaused = clock.elapsed() < this.#pausedUntil;
        const { code } = isPaused ? pausedFault : toFault(error, "HUB_UNREACHABLE");
        const why = findReason(error);
        this.#failed += 1;
        this.state = { ...this.state, lastFailure: { at: clock.now(), code, why } };
        log.debug("hub not reached", { code, type: why });
      }
      if (!this.#isClosed) await this.#rest();
    }
  }

  async reconnect(): Promise<void> {
    if (!this.isUp) return;
    this.#isHurried = true;
    await this.#nats?.close();
  }

  pause(forMs: number): void {
    const { clock, log } = this.#options;
    this.#pausedUntil = clock.elapsed() + forMs;
    const { code } = pausedFault;
    this.state = { ...this.state, lastFailure: { at: clock.now(), code, why: "told by the hub" } };
    log.warn("the hub takes nothing of us for a while", { code, ms: forMs });
  }

  tick(): void {
    if (!this.isUp || this.#pulse.tick()) return;
    this.#options.log.warn("nobody answers on the link");
    // closing does not wait for what is queued to be sent
    void this.#nats?.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.isUp = false;
    this.#pulse.stop();
    await this.#nats?.close();
  }
}

/**
 * Starts to connect to a hub, outbound only, over TLS 1.3 with both sides' certificates. Returns at once;
 * keeps trying, with growing and scattered pauses, until closed.
 */
export function startConnection(options: ConnectionOptions): HubConnection {
  const connection = new Connection(options);
  // `run` handles its failures itself and ends only when closed
  void connection.run();
  return connection;
}
