import { type Fault, isFault, sha256, toFault } from "../schemas/ground/index.ts";
import { proveCertificate, type RegisterView } from "../certs/trust/index.ts";
import {
  checkVersion,
  connectLink,
  type HubKeys,
  type Link,
  renderServerRoots,
} from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";

/** The hub's connections to its own server. One each, so that a busy one keeps no other waiting. */
export interface Links {
  /** Answers logins. */
  readonly callout: Link;
  /** Streams, consumers, questions. */
  readonly control: Link;
  /** Publications and receipts. */
  readonly data: Link;
  /** The system account. */
  readonly system: Link;
  stop(): Promise<void>;
}

/** What is told of the connections. */
export interface LinkEvents {
  readonly onUp: (name: keyof Omit<Links, "stop">) => void;
  readonly onDown: (name: keyof Omit<Links, "stop">) => void;
  /** The server turned out to be too old. */
  readonly onRefused: (fault: Fault) => void;
}

/** Prefixes of reply subjects, one for each connection. */
export const inboxes = {
  callout: "_INBOX_CALLOUT",
  control: "_INBOX_HUB_CONTROL",
  data: "_INBOX_HUB_DATA",
  system: "_INBOX_SYS",
} as const;

const defaultPatienceMs = 30_000;

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
  { keys, register }: { keys: HubKeys; register: () => RegisterView },
  events: LinkEvents,
): Promise<Links> {
  const { hub, url, link: own, clock, log, patienceMs = defaultPatienceMs } = options;
  const opened: Link[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(opened.map((link) => link.close()));
  };
  const open = async (name: keyof typeof inboxes, seed: string): Promise<Link> => {
    const link = await connectLink({
      url,
      name: `${hub} ${name}`,
      seed,
      inboxPrefix: inboxes[name],
      tls: {
        ...own,
        rootsPem: renderServerRoots(register()),
        isServer: (certificate) => isServerOf(register(), hub, clock.now())(certificate),
      },
      clock,
      log,
      patienceMs,
      onUp: () => {
        try {
          checkServer(link);
          events.onUp(name);
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
      system: await open("system", keys.system.seed),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
