import { readFileSync } from "node:fs";
import { join } from "node:path";

import { connect, nkeyAuthenticator, type NatsConnection } from "nats";

import { loadHubKeys } from "../../broker/index.ts";
import { type JetStream, makeJetStream } from "../../broker/nats/index.ts";
import type { Layout } from "../../deploy/local/layout.ts";
import { consumerOf } from "../../schemas/index.ts";
import { isFault, utf8 } from "../../schemas/ground/index.ts";

/** How far a stream has come. */
export interface StreamMark {
  readonly messages: number;
  readonly lastSequence: number;
}

/** One message as a stream holds it. */
export interface StreamMessage {
  readonly subject: string;
  readonly data: Uint8Array;
}

/** A second connection into the hub's own account: it sees everything, and can lie. */
export interface HubDesk {
  readonly link: NatsConnection;
  readonly jetStream: JetStream;
  /** Whether the server answers it now. */
  isUp(): Promise<boolean>;
  /** Where every stream stands that readers read from: feeds and mailboxes. */
  marks(): Promise<Readonly<Record<string, StreamMark>>>;
  /** How many messages of a stream an agency has taken and acknowledged, once all that is its own is. */
  taken(stream: string, agency: string): Promise<number>;
  /** Everything one stream holds, in order. */
  read(stream: string): Promise<readonly StreamMessage[]>;
  stop(): Promise<void>;
}

interface ConsumerState {
  readonly num_pending: number;
  readonly num_ack_pending: number;
  readonly ack_floor: { readonly consumer_seq: number };
}

interface ApiMessage {
  readonly error?: unknown;
  readonly message?: { readonly subject: string; readonly data?: string };
}

/** Opens a desk at a hub whose servers listen at `urls`. */
export async function openHubDesk(
  layout: Layout,
  {
    urls,
    streams,
    rootsPem,
  }: { urls: readonly string[]; streams: () => readonly string[]; rootsPem: string },
): Promise<HubDesk> {
  const keys = loadHubKeys(join(layout.hub, "hub-keys.json"));
  const readKey = (name: string): string => readFileSync(join(layout.hub, "keys", name), "utf8");
  const passed = { checkServerIdentity: () => undefined };
  const tls = {
    handshakeFirst: true,
    ca: rootsPem,
    cert: readKey("link.pem"),
    key: readKey("link.key"),
  };
  const link = await connect({
    servers: [...urls],
    ignoreClusterUpdates: true,
    name: "test desk",
    authenticator: nkeyAuthenticator(utf8(keys.hub.seed)),
    inboxPrefix: "_INBOX_TEST_DESK",
    tls: { ...passed, ...tls },
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 100,
  });
  const jetStream = makeJetStream(link);
  const mark = async (stream: string): Promise<readonly [string, StreamMark]> => {
    const state = await jetStream.stream(stream);
    if (state === undefined) throw new Error(`there is no stream ${stream}`);
    return [stream, { messages: state.messages, lastSequence: state.lastSequence }];
  };
  const marks: HubDesk["marks"] = async () => {
    const read = streams().filter((name) => name === "DIRECT" || name.startsWith("FEED_"));
    return Object.fromEntries(await Promise.all(read.map(mark)));
  };
  return {
    link,
    jetStream,
    isUp: async () => {
      try {
        return (await jetStream.stream("DIRECT")) !== undefined;
      } catch (error) {
        if (isFault(error)) return false;
        throw error;
      }
    },
    marks,
    taken: async (stream, agency) => {
      for (;;) {
        const info = `$JS.API.CONSUMER.INFO.${stream}.${consumerOf(agency)}`;
        const state = (await link.request(info)).json<ConsumerState>();
        if (state.num_pending + state.num_ack_pending === 0) return state.ack_floor.consumer_seq;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    read: async (stream) => {
      const [, { lastSequence }] = await mark(stream);
      const found: StreamMessage[] = [];
      for (let seq = 1; seq <= lastSequence; seq += 1) {
        const reply = await link.request(
          `$JS.API.STREAM.MSG.GET.${stream}`,
          JSON.stringify({ seq }),
        );
        const { message } = reply.json<ApiMessage>();
        if (message === undefined) continue;
        found.push({
          subject: message.subject,
          data: Buffer.from(message.data ?? "", "base64"),
        });
      }
      return found;
    },
    stop: () => link.close(),
  };
}
