import { z } from "zod";

import { Fault, tryShape } from "../../../schemas/ground/index.ts";
import { type Handler, renderAnswer } from "../call.ts";
import { readJsonBody } from "../read-body.ts";
import type { Route } from "../route.ts";
import type { BackupDesk } from "../services.ts";

const wish = z.strictObject({
  withKeys: z.boolean().default(false),
  /** Files beside messages; as gateway.json says when left out. */
  withFiles: z.boolean().optional(),
});
const made = z.strictObject({
  file: z.string(),
  bytes: z.number(),
  createdAt: z.number(),
  messages: z.number(),
  files: z.number(),
});

function deskOf([{ services }]: Parameters<Handler>): BackupDesk {
  const backup = services?.backup;
  if (backup === undefined) throw new Fault("NOT_FOUND", "this gateway makes no backups");
  return backup;
}

/** Makes a backup on the gateway's own disk; what is in it never goes over this line. */
async function postBackup(...args: Parameters<Handler>): Promise<Response> {
  const [, { request, record }] = args;
  const found = tryShape(wish, await readJsonBody(request));
  if (!found.success) throw new Fault("REQUEST_INVALID", `say {"withKeys": false}; also withFiles`);
  const backup = await deskOf(args).run(found.data);
  record.count(backup.messages);
  return renderAnswer(backup, { status: 201 });
}

/** Backups of the store, sealed to recovery keys. */
export const backupRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/backups", summary: "make a backup on the gateway's disk", for: ["administrator"], stepUp: true, act: "BACKUP_MADE", body: { shape: wish }, answers: { 201: { says: "where it lies", shape: made } }, handle: postBackup },
]; // prettier-ignore
