import { type Clock, type Log, toFault } from "../schemas/ground/index.ts";
import type { Links } from "./links.ts";
import { type HubServer, isUnanswered, type ServerControl } from "./nats/index.ts";

/** What a broker of several servers stays with most of them by. */
export interface GatheringOptions {
  readonly links: Pick<Links, "leaveAllBut"> & {
    readonly system: { reconnect(): Promise<void> };
  };
  readonly control: Pick<ServerControl, "servers">;
  /** Servers the hub has. */
  readonly servers: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** A running watch. */
export interface Gathering {
  /** Looks once, as it does by itself. Never throws. */
  look(): Promise<void>;
  stop(): void;
}

const everyMs = 3_000;
/** One look may come at a bad moment. */
const patientLooks = 2;

/**
 * Keeps a broker's connections where most of its hub's servers are. One that is cut off from the others holds its connections
 * and can do nothing: nobody would answer logins any more, and nothing would be stored.
 */
export function startGathering(options: GatheringOptions): Gathering {
  const { links, control, servers, clock, log } = options;
  let alone = 0;
  let isLooking = false;

  /** A server that stands still answers nobody, and its connections stand: that is no better than one that sees only itself. */
  const count = async (): Promise<readonly HubServer[]> => {
    try {
      return await control.servers();
    } catch (error) {
      if (isUnanswered(error)) return [];
      throw error;
    }
  };
  const gather = async (): Promise<void> => {
    const found = await count();
    if (found.length * 2 > servers) {
      alone = 0;
      const moved = await links.leaveAllBut(found);
      if (moved > 0) log.warn("connections moved to another server", { count: moved });
      return;
    }
    alone += 1;
    if (alone < patientLooks) return;
    alone = 0;
    log.warn("most servers of the hub are out of reach", { count: found.length });
    await links.system.reconnect();
  };

  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      await gather();
    } catch (error) {
      // the connection is down, and looks for another server by itself
      log.debug("the servers could not be counted", { code: toFault(error, "INTERNAL").code });
    } finally {
      isLooking = false;
    }
  };

  const timer = clock.every(everyMs, () => void look());
  return { look, stop: () => timer.stop() };
}
