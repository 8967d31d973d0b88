import { join } from "node:path";

import { type Clock, isFault, type Log, toFault } from "../schemas/ground/index.ts";
import type { AuditAct, AuditRecord } from "./audit/index.ts";
import { findKeyId, type Store } from "./store/index.ts";
import type { VaultLine } from "./vault/index.ts";

/** What is told of a store in its own record. */
export interface StoreLines {
  /** Keeps a line; says where the record ends then, as `position.hash`. @throws {Fault} STORE_WRITE_FAILED, STORE_FULL */
  note(line: VaultLine): Promise<string>;
  stop(): void;
}

interface LinesParts {
  readonly record: Pick<AuditRecord, "add" | "inWrite" | "head">;
  readonly store: Pick<Store, "restored" | "settings">;
  /** The gateway's folder. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}

const self = "gateway";
const lookEveryMs = 60_000;
const [keyNoted, restoredNoted] = ["audit.key", "audit.restored"] as const;

const acts: Readonly<Record<VaultLine["act"], AuditAct>> = {
  OPENED: "STORE_OPENED",
  TRIED: "STORE_TRIED",
  SUSPENDED: "STORE_SUSPENDED",
  LOCKED: "STORE_LOCKED",
  WIPED: "STORE_WIPED",
};

/** Runs inside a write. A store that was never noted under a key is new, or was plain ever since. */
function noteKey({ record, store, dir }: LinesParts): void {
  const found = findKeyId(join(dir, "store.db"));
  const before = store.settings.get(keyNoted) ?? "PLAIN";
  if (found === before || found === "NONE") return;
  record.add({ who: self, act: "STORE_REKEYED", object: found });
  store.settings.set(keyNoted, found);
}

/** Runs inside a write. */
function noteRestored({ record, store }: LinesParts): void {
  const mark = store.restored.mark();
  if (mark === undefined || store.settings.get(restoredNoted) === String(mark.at)) return;
  record.add({ who: self, act: "STORE_RESTORED", object: mark.recordEnd ?? "" });
  store.settings.set(restoredNoted, String(mark.at));
}

/**
 * Tells the record of a store what became of the store while no record could be written: that it was put back from a copy,
 * with the end of the record that was there before as far as that is known, and that it came under another key; each once.
 * And what the lock before it does.
 */
export function openStoreLines(parts: LinesParts): StoreLines {
  const { record, clock, log } = parts;
  const look = async (): Promise<void> => {
    try {
      await record.inWrite(() => {
        noteKey(parts);
        noteRestored(parts);
      });
    } catch (error) {
      // closed meanwhile, or no room: looked at again
      if (isFault(error, "STORE_WRITE_FAILED")) return;
      log.error("what became of the store is not recorded", { code: toFault(error, "INTERNAL").code });
    }
  };
  void look();
  // the hub's word may show at any time that this store is an old one
  const timer = clock.every(lookEveryMs, () => void look());
  return {
    note: async ({ act, ...line }) => {
      await record.inWrite(() => record.add({ ...line, act: acts[act] }));
      const { position, hash } = record.head();
      return `${position}.${hash}`;
    },
    stop: () => timer.stop(),
  };
} // prettier-ignore
