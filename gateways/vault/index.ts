/**
 * The lock before a gateway's store: its key, who may open it, when it closes, and how it is wiped.
 *
 * Promises: the store's key lies in no file but in boxes that a protector opens; a wrong try costs time, and more each
 * time; what was begun (another key, a wiping) is finished or undone whenever the process ends. A register that suspends the
 * agency closes the store, whoever asks. Trusts the disk, the register's proofs, the token's library. Against somebody who
 * has the machine while the store is open it protects nothing. Start at `vault.ts`, then `key-desk.ts` and `protector.ts`.
 */
export { parseTyped, parseVaultConfig, proveByPlace, storeShape, typedShape } from "./config.ts";
export { openStoreKey, type StorePlace } from "./key-desk.ts";
export { readSecretFile } from "./key-material.ts";
export type { Proof, ProtectorMeans, ProtectorOrder } from "./protector.ts";
export { addProtector, listProtectors, removeProtector } from "./protectors.ts";
export { makeRecoveryCode } from "./recovery-code.ts";
export { encryptStore, rekeyStore, type RekeyOrder } from "./rekey.ts";
export { hasStoreKeys } from "./store-keys.ts";
export type { SuspendedMark } from "./store-keys-shape.ts";
export { findSuspension, type OwnCertificate } from "./suspension.ts";
export { openVault } from "./vault.ts";
export type * from "./vault-options.ts";
export { checkNotWiped, wipeStore } from "./wipe.ts";
