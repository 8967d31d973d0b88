import { renderInstant } from "../../schemas/index.ts";
import type { VaultDesk } from "./services.ts";

/** How the store stands, as `status` says it; times are RFC 3339. */
export interface StoreStateSaid {
  readonly state: "OPEN" | "LOCKED" | "WIPED";
  readonly encrypted: boolean;
  readonly since?: string;
  /** Why it is locked: START, IDLE, ASKED or SUSPENDED. */
  readonly reason?: string;
  /** The register that forbids to open it. */
  readonly suspendedBy?: { readonly code: string; readonly epoch: number };
}

/** Says how the store stands; a gateway without a vault has a plain one that is open. */
export function renderStoreState(vault: Pick<VaultDesk, "state"> | undefined): StoreStateSaid {
  if (vault === undefined) return { state: "OPEN", encrypted: false };
  const { state, isEncrypted, since, reason, suspended } = vault.state();
  return {
    state,
    encrypted: isEncrypted,
    since: renderInstant(since),
    ...(reason === undefined ? {} : { reason }),
    ...(suspended === undefined
      ? {}
      : { suspendedBy: { code: suspended.code, epoch: suspended.epoch } }),
  };
}
