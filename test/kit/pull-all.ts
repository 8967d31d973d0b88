import type { NatsConnection } from "nats";

import { consumerOf, inboxPrefixOf } from "../../schemas/index.ts";

let pulls = 0;

/** A message as a reader got it. */
export interface Pulled {
  readonly subject: string;
  readonly data: Uint8Array;
}

/** Pulls everything that waits for an agency in a stream, and acknowledges it. */
export async function pullAll(
  link: NatsConnection,
  agency: string,
  stream: string,
): Promise<readonly Pulled[]> {
  pulls += 1;
  const inbox = `${inboxPrefixOf(agency)}.pull${pulls}`;
  const pulled: Pulled[] = [];
  const ended = Promise.withResolvers<undefined>();
  const subscription = link.subscribe(inbox, {
    callback: (_error, message) => {
      if ((message.headers?.code ?? 0) > 0) return ended.resolve(undefined);
      pulled.push({ subject: message.subject, data: message.data });
      return void message.respond("+ACK");
    },
  });
  const request = JSON.stringify({ batch: 100, no_wait: true });
  link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumerOf(agency)}`, request, {
    reply: inbox,
  });
  await ended.promise;
  subscription.unsubscribe();
  await link.flush();
  return pulled;
}
