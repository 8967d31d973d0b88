import { type Chance, type Clock, Fault, type Log } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import type { Services } from "./api/index.ts";
import type { LoadedGateway } from "./config.ts";
import type { Exchange, MessageSummary } from "./exchange/index.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import type { Callers } from "./people/index.ts";
import { makeServices, type OpenServices } from "./services.ts";
import { makeStandingDesk } from "./standing.ts";
import { openVault } from "./vault/index.ts";

/** What a gateway behind its lock is run with. */
export interface VaultedParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly onFatal: (fault: Fault) => void;
  /** The drop folder, which is there whether the store is open or locked. */
  readonly drop?: Services["drop"];
}

/** A gateway that runs, whether its store is open or locked. */
export interface VaultedGateway {
  readonly agency: string;
  /** Throws STORE_LOCKED from every call while the store is locked. */
  readonly exchange: Exchange;
  /** Those of the open gateway; while it is locked the vault alone. */
  readonly services: Services;
  readonly callers: Callers;
  /** The register in force; while the store is locked the newest at hand when it was last looked at. */
  register(): RegisterView;
  stop(): Promise<void>;
}

interface Inside {
  readonly gateway: Gateway;
  readonly offered: OpenServices;
  readonly unwatch: () => void;
}

/** Nothing of the value itself is ever asked: the door asks what it leads to. */
function standsFor<T extends object>(value: Partial<T>): value is Partial<T> & T {
  return typeof value === "object";
}

/** What is asked of another object that comes and goes; `fixed` stands in for it where it says so. */
function makeDoor<T extends object>(find: () => T | undefined, fixed: Partial<T>): T {
  const nothing: Partial<T> = {};
  if (!standsFor<T>(nothing)) throw new Fault("INTERNAL", "a door leads nowhere");
  return new Proxy(nothing, {
    get: (_, name) => {
      if (Object.hasOwn(fixed, name)) return Reflect.get(fixed, name);
      const found = find();
      const value: unknown = found === undefined ? undefined : Reflect.get(found, name);
      return typeof value === "function" ? value.bind(found) : value;
    },
    has: (_, name) => Object.hasOwn(fixed, name) || Reflect.has(find() ?? {}, name),
  });
}

/** Whoever watches goes on watching, however often the store is locked and opened in between. */
function makeRelay(): {
  readonly watch: Exchange["watch"];
  readonly tell: (message: MessageSummary) => void;
} {
  const listeners = new Set<(message: MessageSummary) => void>();
  return {
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell: (message) => {
      for (const listener of listeners) listener(message);
    },
  };
}

/** Opens what lives on the store: the gateway, and what its API offers. */
async function openInside(
  loaded: LoadedGateway,
  parts: VaultedParts,
  {
    key,
    tell,
  }: { readonly key: Buffer | undefined; readonly tell: (message: MessageSummary) => void },
): Promise<Inside> {
  const { options, people, backup, lookups, statistics, webhooks, attachments, traces } = loaded;
  const gateway = await startGateway({ ...options, ...parts, storeKey: key });
  try {
    const chosen = { people, backup, lookups, statistics, webhooks, attachments, traces };
    const offered = makeServices({
      gateway,
      dir: options.dir,
      fourEyes: options.fourEyes,
      ...chosen,
      ...parts,
    });
    return { gateway, offered, unwatch: gateway.exchange.watch(tell) };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

async function closeInside({ gateway, offered, unwatch }: Inside): Promise<void> {
  unwatch();
  try {
    await offered.stop();
  } finally {
    await gateway.stop();
  }
}

/** Sessions lie in the store: while it is locked the owner of the token is the only caller. */
function makeCallers(find: () => Inside | undefined): Callers {
  return {
    who: async (request, peer) => await find()?.offered.callers?.who(request, peer),
    count: (caller, peer) => find()?.offered.callers?.count?.(caller, peer),
  };
}

/**
 * Starts a gateway behind the lock before its store. A plain store is open at once. An encrypted one that waits for
 * somebody, or that the register forbids to open, is no failure: the gateway answers, says so, and is opened later.
 * While it is locked the link is down; what is for us waits with the hub and its senders.
 *
 * @throws {Fault} STORE_WIPED, and as `startGateway` where the store opens itself
 */
export async function startVaulted(
  loaded: LoadedGateway,
  parts: VaultedParts,
): Promise<VaultedGateway> {
  const { options, store: config } = loaded;
  const { agency, dir } = options;
  const relay = makeRelay();
  let inside: Inside | undefined;
  const desk = makeStandingDesk(options, { ...parts, running: () => inside?.gateway });
  const vault = await openVault<Inside>({
    ...parts,
    dir,
    agency,
    config,
    open: async (key) => (inside = await openInside(loaded, parts, { key, tell: relay.tell })),
    close: async (held) => {
      desk.keep(held.gateway.register());
      inside = undefined;
      await closeInside(held);
    },
    note: async ({ offered }, line) => await offered.lines.note(line),
    standing: (isAnew) => desk.standing(isAnew),
  });
  return {
    agency,
    exchange: makeDoor<Exchange>(() => vault.held().gateway.exchange, {
      agency,
      watch: relay.watch,
    }),
    services: makeDoor<Services>(() => inside?.offered.services, { vault, drop: parts.drop }),
    callers: makeCallers(() => inside),
    register: () => desk.register(),
    stop: () => vault.stop(),
  };
}
