/** A bare consumer: pulls everything out of an agency's consumer, acknowledges it, and looks at none of it. */
import { readFileSync } from "node:fs";

import { connect, createInbox, type NatsConnection } from "nats";

import { consumerOf, inboxPrefixOf } from "../../schemas/index.ts";
import { sharedNow } from "./shared-clock.ts";
import { serveOrders } from "./worker.ts";

/** Where the bare consumer reads, and as whom. */
export interface DrainPlace {
  readonly agency: string;
  readonly url: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly rootsFile: string;
}

/** What is to be read. */
export interface DrainOrder {
  readonly stream: string;
  readonly count: number;
}

/** When the first came and the last was acknowledged and known to be (shared clock). */
export interface Drained {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly bytes: number;
}

/** As many as our own pulls ask for. */
const batch = 128;
const acknowledgement = Buffer.from("+ACK");
let nats: NatsConnection | undefined;
let agency = "";

async function open(place: DrainPlace): Promise<void> {
  ({ agency } = place);
  nats = await connect({
    servers: place.url,
    inboxPrefix: inboxPrefixOf(agency),
    tls: {
      handshakeFirst: true,
      cert: readFileSync(place.certificateFile, "utf8"),
      key: readFileSync(place.keyFile, "utf8"),
      ca: readFileSync(place.rootsFile, "utf8"),
      // as the bench's other bare parts: the roots are the region's own
      checkServerIdentity: () => undefined,
    } as object,
  });
}

async function drain({ stream, count }: DrainOrder): Promise<Drained> {
  const link = nats;
  if (link === undefined) throw new Error("nothing is open");
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const inbox = createInbox(inboxPrefixOf(agency));
  const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumerOf(agency)}`;
  const request = JSON.stringify({ batch, expires: 30_000_000_000 });
  let [came, asked, bytes, firstAt] = [0, 0, 0, 0];
  const ask = (): void => {
    link.publish(subject, request, { reply: inbox });
    asked += batch;
  };
  const take = (data: Uint8Array, reply: string): void => {
    firstAt ||= sharedNow();
    came += 1;
    asked -= 1;
    bytes += data.length;
    link.publish(reply, acknowledgement);
    if (asked <= batch / 2) ask();
    if (came >= count) resolve(undefined);
  };
  const subscription = link.subscribe(inbox, {
    callback: (_, { data, reply = "", headers }) => {
      if (headers === undefined || headers.code === 0) take(data, reply);
    },
  });
  ask();
  await promise;
  await link.flush();
  subscription.unsubscribe();
  return { firstAt, lastAt: sharedNow(), bytes };
}

serveOrders({ open, drain }, async () => {
  await nats?.close();
});
