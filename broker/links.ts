import { type Fault, isFault, sha256, toFault } from "../schemas/ground/index.ts";
import { proveCertificate, type RegisterView } from "../certs/trust/index.ts";
import {
  checkVersion,
  connectLink,
  type HubKeys,
  type HubServer,
  type Link,
  type LinkOptions,
  type LinkTls,
  renderServerRoots,
} from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";
import type { OwnLinkPem } from "./renewal/index.ts";

/** The hub's connections to its own server. One each, so that a busy one keeps no other waiting. */
export interface Links {
  /** Answers logins. */
  readonly callout: Link;
  /** Streams, consumers, questions. */
  readonly control: Link;
  /** Publications and receipts. */
  readonly data: Link;
  /** Chunks of files. */
  readonly blobs: Link;
  /** The log. */
  readonly log: Link;
  /** The system account. */
  readonly system: Link;
  /** Connects each anew, one after another, as after a break: for another certificate. */
  reconnect(): Promise<void>;
  /** Which they are at their servers: server and number. */
  ids(): ReadonlySet<string>;
  /** Takes those elsewhere that stand at another server than these; says of how many that was. */
  leaveAllBut(servers: readonly HubServer[]): Promise<number>;
  stop(): Promise<void>;
}

/** The hub's connections by name. */
type LinkName = Exclude<keyof Links, "stop" | "reconnect" | "ids" | "leaveAllBut">;

/** What is told of the connections. */
export interface LinkEvents {
  readonly onUp: (name: LinkName) => void;
  readonly onDown: (name: LinkName) => void;
  /** The server turned out to be too old. */
  readonly onRefused: (fault: Fault) => void;
}

/** Prefixes of reply subjects, one for each connection. */
export const inboxes = {
  callout: "_INBOX_CALLOUT",
  control: "_INBOX_HUB_CONTROL",
  data: "_INBOX_HUB_DATA",
  blobs: "_INBOX_HUB_BLOBS",
  log: "_INBOX_HUB_LOG",
  system: "_INBOX_SYS",
} as const;

/** In this order they are opened, and connected anew. */
const order = ["callout", "control", "data", "blobs", "log", "system"] as const;
const defaultPatienceMs = 30_000;
/** A connection that is not up again after this is left to its own tries, and the next is taken. */
const reconnectMs = 10_000;

/** As whom the hub connects, and by what it knows its server. */
export interface LinkKeys {
  readonly keys: HubKeys;
  readonly register: () => RegisterView;
  /** Asked at each dial. */
  readonly link: () => OwnLinkPem;
}

function isServerOf(register: RegisterView, hub: string, now: number) {
  return (certificate: Uint8Array): boolean => {
    try {
      const thumbprint = sha256(certificate);
      proveCertificate(register, { agency: hub, kind: "SERVER", thumbprint }, now);
      return true;
    } catch (error) {
      // Whatever is wrong with it, it is not the certificate of our server.
      if (isFault(error)) return false;
      throw error;
    }
  };
}

/** Where a hub's servers are reached from within. */
export function urlsOf({ url, dial, cluster }: BrokerOptions): readonly string[] {
  return (cluster?.servers ?? [{ url, dial }]).map((one) => one.dial ?? one.url);
}

/** Of one that is just being dialled nothing is known. */
function isStrayed({ info }: Link, ids: ReadonlySet<string>): boolean {
  return info !== undefined && !ids.has(info.server_id);
}

type OneLink = Pick<LinkOptions, "name" | "seed" | "inboxPrefix" | "onUp" | "onDown" | "mayAct">;

/** What the hub shows its servers and knows them by; each part is asked for at each dial. */
export function linkTlsOf({ hub, clock }: Pick<BrokerOptions, "hub" | "clock">, { register, link: own }: Omit<LinkKeys, "keys">): LinkTls {
  return {
    get certificatePem() {
      return own().certificatePem;
    },
    get keyPem() {
      return own().keyPem;
    },
    get rootsPem() {
      return renderServerRoots(register());
    },
    isServer: (certificate: Uint8Array) => isServerOf(register(), hub, clock.now())(certificate),
  };
} // prettier-ignore

/** Opens one connection of the hub to its server, and checks the server's certificate at each dial. @throws {Fault} HUB_* */
async function openOne(options: BrokerOptions, own: Omit<LinkKeys, "keys">, one: OneLink): Promise<Link> {
  const { clock, log, isWaiting, patienceMs = defaultPatienceMs } = options;
  const tls = linkTlsOf(options, own);
  return await connectLink({ ...one, urls: urlsOf(options), tls, clock, log, patienceMs, isWaiting });
} // prettier-ignore

/** Opens the connection by which a broker hears and says whose turn it is. @throws {Fault} HUB_UNREACHABLE, HUB_LOGIN_REFUSED */
export async function openTurnLink(options: BrokerOptions, keys: LinkKeys): Promise<Link> {
  const { seed } = keys.keys.hub;
  const name = `${options.hub} turn`;
  return await openOne(options, keys, { name, seed, inboxPrefix: "_INBOX_HUB_TURN" });
}

function checkServer({ info }: Link): void {
  checkVersion(info?.version ?? "");
}

/**
 * Opens all connections; each checks the server's certificate against the register of the moment, and its
 * version against the floor, at every connect.
 *
 * @throws {Fault} HUB_UNREACHABLE, HUB_LOGIN_REFUSED, HUB_SERVER_TOO_OLD
 */
export async function openLinks(
  options: BrokerOptions,
  own: LinkKeys,
  events: LinkEvents,
): Promise<Links> {
  const { hub, clock, turn } = options;
  const { keys } = own;
  const opened: Link[] = [];
  const risen = new Map<string, () => void>();
  const stop = async (): Promise<void> => {
    await Promise.all(opened.map((link) => link.close()));
  };
  const open = async (name: keyof typeof inboxes, seed: string): Promise<Link> => {
    const link = await openOne(options, own, {
      name: `${hub} ${name}`,
      seed,
      inboxPrefix: inboxes[name],
      mayAct: turn && (() => turn.isOurs),
      onUp: () => {
        try {
          checkServer(link);
          events.onUp(name);
          risen.get(name)?.();
        } catch (error) {
          events.onRefused(toFault(error, "HUB_SERVER_FAILED"));
        }
      },
      onDown: () => events.onDown(name),
    });
    opened.push(link);
    checkServer(link);
    return link;
  };
  try {
    return {
      callout: await open("callout", keys.callout.seed),
      control: await open("control", keys.hub.seed),
      data: await open("data", keys.hub.seed),
      blobs: await open("blobs", keys.hub.seed),
      log: await open("log", keys.hub.seed),
      system: await open("system", keys.system.seed),
      reconnect: async () => {
        // not all at once: while one is away the others go on
        for (const [at, name] of order.entries()) {
          const link = opened[at];
          if (link === undefined || link.isClosed()) return;
          const up = Promise.withResolvers<undefined>();
          risen.set(name, () => up.resolve(undefined));
          await link.reconnect();
          await Promise.race([up.promise, clock.sleep(reconnectMs)]);
          risen.delete(name);
        }
      },
      ids: () => new Set(opened.map(({ info }) => `${info?.server_id} ${info?.client_id}`)),
      leaveAllBut: async (servers) => {
        const ids = new Set(servers.map(({ id }) => id));
        const strayed = opened.filter((link) => !link.isClosed() && isStrayed(link, ids));
        await Promise.all(strayed.map((link) => link.reconnect()));
        return strayed.length;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
