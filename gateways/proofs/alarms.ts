import {
  type Chance,
  type Clock,
  type Log,
  makeUuid,
  toFault,
} from "../../schemas/ground/index.ts";
import type { NewLogAlarm, Store } from "../store/index.ts";

/** What alarms are raised with. */
export interface AlarmParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Tells whoever watches; nothing but that something changed when there is no message. */
  readonly changed: (messages: readonly number[]) => void;
}

/** Alarms about logs: kept, told to whoever watches, and to listeners once they are on the disk. */
export interface AlarmBell {
  raise(alarm: Omit<NewLogAlarm, "at">): Promise<void>;
  /** It passed by itself, if it was there. */
  pass(of: Pick<NewLogAlarm, "code" | "hub">): Promise<void>;
  /**
   * Ends the alarms about logs that were followed here and are followed no longer, because the register links us to their hubs
   * no more: nobody could ever say that they passed. As `byLeaving`. What was shown stays.
   */
  leave(linked: readonly string[]): Promise<void>;
  isOpen(of: Pick<NewLogAlarm, "code" | "hub">): boolean;
  /** Told after each alarm. */
  listen(listener: () => void): () => void;
}

/** Stands where a person is named that ended an alarm: the hub was left. */
export const byLeaving = "HUB_LEFT";

/** Builds the bell of one gateway. */
export function makeAlarmBell({ store, clock, chance, log, changed }: AlarmParts): AlarmBell {
  const listeners = new Set<() => void>();
  const isOpen: AlarmBell["isOpen"] = ({ code, hub }) =>
    store.logAlarms.open().some((one) => one.code === code && one.hub === hub);
  const tell = (): void => {
    changed([]);
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        log.error("an alarm was not passed on", { code: toFault(error, "INTERNAL").code });
      }
    }
  };
  return {
    isOpen,
    raise: async (alarm) => {
      const at = clock.now();
      const isNews = await store.write(() => {
        if (!store.logAlarms.raise({ ...alarm, at })) return false;
        const id = makeUuid(at, chance);
        const { code: state } = alarm;
        store.changes.add({ kind: "LOG", message: 0, id, box: "in", handling: "H0", state });
        return true;
      });
      if (!isNews) return;
      log.error("the log of a hub is not as it should be", { code: alarm.code, hub: alarm.hub });
      tell();
    },
    pass: async (of) => {
      if (isOpen(of)) await store.write(() => store.logAlarms.end(of, clock.now(), ""));
    },
    leave: async (linked) => {
      const { logAlarms, logHeads } = store;
      const isLeft = (hub: string): boolean =>
        !linked.includes(hub) && logHeads.of(hub) !== undefined;
      const left = logAlarms.open().filter(({ hub }) => isLeft(hub));
      if (left.length === 0) return;
      const at = clock.now();
      await store.write(() => {
        for (const one of left) logAlarms.end(one, at, byLeaving);
      });
      for (const { code, hub } of left) log.info("an alarm ended: the hub was left", { code, hub });
      tell();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
