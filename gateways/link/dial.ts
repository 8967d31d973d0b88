import { connect, headers, type NatsConnection, type RequestOptions } from "nats";

import { type Bytes, type Chance, Fault } from "../../schemas/ground/index.ts";

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

/** Whom to dial, and as whom. */
export interface DialOptions {
  /** In this order, until one answers as it must. */
  readonly urls: readonly string[];
  /** Whether the hub has others beside these. */
  readonly hasMore?: boolean;
  /** Asked before each: whether a connection is wanted still. */
  readonly isWanted: () => boolean;
  readonly inboxPrefix: string;
  readonly trust: HubTrust;
  readonly identity: LinkIdentity;
}

/** Over 32 kbit/s with a second's delay and losses a handshake takes eight seconds, and now and then the double. */
const dialTimeoutMs = 45_000;
/** Where another address comes next: one that takes connections and says nothing holds nobody up for longer. */
const oneOfManyTimeoutMs = 20_000;
/** The library's own heartbeat waits for what is queued to be sent before it gives a dead line up: ours does not. */
const neverMs = 2 ** 31 - 1;

function makeTls({ trust, identity }: DialOptions): object {
  return {
    handshakeFirst: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.3",
    cert: identity.certificatePem,
    key: identity.keyPem,
    ca: trust.authorities(),
    checkServerIdentity: (_host: string, { raw }: { raw: Bytes }) =>
      trust.isServer(raw)
        ? undefined
        : new Fault("HUB_UNREACHABLE", "the server's certificate is not one the register names"),
  };
}

async function dialOne(url: string, options: DialOptions): Promise<NatsConnection> {
  const { urls, hasMore = false } = options;
  return await connect({
    servers: [url],
    tls: makeTls(options),
    inboxPrefix: options.inboxPrefix,
    reconnect: false,
    timeout: urls.length > 1 || hasMore ? oneOfManyTimeoutMs : dialTimeoutMs,
    pingInterval: neverMs,
    noAsyncTraces: true,
    ignoreClusterUpdates: true,
  });
}

/** What came before a round of dials. */
export interface RoundBefore {
  /** The address that was left, or where the connection broke. */
  readonly left: string | undefined;
  /** Rounds since then in which none answered as it must. */
  readonly failed: number;
}

/** The address that was left is dialled again in each so many rounds. */
const roundsWithout = 3;

/**
 * A hub's addresses as they are dialled: in any order, and the one that was left or broke only in each third round, last. Whoever left a
 * server because it is cut off from the others would else be back at it, and wait there for a login that nobody answers; and one that
 * stands still takes connections, and says nothing.
 */
export function dialOrder(urls: readonly string[], { left, failed }: RoundBefore, chance: Chance): readonly string[] {
  if (urls.length < 2) return urls;
  const others = urls.filter((url) => url !== left).map((url) => ({ url, at: chance.bytes(1)[0] ?? 0 }));
  const drawn = others.toSorted((one, other) => one.at - other.at).map(({ url }) => url);
  const isItsTurn = failed % roundsWithout === roundsWithout - 1;
  return isItsTurn ? [...drawn, ...urls.filter((url) => url === left)] : drawn;
} // prettier-ignore

/**
 * Dials each of the hub's addresses once, one after another: of several given to it together the library tries one, when it is not to
 * reconnect. The connection that stands ends at its first break: when to dial again is ours to say.
 *
 * @throws whatever the library throws when none answers as it must: of the last one dialled
 */
export async function dial(options: DialOptions): Promise<{ readonly nats: NatsConnection; readonly url: string }> {
  let last: unknown = new Fault("HUB_UNREACHABLE", "no address of the hub was dialled");
  for (const url of options.urls) {
    if (!options.isWanted()) break;
    try {
      return { nats: await dialOne(url, options), url };
    } catch (error) {
      last = error;
    }
  }
  throw last;
} // prettier-ignore

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * Bytes that came over a connection's socket. The library counts whole messages only, and one of 256 kB is a minute's
 * silence on a slow line; where its socket is not found, those are what is counted.
 */
export function bytesRead(connection: NatsConnection): number {
  const socket = field(field(field(connection, "protocol"), "transport"), "socket");
  const read = field(socket, "bytesRead");
  return typeof read === "number" ? read : connection.stats().inBytes;
}

const maxCauses = 5;

/** What the machine calls the failure of a dial: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED, AuthorizationError. */
export function findReason(error: unknown): string {
  let name = "unknown";
  let at = error;
  for (let depth = 0; depth < maxCauses && at instanceof Error; depth += 1) {
    const code = field(at, "code");
    if (typeof code === "string") return code.slice(0, 64);
    ({ name } = at);
    at = at.cause;
  }
  return name.slice(0, 64);
}

/** A question with something beside its bytes. */
export interface Asking {
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a question is asked: for no longer than it says and so much patience, with what stands beside its bytes. */
export function askOptions(asking: number | Asking, patienceMs: number): RequestOptions {
  if (typeof asking === "number") return { timeout: asking + patienceMs };
  const beside = headers();
  for (const [name, value] of Object.entries(asking.headers)) beside.set(name, value);
  return { timeout: asking.timeoutMs + patienceMs, headers: beside };
}
