import { mkdirSync } from "node:fs";

import { Fault } from "../schemas/ground/index.ts";
import type { BrokerOptions } from "./options.ts";
import { openRegisterSource } from "./register-source.ts";
import { openHubKeys, writeServerFiles } from "./server-files.ts";

/**
 * Writes the server's configuration and roots, so that the server can be started before the broker is.
 * Makes the hub's nkeys when it has none yet.
 *
 * @returns whether the configuration changed
 * @throws {Fault} REGISTER_*, CONFIG_INVALID, KEY_UNUSABLE, INTEGRITY_STORE
 */
export function renderServer(
  options: Pick<BrokerOptions, "hub" | "dir" | "server" | "registerFile" | "anchors">,
): boolean {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const news = openRegisterSource(options).look();
  if (news.kind === "refused") throw news.fault;
  if (news.kind === "same") throw new Fault("REGISTER_INVALID", "there is no register to render");
  return writeServerFiles(news.held.view, options, openHubKeys(options.dir));
}
