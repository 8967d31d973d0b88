import { z } from "zod";

import { type Bytes, Fault, parseUtf8, utf8, tryShape } from "../../schemas/ground/index.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";

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
  readonly host: string;
  /** NATS account. */
  readonly account: string;
  /** SHA-256 of the certificate shown, lower-case hexadecimal; "" when there is none. */
  readonly fingerprint: string;
}

/** What the hub asks of its own server, over the system account. */
export interface ServerControl {
  /** Makes the server read its configuration again. @throws {Fault} HUB_SERVER_FAILED when it refuses it */
  reload(): Promise<void>;
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

/** Opens the control of the server that `link` is connected to. */
export function makeServerControl(link: Link): ServerControl {
  const askServer = makeAsk(link);
  const ask = async <T>(verb: string, body: unknown, shape: z.ZodType<T>): Promise<T> => {
    const id = link.info?.server_id;
    if (id === undefined) throw new Fault("HUB_UNREACHABLE", "the server has not shown its id yet");
    const payload = body === undefined ? new Uint8Array() : utf8(JSON.stringify(body));
    const data = await askServer(`$SYS.REQ.SERVER.${id}.${verb}`, payload);
    const parsed = tryShape(shape, parseAnswer(data));
    if (parsed.success) return parsed.data;
    throw new Fault("HUB_SERVER_FAILED", `the server's answer to ${verb} is not one we know`);
  };
  return {
    reload: async () => {
      const { error } = await ask("RELOAD", undefined, plain);
      if (error !== undefined) {
        throw new Fault("HUB_SERVER_FAILED", "the server refused its new configuration");
      }
    },
    sessions: async (which) => {
      const found: Session[] = [];
      for (let offset = 0; ; offset += page) {
        const only = which === undefined ? {} : { acc: which };
        const question = { auth: true, limit: page, offset, ...only };
        const { data } = await ask("CONNZ", question, connections);
        for (const { cid, ip, account, tls_peer_certs: shown } of data.connections ?? []) {
          found.push({ id: cid, host: ip, account, fingerprint: shown[0]?.cert_sha256 ?? "" });
        }
        if (offset + page >= data.total) return found;
      }
    },
    close: async ({ id }) => {
      await ask("KICK", { cid: id }, plain);
    },
  };
}
