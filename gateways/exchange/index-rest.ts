import { toFault } from "../../schemas/ground/index.ts";
import type { Office } from "./office.ts";

const doneSetting = "search.indexed";
/** About fifty milliseconds' work; between two lots others write. */
const lot = 100;
const pauseMs = 20;

/**
 * Indexes the messages that were stored before there was an index, or under rules of another edition; the newest first,
 * little by little. Until then lists that filter, and searches, do not find the older ones. Says how to end it.
 */
export function startIndexRest({ store, clock, log }: Pick<Office, "store" | "clock" | "log">): { stop(): void } {
  const state = { isStopped: store.settings.get(doneSetting) === "1" };
  const go = async (): Promise<void> => {
    let before: number | undefined = Number.MAX_SAFE_INTEGER;
    while (!state.isStopped && before !== undefined) {
      const from: number = before;
      before = await store.write(() => {
        const next = store.messages.index(from, lot);
        if (next === undefined) store.settings.set(doneSetting, "1");
        return next;
      });
      if (before !== undefined) await clock.sleep(pauseMs);
    }
  };
  go().catch((error: unknown) => {
    // a store that was closed meanwhile is gone on with at the next start
    if (!state.isStopped) log.error("older messages are not indexed", { code: toFault(error, "INTERNAL").code });
  });
  return { stop: () => void (state.isStopped = true) };
} // prettier-ignore
