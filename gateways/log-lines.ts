import { type Log, toFault } from "../schemas/ground/index.ts";
import type { AuditRecord } from "./audit/index.ts";
import type { AlarmBell } from "./proofs/index.ts";
import type { Store } from "./store/index.ts";

const noted = "audit.log-alarm";

/** What alarms are recorded with. */
export interface LogLineParts {
  readonly record: Pick<AuditRecord, "add" | "inWrite">;
  readonly store: Pick<Store, "logAlarms" | "settings">;
  readonly bell: Pick<AlarmBell, "listen">;
  readonly log: Log;
}

/** Tells the audit record of each alarm about a hub's log once, also of those that were raised while no record was open. */
export function recordLogAlarms({ record, store, bell, log }: LogLineParts): { stop(): void } {
  const note = (): void => {
    for (const { seq, code, hub } of store.logAlarms.after(Number(store.settings.get(noted) ?? "0"))) {
      record.add({ who: "gateway", act: "LOG_ALARM", object: hub, outcome: code });
      store.settings.set(noted, String(seq));
    }
  };
  const look = async (): Promise<void> => {
    if (store.logAlarms.after(Number(store.settings.get(noted) ?? "0")).length === 0) return;
    try {
      await record.inWrite(note);
    } catch (error) {
      log.error("an alarm about the log is not recorded", { code: toFault(error, "INTERNAL").code });
    }
  };
  void look();
  return { stop: bell.listen(() => void look()) };
} // prettier-ignore
