/**
 * Backups of a gateway: one file, sealed to recovery keys that lie elsewhere, signed by the agency.
 *
 * Promises: a backup is of one moment and whole, or is not there; nothing is put back that was not opened, checked byte by byte
 * and row by row, and proved to be its agency's; a store that was put back knows it. Files beside messages go with it, or it says
 * that they do not. Trusts the recovery keys' owners, the root
 * the register is proved from, and the clock not to stand before the backup. Start at `make.ts`, then `open.ts` and `put.ts`.
 */
export { type DrillReport, drillBackup, saveReport, type SignedReport } from "./drill.ts";
export { checkRoom, type FreeBytes } from "./room.ts";
export { type BackupMade, type BackupOrder, type BackupSource, isPrivate, type Listed, makeBackup, startSealing, writeSealed } from "./make.ts"; // prettier-ignore
export type { Manifest } from "./manifest.ts";
export { type BackupReading, folderSink, openBackup } from "./open.ts";
export { type RestoreDone, type RestoreOrder, restoreBackup, verifyBackup } from "./put.ts";
export { type FolderFacts, loadAnchors, readFolderFacts } from "./own-signer.ts";
export { loadRecoveryKey, makeRecoveryKey } from "./recovery-key.ts";
export { listBackups, makeShelf, type Shelf, type ShelfEntry, type ShelfPlace } from "./shelf.ts";
