import type { Chance, Clock, EpochMs, Log } from "../../schemas/ground/index.ts";
import type { TokenPlace } from "../../certs/keys/index.ts";
import type { Proof } from "./protector.ts";
import type { SuspendedMark } from "./store-keys-shape.ts";

/** Why a store is locked. */
export type LockReason = "START" | "IDLE" | "ASKED" | "SUSPENDED";

/** How a store stands. */
export interface VaultState {
  readonly state: "OPEN" | "LOCKED" | "WIPED";
  readonly isEncrypted: boolean;
  readonly since: EpochMs;
  /** Of a locked one. */
  readonly reason?: LockReason | undefined;
  /** Why the register forbids to open it. */
  readonly suspended?: SuspendedMark | undefined;
}

/** What the operator chose in `gateway.json`. */
export interface VaultConfig {
  /** How the gateway opens its store itself; none when a person has to. */
  readonly own?: Proof | undefined;
  /** The token whose PIN people may type. */
  readonly token?: TokenPlace | undefined;
  /** After so long without anybody's work it is locked. */
  readonly lockAfterMs?: number | undefined;
  readonly onSuspension: "lock" | "wipe";
}

/** What the register says of us now. */
export interface Standing {
  readonly epoch: number;
  readonly suspension?: SuspendedMark | undefined;
}

/** What became of the store, for the record that lies in it. */
export interface VaultLine {
  readonly act: "OPENED" | "TRIED" | "SUSPENDED" | "LOCKED" | "WIPED";
  /** The caller's id, or `gateway`. */
  readonly who: string;
  /** By what it was opened, or why it was locked, suspended or wiped: a code. */
  readonly object?: string | undefined;
  /** How many tries. */
  readonly count?: number | undefined;
}

/** What a vault is made of. */
export interface VaultOptions<T> {
  readonly dir: string;
  readonly agency: string;
  /** None of a plain store. */
  readonly config?: VaultConfig | undefined;
  /** Opens what lives on the store. The key is erased when it resolves. */
  readonly open: (key: Buffer | undefined) => Promise<T>;
  readonly close: (held: T) => Promise<void>;
  /** Keeps a line in the record of an open store, and says where that ends: `position.hash`. */
  readonly note?: ((held: T, line: VaultLine) => Promise<string>) | undefined;
  /** By the newest register at hand; looks where others may lie when `isAnew`. */
  readonly standing: (isAnew: boolean) => Promise<Standing>;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** The lock before a gateway's store, and what lives behind it. */
export interface Vault<T> {
  /** The token whose PIN people may type, if there is one. */
  readonly token: TokenPlace | undefined;
  state(): VaultState;
  /** What is behind the lock. @throws {Fault} STORE_LOCKED, STORE_WIPED */
  held(): T;
  /** Somebody works; the link's traffic is nobody's work. */
  touch(): void;
  /** Opens the store: by what is brought, or as the operator chose. @throws {Fault} as `openStoreKey`, QUOTA_EXCEEDED, MANDATE_SUSPENDED, CERT_REVOKED, STORE_WIPED */
  unlock(proof?: Proof): Promise<void>;
  /** `who` is the caller's id. @throws {Fault} REQUEST_INVALID of a plain store, STORE_WIPED */
  lock(who?: string): Promise<void>;
  /** Wipes the store once the agency's name was typed. @throws {Fault} REQUEST_INVALID, STORE_WIPED */
  wipe(typed: string, who?: string): Promise<void>;
  /** Closes; the vault is not used again. */
  stop(): Promise<void>;
}
