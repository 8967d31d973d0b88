import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { verifyRegister } from "../certs/trust/index.ts";
import { Fault } from "../schemas/ground/index.ts";
import { openAuditTrail } from "./audit/index.ts";
import { checkLogCopy, listLogKeys, type LogCopy, openLogKey } from "./log/index.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";

/** What a copy of a hub's folder holds, read whole. */
export interface HubCopy {
  /** Lines of its audit record, each bound to the one before. */
  readonly acts: number;
  /** Missing of a hub without a log. */
  readonly log?: LogCopy | undefined;
}

/**
 * Reads a copy of the broker's folder whole, in a scratch folder that is thrown away: its audit record line by line, its log leaf
 * by leaf, and that the log in use goes on from it.
 *
 * @param copy the scratch folder
 * @throws {Fault} INTEGRITY_STORE, LOG_TILE_INVALID, LOG_INCONSISTENT, REGISTER_*
 */
export function checkHubCopy(copy: string, options: BrokerOptions): HubCopy {
  const { dir, hub, registerFile, anchors, clock } = options;
  const audit = join(copy, "audit.jsonl");
  if (!existsSync(audit)) throw new Fault("INTEGRITY_STORE", "the copy has no audit record");
  const trail = openAuditTrail(audit, clock);
  // its own line, that it was opened, is none of the copy's
  const acts = trail.sequence - 1;
  trail.stop();
  if (!existsSync(join(copy, "log"))) return { acts };
  const register = verifyRegister(readFileSync(registerFile), anchors);
  const own = openLogKey(hubFolderOf(options), hub, register);
  const keys = [...(own === undefined ? [] : [own.verifierKey]), ...listLogKeys(register, hub)];
  const live = existsSync(join(dir, "log")) ? dir : undefined;
  return { acts, log: checkLogCopy(copy, keys, live) };
}
