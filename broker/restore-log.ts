import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Fault, silentLog } from "../schemas/ground/index.ts";
import { verifyRegister } from "../certs/trust/index.ts";
import { openAuditTrail } from "./audit/index.ts";
import { inboxes, openLinks } from "./links.ts";
import { checkLogKey, listLogKeys, makeLogStream, openLogKey, restoreLog } from "./log/index.ts";
import { hubLimits, makeJetStream } from "./nats/index.ts";
import { spreadOf } from "./open-cluster.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";
import { openOwnKeys } from "./own-keys.ts";
import { openHubKeys } from "./server-files.ts";

const patienceMs = 2_000;

/**
 * Puts the stream of a hub's log back from the broker's own files, when the server lost it. No broker of the hub may run.
 *
 * @returns how many entries the log has
 * @throws {Fault} CONFIG_INVALID for a hub without a log, LOG_*, HUB_*, KEY_UNUSABLE, REGISTER_*
 */
export async function restoreHubLog(options: BrokerOptions): Promise<number> {
  const { dir, hub, registerFile, anchors, clock, chance, server } = options;
  const register = verifyRegister(readFileSync(registerFile), anchors);
  const signer = openLogKey(hubFolderOf(options), hub, register);
  if (signer === undefined) throw new Fault("CONFIG_INVALID", "this hub has no log.key, so it has no log");
  const key = signer.verifierKey;
  checkLogKey(register, { hub, key, at: clock.now() });
  const own = openOwnKeys({ ...options, log: silentLog }, () => register);
  const links = await openLinks(
    { ...options, log: silentLog, patienceMs },
    { keys: openHubKeys(hubFolderOf(options)), register: () => register, link: () => own.link() },
    { onUp: () => undefined, onDown: () => undefined, onRefused: () => undefined },
  );
  try {
    const jetStream = makeJetStream(links.log, spreadOf(options));
    const maxBytes = Math.floor(server.maxFileBytes / hubLimits.logShare);
    const ground = { link: links.log, jetStream, inbox: inboxes.log, clock, chance };
    const count = await restoreLog({ stream: makeLogStream({ ...ground, maxBytes }), dir, signer, keys: [key, ...listLogKeys(register, hub)] });
    const trail = openAuditTrail(join(dir, "audit.jsonl"), clock);
    // entered when the broker is started again
    trail.write("log restored", { count });
    trail.stop();
    return count;
  } finally {
    await links.stop();
    await own.stop();
  }
} // prettier-ignore
