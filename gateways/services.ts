import type { Callers } from "./people/index.ts";
import type { Services } from "./api/index.ts";
import type { Gateway } from "./gateway.ts";
import type { Chance, Clock, Log } from "../schemas/ground/index.ts";

/** What the services of one gateway are made of. */
export interface ServiceParts {
  readonly gateway: Gateway;
  /** The gateway's own folder. */
  readonly dir: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** The services of one gateway's API, and the ways its callers prove who they are. */
export interface OpenServices {
  readonly services: Services;
  readonly callers?: Callers | undefined;
  /** Ends what runs by itself; nothing that was promised is lost. */
  stop(): Promise<void>;
}

/** Builds everything the API uses beside the exchange; each service is made by its own room. */
export function makeServices(_parts: ServiceParts): OpenServices {
  return { services: {}, stop: () => Promise.resolve() };
}
