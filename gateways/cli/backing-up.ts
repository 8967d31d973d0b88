import { join, resolve } from "node:path";
import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import {
  drillBackup,
  listBackups,
  loadAnchors,
  loadRecoveryKey,
  makeRecoveryKey,
  readFolderFacts,
  type RestoreDone,
  type RestoreOrder,
  restoreBackup,
  verifyBackup,
} from "../backup/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import { careAccess, careFolder, type CareOptions } from "./store-care.ts";

/** How a backup is read. */
export interface ReadOptions extends CareOptions {
  /** The private half of a recovery key. */
  readonly key: string;
  /** A root of the register, when the gateway's folder has none. */
  readonly root?: string;
  readonly dryRun?: true;
}

const madeShape = z.object({
  file: z.string(),
  bytes: z.number(),
  createdAt: z.number(),
  messages: z.number(),
  files: z.number(),
});
/** Large stores on slow disks. */
const runMs = 3_600_000;

interface MakeOptions {
  readonly withKeys?: true;
  readonly files?: boolean;
}

/** What the running gateway made. */
async function makeOne(desk: Desk, { withKeys, files }: MakeOptions): Promise<z.infer<typeof madeShape>> {
  const body = JSON.stringify({
    withKeys: withKeys === true,
    ...(files === false ? { withFiles: false } : {}),
  });
  const headers = { "content-type": "application/json" };
  const question = {
    method: "POST",
    path: "/v1/backups",
    headers,
    body,
    timeoutMs: runMs,
  } as const;
  return await desk.client().askFor(madeShape, question);
} // prettier-ignore

/** Makes a backup at the running gateway. */
export async function runBackup(desk: Desk, options: MakeOptions): Promise<number> {
  const made = await makeOne(desk, options);
  desk.result(
    made,
    `${made.file}: ${made.bytes} bytes, ${made.messages} messages received, ${made.files} files`,
  );
  if (options.withKeys === true)
    desk.say("It holds private keys: whoever has the recovery key can act as this agency.");
  return exitCodes.ok;
}

/** Lists the backups of a folder, by what they say of themselves. */
export function runBackupList(desk: Desk, options: CareOptions & { readonly in?: string }): number {
  const folder =
    options.in === undefined
      ? join(careFolder(desk, options), "backups")
      : resolve(desk.world.cwd, options.in);
  const found = listBackups(folder);
  const lines = found.map(
    ({ file, agency, createdAt, bytes }) =>
      `${renderMinute(renderInstant(createdAt))}  ${agency}  ${bytes}  ${file}`,
  );
  desk.result(found, lines.join("\n"));
  return found.length === 0 ? exitCodes.notFound : exitCodes.ok;
}

function orderOf(desk: Desk, file: string, options: ReadOptions): RestoreOrder {
  const dir = careFolder(desk, options);
  const at = (path: string): string => resolve(desk.world.cwd, path);
  return {
    file: at(file),
    key: loadRecoveryKey(at(options.key)),
    anchors:
      options.root === undefined ? readFolderFacts(dir).anchors : loadAnchors(at(options.root)),
    dir,
    at: desk.world.clock.now(),
    access: (folder) => careAccess(desk, options, folder),
  };
}

function tell({ manifest, store }: RestoreDone): string {
  const { agency, createdAt, epoch } = manifest;
  const files = manifest.entries.filter(({ name }) => name.startsWith("attachments/")).length;
  const beside = manifest.withFiles ? `${files} files` : "no files beside messages";
  return `${agency}, ${renderMinute(renderInstant(createdAt))}, register epoch ${epoch}: ${store.messages} messages, ${store.receipts} receipts, ${beside}; whole and signed`;
}

/** Reads and checks a backup whole, and changes nothing. */
export async function runBackupVerify(
  desk: Desk,
  file: string,
  options: ReadOptions,
): Promise<number> {
  const done = await verifyBackup(orderOf(desk, file, options));
  desk.result(done, tell(done));
  return exitCodes.ok;
}

/** Puts a backup in the place of a gateway's store. */
export async function runBackupRestore(
  desk: Desk,
  file: string,
  options: ReadOptions,
): Promise<number> {
  if (options.dryRun === true) return await runBackupVerify(desk, file, options);
  const done = await restoreBackup(orderOf(desk, file, options));
  desk.result(done, `${tell(done)}\nPut back. What was there lies beside it as store.db.replaced.`);
  desk.say(
    "Start the gateway. It fetches what the hub still holds, takes new messages when that is done, and numbers anew.\n" +
      "What people decided since the backup is not in it: look at atumpan keys list, and at who may sign in.",
  );
  return exitCodes.ok;
}

/** Tries whether a backup could be put back, and leaves a signed report; without one, the running gateway makes one first. */
export async function runBackupDrill(
  desk: Desk,
  file: string | undefined,
  options: ReadOptions,
): Promise<number> {
  const order = orderOf(desk, file ?? (await makeOne(desk, {})).file, options);
  const { report, file: written } = await drillBackup(order, readFolderFacts(order.dir).signer());
  desk.result(report, `The backup can be put back; the signed report is ${written}.`);
  return exitCodes.ok;
}

/** Makes a recovery key. */
export function runRecoveryKey(desk: Desk, file: string): number {
  if (file.endsWith(".pub.pem"))
    throw new Fault("USAGE_INVALID", "name the file of the private half");
  const { fingerprint, publicFile } = makeRecoveryKey(resolve(desk.world.cwd, file));
  desk.result({ fingerprint, publicFile }, `${fingerprint}\n${publicFile}`);
  desk.say(
    `Name ${publicFile} under backup.recipients of gateway.json. Keep ${file} away from the gateway: without it no backup can be read.`,
  );
  return exitCodes.ok;
}
