import { readFileSync } from "node:fs";

import { Fault, silentLog } from "../schemas/ground/index.ts";
import { verifyRegister } from "../certs/trust/index.ts";
import { openLinks } from "./links.ts";
import { copiesOfEach, makeServerControl, removePeer, serverNameOf } from "./nats/index.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";
import { openOwnKeys } from "./own-keys.ts";
import { openHubKeys } from "./server-files.ts";

const patienceMs = 10_000;

/**
 * Takes one of a hub's servers out for good: the others count it no more when they agree on something, and give what it kept to
 * those that are left. It must have been stopped, and so many must run that each stream can have all its copies. The broker may
 * run.
 *
 * @param name as the configuration names it; it may stand there still
 * @returns false when it was taken out already
 * @throws {Fault} CONFIG_INVALID when there is no such server, it runs, or too few others do; HUB_*, KEY_UNUSABLE, REGISTER_*
 */
export async function retireServer(options: BrokerOptions, name: string): Promise<boolean> {
  const { cluster, hub, registerFile, anchors } = options;
  const place = cluster?.servers.find((one) => one.cluster.name === name);
  if (cluster === undefined || place === undefined) throw new Fault("CONFIG_INVALID", "the configuration has no such server; name one of several that it has");
  const register = verifyRegister(readFileSync(registerFile), anchors);
  const own = openOwnKeys({ ...options, log: silentLog }, () => register);
  const links = await openLinks(
    { ...options, log: silentLog, patienceMs },
    { keys: openHubKeys(hubFolderOf(options)), register: () => register, link: () => own.link() },
    { onUp: () => undefined, onDown: () => undefined, onRefused: () => undefined },
  );
  try {
    const server = serverNameOf(hub, place.cluster);
    const running = await makeServerControl(links.system, cluster.servers.length).servers();
    if (running.some((one) => one.name === server)) throw new Fault("CONFIG_INVALID", "this server runs; stop it first");
    if (running.length < copiesOfEach) throw new Fault("CONFIG_INVALID", "too few servers run to keep what this one kept; start others first");
    return await removePeer(links.system, server);
  } finally {
    await links.stop();
    await own.stop();
  }
} // prettier-ignore
