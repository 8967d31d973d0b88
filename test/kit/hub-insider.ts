import { readFileSync } from "node:fs";
import { join } from "node:path";

import { connect, type NatsConnection, nkeyAuthenticator } from "nats";

import { type HubKeys, loadHubKeys } from "../../broker/index.ts";
import { makeServerControl, type ServerControl } from "../../broker/nats/index.ts";
import { accountOf } from "../../schemas/index.ts";
import { utf8 } from "../../schemas/ground/index.ts";
import type { World } from "./world.ts";

/** The hub's users that log in without the callout. */
export type HubUser = "callout" | "hub" | "system";

/** The nkeys of a world's hub. */
export function hubKeysOf({ layout }: Pick<World, "layout">): HubKeys {
  return loadHubKeys(join(layout.hub, "hub-keys.json"));
}

/** A connection as one of the hub's own users, with the hub's own certificate. */
export async function dialHub(
  world: Pick<World, "layout" | "url" | "rootsPem">,
  user: HubUser,
): Promise<NatsConnection> {
  const read = (name: string): string => readFileSync(join(world.layout.hub, "keys", name), "utf8");
  const passed = { checkServerIdentity: () => undefined };
  const pair = { cert: read("link.pem"), key: read("link.key") };
  return await connect({
    servers: world.url,
    name: `insider ${user}`,
    authenticator: nkeyAuthenticator(utf8(hubKeysOf(world)[user].seed)),
    inboxPrefix: `_INBOX_INSIDER_${user.toUpperCase()}`,
    tls: { ...passed, handshakeFirst: true, ca: world.rootsPem, ...pair },
    noAsyncTraces: true,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
  });
}

/** The server as its operator sees it. */
export interface SystemDesk {
  readonly control: ServerControl;
  /** How many connections stand in the accounts of these agencies. */
  countSessions(...agencies: readonly string[]): Promise<number>;
  stop(): Promise<void>;
}

/** Opens a desk in the system account. */
export async function openSystemDesk(world: World): Promise<SystemDesk> {
  const link = await dialHub(world, "system");
  const control = makeServerControl(link);
  return {
    control,
    countSessions: async (...agencies) => {
      const accounts = new Set(agencies.map(accountOf));
      return (await control.sessions()).filter(({ account }) => accounts.has(account)).length;
    },
    stop: () => link.close(),
  };
}
