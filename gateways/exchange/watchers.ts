import type { Log } from "../../schemas/ground/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import { isSystemMessage, type Store } from "../store/index.ts";
import type { MessageSummary } from "./exchange.ts";
import { showSummary } from "./show.ts";

/** Who is told when messages are stored or move on. */
export interface Watchers {
  watch(listener: (message: MessageSummary) => void): () => void;
  /** Messages by place in the store. */
  tell(messages: readonly number[]): void;
}

/** Builds the list of watchers of one store. What gateways tell each other is told to nobody. A watcher that fails does not disturb the others. */
export function makeWatchers(store: Store, log: Log): Watchers {
  const listeners = new Set<(message: MessageSummary) => void>();
  const tellOne = (message: MessageSummary): void => {
    for (const listener of listeners) {
      try {
        listener(message);
      } catch (error) {
        log.error("a watcher failed", { code: toFault(error, "INTERNAL").code });
      }
    }
  };
  return {
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell: (messages) => {
      if (listeners.size === 0) return;
      for (const seq of messages) {
        const summary = store.messages.summary(seq);
        if (summary !== undefined && !isSystemMessage(summary)) tellOne(showSummary(summary));
      }
    },
  };
}
