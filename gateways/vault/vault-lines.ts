import { toFault } from "../../schemas/ground/index.ts";
import type { Proof } from "./protector.ts";
import type { SuspendedMark } from "./store-keys-shape.ts";
import type { LockReason, VaultLine, VaultOptions } from "./vault-options.ts";
import type { WipeReason } from "./wipe.ts";

/** What the gateway itself did. */
const self = "gateway";

/** Tells the record that lies in the store what becomes of it. */
export interface VaultLines<T> {
  /** Somebody brought what does not open it. It is told when the store is open again, for until then there is no record. */
  tried(): void;
  /** The register suspends us; told at once where the store is open, else when it is. */
  suspended(held: T | undefined, mark: SuspendedMark): Promise<void>;
  opened(held: T, proof: Proof | undefined): Promise<void>;
  locked(held: T, reason: LockReason, who?: string): Promise<void>;
  /** @returns where the record ends, of which nothing is left then */
  wiped(held: T | undefined, reason: WipeReason, who?: string): Promise<string | undefined>;
}

/** Builds it. A line that cannot be kept holds nothing up: a full disk is no reason to leave a store open. */
export function makeVaultLines<T>({ note, log }: Pick<VaultOptions<T>, "note" | "log">): VaultLines<T> {
  let tries = 0;
  let suspension: string | undefined;
  const add = async (held: T, line: VaultLine): Promise<string | undefined> => {
    try {
      return await note?.(held, line);
    } catch (error) {
      log.error("what became of the store is not recorded", { code: toFault(error, "INTERNAL").code });
      return undefined;
    }
  };
  return {
    tried: () => void (tries += 1),
    suspended: async (held, { code, epoch }) => {
      suspension = `${code}.${epoch}`;
      if (held === undefined) return;
      await add(held, { act: "SUSPENDED", who: self, object: suspension });
      suspension = undefined;
    },
    opened: async (held, proof) => {
      const count = tries;
      tries = 0;
      if (count > 0) await add(held, { act: "TRIED", who: self, count });
      if (suspension !== undefined) await add(held, { act: "SUSPENDED", who: self, object: suspension });
      suspension = undefined;
      await add(held, { act: "OPENED", who: self, object: proof?.kind });
    },
    locked: async (held, reason, who = self) => void (await add(held, { act: "LOCKED", who, object: reason })),
    wiped: async (held, reason, who = self) =>
      held === undefined ? undefined : await add(held, { act: "WIPED", who, object: reason }),
  };
} // prettier-ignore
