import type { KeyObject } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import {
  type BrokerConfig,
  type BrokerOptions,
  checkHubCopy,
  type HubCopy,
  loadBrokerConfig,
  loadBrokerOptions,
} from "../../broker/index.ts";
import { type Anchors, verifyRegister } from "../../certs/trust/index.ts";
import {
  checkRoom,
  type DrillReport,
  folderSink,
  type FreeBytes,
  type Manifest,
  openBackup,
  saveReport,
  startSealing,
  writeSealed,
} from "../../gateways/backup/index.ts";
import { parseRecoveryRecipient } from "../../gateways/crypto/index.ts";
import {
  type Chance,
  type Clock,
  Fault,
  silentLog,
  type EpochMs,
  toFault,
} from "../../schemas/ground/index.ts";
import { listHubFiles } from "./hub-files.ts";
import { unpackFiles } from "./tile-packs.ts";

/** A hub on this machine, by the file it is started with. */
export interface HubPlace {
  /** The broker's configuration file. */
  readonly file: string;
  readonly config: BrokerConfig;
  readonly options: BrokerOptions;
}

/** A backup of a hub that is to be opened. */
export interface HubReading {
  readonly file: string;
  /** The private half of a recovery key. */
  readonly key: KeyObject;
  /** How much room there is; as the system says when left out. */
  readonly free?: FreeBytes;
}

/** Reads where a hub is kept. @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE */
export function openHubPlace(file: string, ground: { readonly clock: Clock; readonly chance: Chance }): HubPlace {
  const config = loadBrokerConfig(file);
  return { file, config, options: loadBrokerOptions(config, { ...ground, log: silentLog }) };
} // prettier-ignore

function readRegister({ registerFile, anchors }: BrokerOptions): ReturnType<typeof verifyRegister> {
  return verifyRegister(readFileSync(registerFile), anchors);
}

/**
 * Makes a backup of a hub while its broker goes on: sealed to the recovery keys, signed with the hub's key. The server's own store
 * is not in it: what is under way lies with its senders, and the log is put back from the broker's files.
 *
 * @param recipients public halves of recovery keys, PEM
 * @throws {Fault} SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS, STORE_FULL, KEY_UNUSABLE, LOG_TILE_INVALID, REGISTER_*
 */
export async function backUpHub(
  { file, config, options }: HubPlace,
  out: string,
  { recipients, withKeys }: { readonly recipients: readonly string[]; readonly withKeys: boolean },
): Promise<{ readonly bytes: number; readonly createdAt: EpochMs }> {
  if (existsSync(out)) throw new Fault("USAGE_INVALID", `${out} is there already; name a new file`);
  const { hub: agency, signer, chance, clock } = options;
  const createdAt = clock.now();
  const { epoch } = readRegister(options);
  const sealing = await startSealing({ agency, chance }, recipients.map(parseRecoveryRecipient), createdAt);
  const entries = listHubFiles(config, file, withKeys);
  const facts = { createdAt, epoch, messages: 0, withKeys, withFiles: false };
  const { bytes } = await writeSealed(sealing, out, { source: { agency, signer }, entries, facts });
  return { bytes, createdAt };
} // prettier-ignore

async function unpack(
  { file, key, free }: HubReading,
  folder: string,
  anchors: Anchors,
): Promise<Manifest> {
  checkRoom(file, folder, free);
  const manifest = await openBackup({ file, key, anchors, sinkOf: folderSink(folder) });
  unpackFiles(folder);
  if (existsSync(join(folder, "hub")) && existsSync(join(folder, "broker.json"))) return manifest;
  throw new Fault("BACKUP_INVALID", "this is a backup, and none of a hub");
}

async function inScratch<T>(beside: string, use: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(beside, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(beside, ".drill-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every key that came with it opens and fits its certificate, in the places that the configuration names. @throws {Fault} KEY_* */
function openKeys({ config, options }: HubPlace, copy: string): void {
  const at = (path: string): string => (path.startsWith(`${config.dir}/`) ? join(copy, relative(config.dir, path)) : path);
  const pair = <Pair extends { certificateFile: string; keyFile: string }>(one: Pair): Pair =>
    ({ ...one, certificateFile: at(one.certificateFile), keyFile: at(one.keyFile) });
  const { signing, link, moreSigning, extraKeys, server } = config;
  const moved = { signing: pair(signing), link: pair(link), moreSigning: moreSigning?.map(pair), extraKeys: extraKeys?.map(at), server: pair(server) };
  loadBrokerOptions({ ...config, ...moved, dir: copy }, { clock: options.clock, chance: options.chance, log: silentLog });
} // prettier-ignore

function reportOf(place: HubPlace, file: string, { manifest, copy }: { manifest: Manifest; copy: HubCopy }): DrillReport {
  const { createdAt, epoch, entries, withKeys } = manifest;
  const drilledAt = place.options.clock.now();
  const { acts, log } = copy;
  const told = log === undefined ? {} : { logEntries: log.entries, logRoot: log.root };
  const common = { agency: manifest.agency, backup: basename(file), createdAt, drilledAt, behindMs: drilledAt - createdAt };
  return { ...common, epoch, entries: entries.length, withKeys, found: { acts, ...told } };
} // prettier-ignore

/**
 * Puts a backup into a scratch folder beside it, checks it whole and throws the folder away: every byte and who signed, the audit
 * record, the log and that the log in use goes on from it, and that the keys which came with it open. Leaves a signed report.
 *
 * @throws {Fault} BACKUP_INVALID, STORE_FULL, KEY_*, INTEGRITY_STORE, LOG_*, REGISTER_*; then no report is written
 */
export async function drillHub(place: HubPlace, reading: HubReading): Promise<{ readonly report: DrillReport; readonly file: string }> {
  const { options } = place;
  const report = await inScratch(dirname(reading.file), async (folder) => {
    const manifest = await unpack(reading, folder, options.anchors);
    const { agency } = manifest;
    if (agency !== options.hub) throw new Fault("BACKUP_INVALID", `the backup is ${agency}'s; this is another hub`);
    const copy = join(folder, "hub");
    if (manifest.withKeys) openKeys(place, copy);
    return reportOf(place, reading.file, { manifest, copy: checkHubCopy(copy, options) });
  });
  return { report, file: saveReport(reading.file, report, options.signer) };
} // prettier-ignore

/**
 * Puts a backup of a hub into a new folder, once all of it was opened and proved; the folder is there whole or not at all.
 *
 * @param into a folder that is not there, or empty
 * @throws {Fault} USAGE_INVALID, BACKUP_INVALID, STORE_FULL, REGISTER_*
 */
export async function restoreHub(reading: HubReading, into: string, anchors: Anchors): Promise<Manifest> {
  if (existsSync(into) && readdirSync(into).length > 0) throw new Fault("USAGE_INVALID", `${into} is not empty; name a new folder`);
  return await inScratch(dirname(into), async (folder) => {
    const manifest = await unpack(reading, folder, anchors);
    try {
      cpSync(join(folder, "hub"), into, { recursive: true });
      for (const name of ["broker.json", "register.bin", "root.json"]) {
        if (!existsSync(join(into, name))) cpSync(join(folder, name), join(into, name));
      }
    } catch (error) {
      throw toFault(error, "STORE_FULL", `${into} cannot be written`);
    }
    return manifest;
  });
} // prettier-ignore
