import { consumerOf, inboxPrefixOf } from "../../schemas/index.ts";
import { loadLinkPair, type RawAgency } from "./agency.ts";
import { dialRaw } from "./raw-nats.ts";
import type { World } from "./world.ts";

const batch = 1000;
let inboxes = 0;

/** The last token of where a message stands: its id. */
function idOf(subject: string): string {
  return subject.slice(subject.lastIndexOf(".") + 1);
}

/** One question to a consumer of one's own: the ids it handed out, and whether there may be more. */
async function pullOnce(
  { agency, link, denials }: RawAgency,
  stream: string,
): Promise<{ readonly ids: readonly string[]; readonly isDone: boolean }> {
  inboxes += 1;
  const inbox = `${inboxPrefixOf(agency)}.rights${inboxes}`;
  const next = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumerOf(agency)}`;
  const denied = denials.length;
  const ids: string[] = [];
  const ended = Promise.withResolvers<boolean>();
  const subscription = link.subscribe(inbox, {
    callback: (error, message) => {
      // nobody answers where there is no such consumer
      if (error !== null || (message.headers?.code ?? 0) > 0) return ended.resolve(true);
      ids.push(idOf(message.subject));
      message.respond("+ACK");
      if (ids.length === batch) ended.resolve(false);
      return undefined;
    },
  });
  link.publish(next, JSON.stringify({ batch, no_wait: true }), { reply: inbox });
  const watch = setInterval(() => {
    if (denials.slice(denied).some(({ subject }) => subject === next)) ended.resolve(true);
  }, 10);
  const isDone = await ended.promise;
  clearInterval(watch);
  subscription.unsubscribe();
  await link.flush();
  return { ids, isDone };
}

/** The ids of all that one's own consumer of a stream hands out now, acknowledged. Nothing where there is none. */
export async function pullIds(agency: RawAgency, stream: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const { ids, isDone } = await pullOnce(agency, stream);
    all.push(...ids);
    if (isDone) return all;
  }
}

/**
 * Tries to read what is others': their consumers, the streams themselves, everything that can be listened to. Says what
 * came of it, which is to be nothing.
 */
export async function readPast(
  world: World,
  agency: string,
  { streams, others }: { streams: readonly string[]; others: readonly string[] },
): Promise<readonly string[]> {
  const { port } = world.server;
  const raw = await dialRaw({ port, ca: world.rootsPem, ...loadLinkPair(world, agency) });
  const reply = `${inboxPrefixOf(agency)}.past`;
  raw.subscribe(`${inboxPrefixOf(agency)}.>`);
  await raw.settle();
  const listened = [
    ">", "feed.>", "direct.>", "in.>", "receipt.>", "$JS.>", "$SYS.>",
    ...others.map((other) => `${inboxPrefixOf(other)}.>`),
  ]; // prettier-ignore
  for (const subject of listened) raw.subscribe(subject);
  const own = consumerOf(agency);
  const asked = streams.flatMap((stream) => [
    ...others.map((other) => `CONSUMER.MSG.NEXT.${stream}.${consumerOf(other)}`),
    `STREAM.MSG.GET.${stream}`,
    `DIRECT.GET.${stream}`,
    `CONSUMER.CREATE.${stream}.${own}`,
    `CONSUMER.DURABLE.CREATE.${stream}.${own}`,
  ]);
  for (const call of asked) raw.publish(`$JS.API.${call}`, '{"batch":10,"seq":1}', { reply });
  await raw.settle();
  await raw.settle();
  const found = raw.messages.map(({ subject }) => `${agency} was handed ${subject}`);
  const short = listened.length + asked.length - raw.errors.length;
  await raw.close();
  return short === 0 ? found : [...found, `${agency}: ${short} attempts were not refused`];
}
