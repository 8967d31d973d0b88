import type { Log } from "../../schemas/ground/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import { isSystemMessage, type Store } from "../store/index.ts";
import type { MessageSummary } from "./exchange.ts";
import { showSummary } from "./show.ts";

/** Who is told when messages are stored or move on. */
export interface Watchers {
  watch(listener: (message: MessageSummary) => void): () => void;
  /** Told that something changed that may be no message; of one turn perhaps more than once. */
  watchAll(act: () => void): () => void;
  /** Messages by place in the store; none of them when what changed is none. */
  tell(messages: readonly number[]): void;
}

/** Builds the list of watchers of one store. What gateways tell each other is told to nobody. A watcher that fails does not disturb the others. */
export function makeWatchers(store: Store, log: Log): Watchers {
  const listeners = new Set<(message: MessageSummary) => void>();
  const acts = new Set<() => void>();
  const call = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      log.error("a watcher failed", { code: toFault(error, "INTERNAL").code });
    }
  };
  const tellOne = (message: MessageSummary): void => {
    for (const listener of listeners) call(() => listener(message));
    for (const act of acts) call(act);
  };
  return {
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    watchAll: (act) => {
      acts.add(act);
      return () => void acts.delete(act);
    },
    tell: (messages) => {
      if (messages.length === 0) for (const act of acts) call(act);
      if (listeners.size + acts.size === 0) return;
      for (const seq of messages) {
        const summary = store.messages.summary(seq);
        if (summary !== undefined && !isSystemMessage(summary)) tellOne(showSummary(summary));
      }
    },
  };
}
