import { writeFileSync } from "node:fs";
import { basename } from "node:path";

import type { Signer } from "../../certs/keys/index.ts";
import { type EpochMs, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { openKeysIn } from "./keys-open.ts";
import { lookInto, type RestoreOrder } from "./put.ts";

/** What a drill found, as its report says. No key and nothing of a message stands in it. */
export interface DrillReport {
  /** Whose backup it is; of a hub, the hub. */
  readonly agency: string;
  /** The name of the backup's file. */
  readonly backup: string;
  readonly createdAt: EpochMs;
  readonly drilledAt: EpochMs;
  /** Lost at most, had the store been lost at this moment: everything since the backup. */
  readonly behindMs: number;
  readonly epoch: number;
  readonly entries: number;
  /** Whether keys were in it; each that was fits its certificate. */
  readonly withKeys: boolean;
  /** Counts of what was opened and checked row by row, and of a hub's log its root; by their names. */
  readonly found: Readonly<Record<string, number | string>>;
}

/** A report as it is written down. */
export interface SignedReport {
  /** The report's JSON, as it was signed. */
  readonly report: string;
  readonly signature: string;
  /** SHA-256 of the report. */
  readonly digest: string;
}

function renderReport(report: DrillReport): string {
  const { agency, backup, createdAt, drilledAt, behindMs, epoch, entries, withKeys, found } =
    report;
  const rows = Object.entries(found).map(([name, value]) => `  ${name}: ${value}`);
  return [
    `Drill of the backup ${backup} of ${agency}`,
    `made ${renderInstant(createdAt)}, opened and checked whole ${renderInstant(drilledAt)}`,
    `lost at most, had all been lost then: ${Math.ceil(behindMs / 60_000)} min`,
    `register epoch ${epoch}; ${entries} files; private keys: ${withKeys ? "in it" : "not in it"}`,
    ...rows,
    "The file .drill.json beside this one is signed: atumpan verify drill FILE --register REGISTER",
    "",
  ].join("\n");
}

/**
 * Writes a report down beside the backup: signed JSON (`.drill.json`), and for people `.drill.txt`.
 *
 * @returns the signed file
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function saveReport(backup: string, report: DrillReport, signer: Signer): string {
  const text = JSON.stringify(report);
  const signed: SignedReport = {
    report: text,
    signature: signer.sign("atumpan-backup", utf8(text)),
    digest: renderHex(sha256(utf8(text))),
  };
  const file = `${backup}.drill.json`;
  writeFileSync(file, `${JSON.stringify(signed)}\n`, { mode: 0o600 });
  writeFileSync(`${backup}.drill.txt`, renderReport(report), { mode: 0o600 });
  return file;
}

/**
 * Reads a backup as if it were put back, into a folder of its own that is removed again, and writes down what was found, signed
 * with the agency's key.
 *
 * @throws {Fault} as `verifyBackup`, STORE_FULL, KEY_UNUSABLE; then no report is written
 */
export async function drillBackup(
  order: RestoreOrder,
  signer: Signer,
): Promise<{ readonly report: DrillReport; readonly file: string }> {
  const { manifest, store, keys } = await lookInto(order, ({ manifest: list, store: rows }, folder) => ({
    manifest: list,
    store: rows,
    keys: list.withKeys ? openKeysIn(folder) : 0,
  }));
  const { agency, createdAt, epoch, entries, withKeys } = manifest;
  const { messages, receipts, publications } = store;
  const report: DrillReport = {
    agency,
    backup: basename(order.file),
    createdAt,
    drilledAt: order.at,
    behindMs: order.at - createdAt,
    epoch,
    entries: entries.length,
    withKeys,
    found: { messages, receipts, publications, keys },
  };
  return { report, file: saveReport(order.file, report, signer) };
} // prettier-ignore
