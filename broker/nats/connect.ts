import {
  connect,
  headers,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  nkeyAuthenticator,
} from "nats";

import { type Clock, Fault, type Log, utf8 } from "../../schemas/ground/index.ts";
import { toHubFault } from "../../schemas/wire/index.ts";

export type { Msg, MsgHdrs } from "nats";

/** One connection to the hub's server. */
export type Link = NatsConnection;

/** The hub's own TLS client certificate and what it trusts of the server; read anew at each dial. */
export interface LinkTls {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Roots the server's certificate must lead to. */
  readonly rootsPem: string;
  /** Says whether this certificate (DER) is one the register names for the server. */
  readonly isServer: (certificate: Uint8Array) => boolean;
}

/** What a connection is opened with. */
export interface LinkOptions {
  /** Any of the hub's servers will do. */
  readonly urls: readonly string[];
  /** For the server's lists and logs. */
  readonly name: string;
  /** The user's nkey seed. */
  readonly seed: string;
  readonly inboxPrefix: string;
  readonly tls: LinkTls;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to try before the first connection stands. */
  readonly patienceMs: number;
  /** Whether it tries on for as long as nobody is there; who is there and refuses is tried no longer than the patience. */
  readonly isWaiting?: boolean | undefined;
  readonly onUp?: () => void;
  readonly onDown?: () => void;
  /** Whether anything may be sent at this moment; as if the connection were down while not. Always when left out. */
  readonly mayAct?: (() => boolean) | undefined;
}

const retryMs = 250;
const tellEveryMs = 30_000;
/** To its own server, and sooner than the agencies: until the callout is there, their logins wait in vain. */
const reconnectMs = 100;

function makeTls(tls: LinkTls): {
  readonly handshakeFirst: true;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
} {
  // The library hands options it does not know on to `tls.connect`.
  const passedOn = {
    minVersion: "TLSv1.3",
    checkServerIdentity: (_host: string, peer: { readonly raw: Uint8Array }): Error | undefined =>
      tls.isServer(peer.raw)
        ? undefined
        : new Fault("HUB_UNREACHABLE", "the server shows a certificate the register does not name"),
  };
  return {
    ...passedOn,
    handshakeFirst: true,
    // read anew at each dial, so that a new certificate or register counts at the next reconnect
    get cert() {
      return tls.certificatePem;
    },
    get key() {
      return tls.keyPem;
    },
    get ca() {
      return tls.rootsPem;
    },
  };
}

/** Tells of the connection's ups and downs until it is closed. Several ups may follow one down. */
async function watchStatus(link: Link, { log, name, onUp, onDown }: LinkOptions): Promise<void> {
  for await (const status of link.status()) {
    if (status.type === "reconnect") onUp?.();
    else if (status.type === "disconnect") onDown?.();
    else if (status.type === "error") {
      log.warn("link error", { code: toHubFault(status.error).code, subject: name });
    }
  }
}

/**
 * Lets nothing out that this process has no right to do at this moment: what is published is lost, and who asks is told that
 * nobody answers. Answers to what was asked still go out; each of those is looked at where it is made.
 */
function fence(link: Link, mayAct: () => boolean): void {
  const publish = link.publish.bind(link);
  const request = link.request.bind(link);
  const requestMany = link.requestMany.bind(link);
  const check = (): void => {
    if (!mayAct()) throw new Fault("HUB_UNREACHABLE", "it is another broker's turn, or not sure to be ours");
  };
  link.publish = (...item) => {
    if (mayAct()) publish(...item);
  };
  link.request = async (...question) => {
    check();
    return await request(...question);
  };
  link.requestMany = async (...question) => {
    check();
    return await requestMany(...question);
  };
} // prettier-ignore

async function dial(options: LinkOptions): Promise<Link> {
  const { urls, name, seed, inboxPrefix, tls } = options;
  return connect({
    servers: [...urls],
    ignoreClusterUpdates: true,
    name,
    authenticator: nkeyAuthenticator(utf8(seed)),
    inboxPrefix,
    tls: makeTls(tls),
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: reconnectMs,
    reconnectJitterTLS: reconnectMs,
    pingInterval: 10_000,
    timeout: 5_000,
    noAsyncTraces: true,
  });
}

/**
 * Opens a connection that from then on reconnects for as long as it is not closed. While it is down, what
 * is published is lost: who needs an answer must wait for one.
 *
 * @throws {Fault} HUB_UNREACHABLE, HUB_LOGIN_REFUSED when no connection stood within the patience
 */
export async function connectLink(options: LinkOptions): Promise<Link> {
  const { clock, patienceMs, isWaiting, log, name } = options;
  const until = clock.elapsed() + patienceMs;
  let toldAt = clock.elapsed();
  for (;;) {
    try {
      const link = await dial(options);
      if (options.mayAct !== undefined) fence(link, options.mayAct);
      watchStatus(link, options).catch((error: unknown) => {
        log.error("link status lost", { code: toHubFault(error).code, subject: name });
      });
      return link;
    } catch (error) {
      const fault = toHubFault(error);
      const isAway = isWaiting === true && fault.code === "HUB_UNREACHABLE";
      if (clock.elapsed() >= until && !isAway) throw fault;
      if (clock.elapsed() - toldAt >= tellEveryMs) {
        toldAt = clock.elapsed();
        log.warn("the server is away and waited for", { code: fault.code, subject: name });
      }
      await clock.sleep(retryMs);
    }
  }
}

/** Builds NATS headers. */
export function makeHeaders(entries: Readonly<Record<string, string>>): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(entries)) made.set(name, value);
  return made;
}

/** The status of a message that the server itself made, such as 408 or 503; undefined for any other. */
export function statusOf(message: Msg): number | undefined {
  const code = message.headers?.code ?? 0;
  return code > 0 ? code : undefined;
}
