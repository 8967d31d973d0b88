import { connect, createInbox, type Msg, type NatsConnection } from "nats";

import {
  type Bytes,
  type Chance,
  type Clock,
  Fault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import { backOffMs } from "./back-off.ts";

/** A message as the server hands it over; nothing of it is believed. */
export interface Incoming {
  readonly subject: string;
  readonly bytes: Bytes;
  /** Where an acknowledgement goes. */
  readonly reply: string;
  /** Of a server's note instead of a message: its status code, and what of the request was left. */
  readonly status?: number;
  readonly left?: number;
}

/** Our end of a connection that comes and goes. Nothing sent while it is down is kept. */
export interface HubConnection {
  readonly isUp: boolean;
  /** Whether it was handed to the socket; false while down. */
  publish(subject: string, bytes: Bytes, reply?: string): boolean;
  /** @throws {Fault} HUB_UNREACHABLE */
  request(subject: string, bytes: Bytes, timeoutMs: number): Promise<Bytes>;
  /** Listens on an inbox of our own and the names below it, over every reconnect; returns its name. */
  listen(onMessage: (message: Incoming) => void): string;
  /** Connects anew, as after a break: for another certificate. Nothing while it is down: the next dial shows it. */
  reconnect(): Promise<void>;
  close(): Promise<void>;
}

/** What a client shows in the handshake. */
export interface LinkIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** What of the TLS session may change while a connection lives: the register names who we trust. */
export interface HubTrust {
  /** PEM of the CAs that may vouch for the server. */
  authorities(): string;
  /** Whether the register names this certificate (DER) as one of the hub's servers. */
  isServer(certificate: Bytes): boolean;
}

/** Where to connect, as whom, and who is told. */
export interface ConnectionOptions extends LinkIdentity {
  readonly urls: readonly string[];
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

const reconnectTerms = { firstMs: 250, mostMs: 20_000 };
const noBytes = new Uint8Array();

function incomingOf(message: Msg): Incoming {
  const { subject, data, headers } = message;
  const reply = message.reply ?? "";
  if (headers === undefined || headers.code === 0) return { subject, bytes: data, reply };
  const left = Number(headers.get("Nats-Pending-Messages") || "0");
  return { subject, bytes: noBytes, reply, status: headers.code, left };
}

function makeTls(options: ConnectionOptions, failed: () => number): object {
  const { trust, identity = (): LinkIdentity => options } = options;
  return {
    handshakeFirst: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.3",
    // read anew at each dial, so that a new certificate or register counts at the next reconnect; all three at once
    get cert() {
      return identity(failed()).certificatePem;
    },
    get key() {
      return identity(failed()).keyPem;
    },
    get ca() {
      return trust.authorities();
    },
    checkServerIdentity: (_host: string, { raw }: { raw: Bytes }) =>
      trust.isServer(raw)
        ? undefined
        : new Fault("HUB_UNREACHABLE", "the server's certificate is not one the register names"),
  };
}

/** One connection over all its reconnects, as the library keeps it; ends only when closed. */
async function dial(options: ConnectionOptions, attempt: () => number): Promise<NatsConnection> {
  return await connect({
    servers: [...options.urls],
    tls: makeTls(options, attempt),
    inboxPrefix: options.inboxPrefix,
    maxReconnectAttempts: -1,
    // the library gives up for good after two refused logins unless told not to
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => backOffMs(reconnectTerms, attempt(), options.chance),
    timeout: 10_000,
    pingInterval: 15_000,
    noAsyncTraces: true,
    ignoreClusterUpdates: true,
  });
}

interface Listener {
  readonly inbox: string;
  readonly onMessage: (message: Incoming) => void;
}

class Connection implements HubConnection {
  isUp = false;
  readonly #options: ConnectionOptions;
  readonly #listeners: Listener[] = [];
  #nats: NatsConnection | undefined;
  #attempts = 0;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  publish(subject: string, bytes: Bytes, reply?: string): boolean {
    if (!this.isUp || this.#nats === undefined) return false;
    this.#nats.publish(subject, bytes, reply === undefined ? {} : { reply });
    return true;
  }

  async request(subject: string, bytes: Bytes, timeoutMs: number): Promise<Bytes> {
    if (!this.isUp || this.#nats === undefined) {
      throw new Fault("HUB_UNREACHABLE", "there is no connection to the hub");
    }
    try {
      const { data } = await this.#nats.request(subject, bytes, { timeout: timeoutMs });
      return data;
    } catch (cause) {
      throw toFault(cause, "HUB_UNREACHABLE", "the hub did not answer");
    }
  }

  listen(onMessage: (message: Incoming) => void): string {
    const listener = { inbox: createInbox(this.#options.inboxPrefix), onMessage };
    this.#listeners.push(listener);
    this.#subscribe(listener);
    return listener.inbox;
  }

  #subscribe({ inbox, onMessage }: Listener): void {
    const { log } = this.#options;
    this.#nats?.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (error === null) onMessage(incomingOf(message));
        else log.warn("subscription refused", { subject: inbox });
      },
    });
  }

  #rise(): void {
    this.#attempts = 0;
    this.isUp = true;
    this.#options.log.info("link up");
    this.#options.onUp();
  }

  #fall(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.#options.log.warn("link down");
    this.#options.onDown();
  }

  async #follow(nats: NatsConnection): Promise<void> {
    for await (const { type } of nats.status()) {
      if (type === "reconnect") this.#rise();
      else if (type === "disconnect" || type === "close") this.#fall();
      else if (type === "reconnecting") this.#attempts += 1;
      else if (type === "error") this.#options.log.debug("hub refused something", { type });
    }
    this.#fall();
  }

  /** Dials until the first connection stands, then follows it; starts over if the library gives up. */
  async run(): Promise<void> {
    const { clock, chance, log } = this.#options;
    while (!this.#isClosed) {
      try {
        const nats = await dial(this.#options, () => this.#attempts);
        if (this.#isClosed) return await nats.close();
        this.#nats = nats;
        for (const listener of this.#listeners) this.#subscribe(listener);
        this.#rise();
        await this.#follow(nats);
      } catch (error) {
        log.debug("hub not reached", { code: toFault(error, "HUB_UNREACHABLE").code });
      }
      if (this.#isClosed) return;
      this.#attempts += 1;
      await clock.sleep(backOffMs(reconnectTerms, this.#attempts, chance));
    }
  }

  async reconnect(): Promise<void> {
    if (this.isUp) await this.#nats?.reconnect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.isUp = false;
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
