import { connect, headers, type NatsConnection, type RequestOptions } from "nats";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";

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
  readonly urls: readonly string[];
  readonly inboxPrefix: string;
  readonly trust: HubTrust;
  readonly identity: LinkIdentity;
}

/** Over 32 kbit/s with a second's delay and losses a handshake takes eight seconds, and now and then the double. */
const dialTimeoutMs = 45_000;
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

/**
 * Dials each of the hub's addresses once, in any order. The connection that stands ends at its first break: when
 * to dial again is ours to say.
 *
 * @throws whatever the library throws when none answers as it must
 */
export async function dial(options: DialOptions): Promise<NatsConnection> {
  return await connect({
    servers: [...options.urls],
    tls: makeTls(options),
    inboxPrefix: options.inboxPrefix,
    reconnect: false,
    timeout: dialTimeoutMs,
    pingInterval: neverMs,
    noAsyncTraces: true,
    ignoreClusterUpdates: true,
  });
}

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
