import { isLogOriginOf } from "../certs/log/index.ts";
import type { RestoredMark, Settings, Store } from "./store/index.ts";

/** What is remembered of a hub's streams; every hub has streams of the same names. */
const ofHubs = ["place.", "taken.", "receipts.instance"] as const;

function makeHubSettings({ settings }: Store, hub: string): Settings {
  const nameOf = (name: string): string =>
    ofHubs.some((one) => name.startsWith(one)) ? `${name}@${hub}` : name;
  return {
    get: (name) => settings.get(nameOf(name)),
    set: (name, value) => settings.set(nameOf(name), value),
  };
}

type State = RestoredMark["state"];

const states: readonly State[] = ["AWAITED", "HANDED", "SYNCED"];

/** How far a store that was put back has caught up with one hub; what another hub still owes keeps this one from nothing. */
function stateAt({ settings }: Store, { at, state }: RestoredMark, hub: string): State {
  if (state === "SYNCED") return state;
  const [of, said] = settings.get(`restored@${hub}`)?.split(" ") ?? [];
  return (of === String(at) ? states.find((one) => one === said) : undefined) ?? "AWAITED";
}

/**
 * Says of a store that was put back that it has come as far as it has with the hub that is furthest behind. Runs inside a
 * write.
 *
 * @param hubs all that this gateway is linked to
 */
export function settleRestored(store: Store, hubs: readonly string[]): void {
  const mark = store.restored.mark();
  if (mark === undefined || hubs.length === 0) return;
  const reached = hubs.map((hub) => states.indexOf(stateAt(store, mark, hub)));
  const least = states[Math.min(...reached)];
  if (least !== undefined && least !== mark.state) store.restored.advance(least);
}

function makeHubRestored(store: Store, hub: string, hubs: () => readonly string[]): Store["restored"] {
  const { restored, settings } = store;
  return {
    ...restored,
    mark: () => {
      const mark = restored.mark();
      return mark === undefined ? undefined : { ...mark, state: stateAt(store, mark, hub) };
    },
    advance: (state) => {
      const mark = restored.mark();
      if (mark === undefined) return;
      settings.set(`restored@${hub}`, `${mark.at} ${state}`);
      settleRestored(store, hubs());
    },
  };
} // prettier-ignore

/**
 * The store as the line to one hub sees it: what goes by that hub, what that hub's streams and log were seen to be, and how
 * far this store has caught up with it. All else is the store's own, and what is written here is written there.
 *
 * @param hubs all that this gateway is linked to, this one among them
 */
export function makeHubStore(store: Store, hub: string, hubs: () => readonly string[]): Store {
  const { outbox, logProofs, logHeads } = store;
  const isOthers = (origin: string): boolean =>
    hubs().some((other) => other !== hub && isLogOriginOf(other, origin));
  return {
    ...store,
    settings: makeHubSettings(store, hub),
    restored: makeHubRestored(store, hub, hubs),
    outbox: {
      ...outbox,
      queued: (limit) => outbox.queued(limit, hub),
      countWaiting: () => outbox.countWaiting(hub),
      waitingOutside: (series) => outbox.waitingOutside(series, hub),
      highestPlaces: () => outbox.highestPlaces(hub),
      reopen: (stream, instance) => outbox.reopen(stream, instance, hub),
    },
    logProofs: {
      ...logProofs,
      place: (message, now) => logProofs.place({ ...message, hub }, now),
      due: (now, limit) => logProofs.due(now, limit, hub),
      count: (state) => logProofs.count(state, hub),
    },
    // what was told of a log that another line follows is compared there
    logHeads: { ...logHeads, told: () => logHeads.told().filter(({ origin }) => !isOthers(origin)) },
  };
} // prettier-ignore
