import { type Journal, makeLedger } from "../../certs/authority/index.ts";

/** An authority's journal that is kept nowhere and has no head; for worlds whose authorities are not under test. */
export function makeMemoryJournal(): Journal {
  const events: ReturnType<Journal["events"]>[number][] = [];
  const { ledger, add } = makeLedger();
  return {
    append: (event) => {
      events.push(event);
      add(event);
    },
    events: () => events,
    ledger,
    isTried: false,
    head: () => ({ count: 0, digest: "0".repeat(64) }),
    includes: () => true,
    stop: () => undefined,
  };
}
