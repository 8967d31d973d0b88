import { writeFileSync } from "node:fs";
import { basename } from "node:path";

import type { Signer } from "../../certs/keys/index.ts";
import { type EpochMs, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { type RestoreOrder, verifyBackup } from "./put.ts";

/** What a drill found, as its report says. */
export interface DrillReport {
  readonly agency: string;
  readonly backup: string;
  readonly createdAt: EpochMs;
  readonly drilledAt: EpochMs;
  /** Lost at most, had the store been lost at this moment: everything since the backup. */
  readonly behindMs: number;
  readonly epoch: number;
  readonly entries: number;
  readonly messages: number;
  readonly receipts: number;
  readonly publications: number;
}

/** A report as it is written down. */
export interface SignedReport {
  /** The report's JSON, as it was signed. */
  readonly report: string;
  readonly signature: string;
  /** SHA-256 of the report. */
  readonly digest: string;
}

/**
 * Reads a backup as if it were put back, into a folder of its own that is removed again, and writes down what was found, signed
 * with the agency's key, beside the backup (`.drill.json`).
 *
 * @throws {Fault} as `verifyBackup`; then no report is written
 */
export async function drillBackup(
  order: RestoreOrder,
  signer: Signer,
): Promise<{ readonly report: DrillReport; readonly file: string }> {
  const { manifest, store } = await verifyBackup(order);
  const report: DrillReport = {
    agency: manifest.agency,
    backup: basename(order.file),
    createdAt: manifest.createdAt,
    drilledAt: order.at,
    behindMs: order.at - manifest.createdAt,
    epoch: manifest.epoch,
    entries: manifest.entries.length,
    messages: store.messages,
    receipts: store.receipts,
    publications: store.publications,
  };
  const text = JSON.stringify(report);
  const signed: SignedReport = {
    report: text,
    signature: signer.sign("atumpan-backup", utf8(text)),
    digest: renderHex(sha256(utf8(text))),
  };
  const file = `${order.file}.drill.json`;
  writeFileSync(file, `${JSON.stringify(signed)}\n`, { mode: 0o600 });
  return { report, file };
}
