import { mkdirSync } from "node:fs";

import type { RegisterView } from "../certs/trust/index.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";
import { chooseServer, type ServerPair, serverPairOf } from "./renewal/index.ts";
import { lookFirst, openRegisterSource } from "./register-source.ts";
import { openHubKeys, writeServerFiles } from "./server-files.ts";

type RenderOptions = Pick<
  BrokerOptions,
  | "hub"
  | "dir"
  | "standby"
  | "server"
  | "cluster"
  | "registerFile"
  | "anchors"
  | "renewal"
  | "clock"
>;

/** As the broker will choose it. */
function findPair({ hub, server, renewal, clock }: RenderOptions, view: RegisterView): ServerPair {
  if (renewal === undefined) return server;
  const pairs = [...renewal.configured, ...renewal.renewed.pairs];
  const own = pairs.filter((one) => one.kind === "SERVER");
  const found = chooseServer(own, { agency: hub, register: view, now: clock.now() });
  return found === undefined ? server : serverPairOf(renewal, found, server);
}

/**
 * Writes the configuration and roots of each server, so that they can be started before the broker is.
 * Makes the hub's nkeys when it has none yet.
 *
 * @returns whether the configuration changed
 * @throws {Fault} REGISTER_*, CONFIG_INVALID, KEY_UNUSABLE, INTEGRITY_STORE
 */
export function renderServer(options: RenderOptions): boolean {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const folder = hubFolderOf(options);
  const { view } = lookFirst(openRegisterSource({ ...options, dir: folder }));
  const { hub, server, cluster } = options;
  const { certificateFile, keyFile } = findPair(options, view);
  const settings = { hub, server: { ...server, certificateFile, keyFile }, cluster };
  return writeServerFiles(view, settings, openHubKeys(folder));
}
