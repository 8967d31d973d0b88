import {
  type Chance,
  type Clock,
  Fault,
  isFault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import { trimChanges } from "../exchange/index.ts";
import type { Store } from "../store/index.ts";
import { type CallOut, makeCallOut } from "./call-out.ts";
import { deliver } from "./deliver.ts";
import { type HookDesk, makeHookDesk } from "./desk.ts";
import { makeEgress } from "./egress.ts";
import type { HookParts } from "./parts.ts";

/** What webhooks are made of. */
export interface HookOptions {
  readonly store: Store;
  /** Tells that messages moved; returns how to stop. */
  readonly watch: (listener: () => void) => () => void;
  /** Where may be called; nowhere when left out. */
  readonly allow?: readonly string[] | undefined;
  /** Certificates (PEM) of authorities beside the usual. */
  readonly ca?: string | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** The machine's own ways when left out. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  readonly callOut?: CallOut | undefined;
}

/** The webhooks of a gateway at work. */
export interface Hooks {
  readonly desk: HookDesk;
  /** Ends what is under way; it is told again later. */
  stop(): Promise<void>;
}

const tickMs = 5_000;
/** Ticks between cuts of the log of changes. */
const trimTicks = 12;

/** Runs each webhook by itself: a slow receiver keeps nobody else waiting. */
class Deliveries {
  readonly #parts: HookParts;
  readonly #running = new Map<string, Promise<void>>();
  /** Those that were woken while they ran: something may have come after their last look. */
  readonly #again = new Set<string>();
  #isComing = false;

  constructor(parts: HookParts) {
    this.#parts = parts;
  }

  wake(): void {
    if (this.#isComing) return;
    this.#isComing = true;
    setImmediate(() => {
      this.#isComing = false;
      this.look();
    });
  }

  look(): void {
    const { store, clock, signal, log } = this.#parts;
    if (signal.aborted) return;
    try {
      for (const { id } of store.webhooks.due(clock.now())) this.#start(id);
    } catch (error) {
      log.error("webhooks not looked at", { code: toFault(error, "INTERNAL").code });
    }
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
  }

  #start(id: string): void {
    if (this.#running.has(id)) {
      this.#again.add(id);
      return;
    }
    this.#running.set(id, this.#run(id));
  }

  async #run(id: string): Promise<void> {
    try {
      await deliver(this.#parts, id);
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      if (!isFault(error) || !this.#parts.signal.aborted) this.#parts.log.error("a webhook was not told", { code });
    } finally {
      this.#running.delete(id);
      if (this.#again.delete(id)) this.wake();
    }
  }
} // prettier-ignore

async function trimAll({ store, clock, log, signal }: HookParts): Promise<void> {
  try {
    while (!signal.aborted && (await trimChanges({ store, clock })));
  } catch (error) {
    log.error("the log of changes is not cut", { code: toFault(error, "INTERNAL").code });
  }
}

/**
 * Starts the webhooks of a gateway: they are told what they were not told yet, and goes on with what comes.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function startHooks(options: HookOptions): Hooks {
  const { store, clock, chance, log, watch, allow = [], resolve } = options;
  const stopping = new AbortController();
  const callOut = options.callOut ?? makeCallOut({ clock, ca: options.ca });
  const egress = makeEgress({ allow, clock, ...(resolve === undefined ? {} : { resolve }) });
  const parts: HookParts = { store, clock, chance, log, egress, callOut, signal: stopping.signal };
  const deliveries = new Deliveries(parts);
  let ticks = 0;
  let trimming: Promise<void> | undefined;
  const timer = clock.every(tickMs, () => {
    ticks += 1;
    deliveries.look();
    if (ticks % trimTicks === 0)
      trimming = (trimming ?? Promise.resolve()).then(() => trimAll(parts));
  });
  const unwatch = watch(() => deliveries.wake());
  deliveries.wake();
  return {
    desk: makeHookDesk(parts, () => deliveries.wake()),
    stop: async () => {
      timer.stop();
      unwatch();
      stopping.abort(new Fault("STORE_LOCKED", "the gateway stops"));
      await deliveries.settled();
      await trimming;
      callOut.stop();
    },
  };
}
