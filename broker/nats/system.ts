import { z } from "zod";

import { type Bytes, Fault, parseUtf8, utf8, tryShape } from "../../schemas/ground/index.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";
import { type HubServer, makeRollCall } from "./roll-call.ts";

const page = 1024;

const connection = z.looseObject({
  cid: z.number(),
  ip: z.string().default(""),
  account: z.string().default(""),
  tls_peer_certs: z.array(z.looseObject({ cert_sha256: z.string() })).default([]),
});
const connections = z.looseObject({
  data: z.looseObject({ total: z.number(), connections: z.array(connection).nullish() }),
});
const plain = z.looseObject({ error: z.looseObject({ description: z.string() }).optional() });

/** One open connection as the server lists it. */
export interface Session {
  /** The server's number for the connection. */
  readonly id: number;
  /** The server it stands at. */
  readonly server: HubServer;
  readonly host: string;
  /** NATS account. */
  readonly account: string;
  /** SHA-256 of the certificate shown, lower-case hexadecimal; "" when there is none. */
  readonly fingerprint: string;
}

/** What the hub asks of its own servers, over the system account. */
export interface ServerControl {
  /** Makes every server in reach read its configuration again. @throws {Fault} HUB_SERVER_FAILED when one refuses it */
  reload(): Promise<void>;
  /** Makes those read it that were out of reach when it was last asked for. @throws {Fault} as `reload` */
  reloadOthers(): Promise<void>;
  /** Who is in reach. @throws {Fault} HUB_UNREACHABLE */
  servers(): Promise<readonly HubServer[]>;
  /** Every open client connection, or those of one account. */
  sessions(account?: string): Promise<readonly Session[]>;
  /** Closes a connection. That it is gone already is no fault. */
  close(session: Session): Promise<void>;
}

function parseAnswer(data: Bytes): unknown {
  try {
    return JSON.parse(parseUtf8(data));
  } catch (cause) {
    throw new Fault("HUB_SERVER_FAILED", "the server's answer is not JSON", { cause });
  }
}

type AskServer = <T>(
  id: string,
  question: readonly [verb: string, body?: unknown],
  shape: z.ZodType<T>,
) => Promise<T>;

function makeAskServer(link: Link): AskServer {
  const askServer = makeAsk(link);
  return async (id, [verb, body], shape) => {
    const payload = body === undefined ? new Uint8Array() : utf8(JSON.stringify(body));
    const data = await askServer(`$SYS.REQ.SERVER.${id}.${verb}`, payload);
    const parsed = tryShape(shape, parseAnswer(data));
    if (parsed.success) return parsed.data;
    throw new Fault("HUB_SERVER_FAILED", `the server's answer to ${verb} is not one we know`);
  };
}

async function readSessions(
  ask: AskServer,
  server: HubServer,
  account: string | undefined,
): Promise<readonly Session[]> {
  const found: Session[] = [];
  for (let offset = 0; ; offset += page) {
    const only = account === undefined ? {} : { acc: account };
    const question = { auth: true, limit: page, offset, ...only };
    const { data } = await ask(server.id, ["CONNZ", question], connections);
    for (const { cid, ip, account: of, tls_peer_certs: shown } of data.connections ?? []) {
      found.push({
        id: cid,
        server,
        host: ip,
        account: of,
        fingerprint: shown[0]?.cert_sha256 ?? "",
      });
    }
    if (offset + page >= data.total) return found;
  }
}

/** Opens the control of a hub's servers, of which `link` is connected to one. */
export function makeServerControl(link: Link, servers = 1): ServerControl {
  const ask = makeAskServer(link);
  const rollCall = makeRollCall(link, servers);
  /** Those that read what stands in their files now. */
  let told = new Set<string>();

  const reloadOne = async ({ id }: HubServer): Promise<void> => {
    const { error } = await ask(id, ["RELOAD"], plain);
    if (error !== undefined) {
      throw new Fault("HUB_SERVER_FAILED", "the server refused its new configuration");
    }
    told.add(id);
  };
  const reloadThose = async (which: (server: HubServer) => boolean): Promise<void> => {
    for (const server of (await rollCall()).filter(which)) await reloadOne(server);
  };
  return {
    servers: rollCall,
    reload: async () => {
      told = new Set();
      await reloadThose(() => true);
    },
    reloadOthers: async () => {
      if (servers === 1) return;
      await reloadThose(({ id }) => !told.has(id));
    },
    sessions: async (which) => {
      const all = await rollCall();
      const found = await Promise.all(all.map((server) => readSessions(ask, server, which)));
      return found.flat();
    },
    close: async ({ id, server }) => {
      await ask(server.id, ["KICK", { cid: id }], plain);
    },
  };
}
