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
  isOpen(of: Pick<NewLogAlarm, "code" | "hub">): boolean;
  /** Told after each alarm. */
  listen(listener: () => void): () => void;
}

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
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
