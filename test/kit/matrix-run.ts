import type { NatsConnection } from "nats";

import { currentMailboxKey, mailboxOf } from "../../certs/trust/index.ts";
import { loadLinkPair } from "./agency.ts";
import { dialHub } from "./hub-insider.ts";
import type { Actor, Row } from "./matrix-table.ts";
import { dialRaw, type RawNats } from "./raw-nats.ts";
import type { World } from "./world.ts";

/** What was heard somewhere of what somebody sent. */
export interface Heard {
  readonly place: string;
  readonly subject: string;
  readonly mark: string;
}

/** Ears in the hub's account and in the system's: everything that bears a mark is noted. */
export interface Ears {
  readonly heard: readonly Heard[];
  /** Waits until all that was sent so far was heard. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const markPattern = /mark-[a-z_-]{2,40}-\d{1,9}-/g;

function listen(link: NatsConnection, place: string, heard: Heard[]): void {
  link.subscribe(">", {
    callback: (error, { subject, data, reply = "", headers }) => {
      if (error !== null) return;
      const text = `${reply} ${headers?.get("X-Mark") ?? ""} ${Buffer.from(data).toString("latin1")}`;
      for (const [mark] of text.matchAll(markPattern)) heard.push({ place, subject, mark });
    },
  });
}

/** Opens the ears. */
export async function openEars(world: World): Promise<Ears> {
  const links = [await dialHub(world, "hub"), await dialHub(world, "system")];
  const heard: Heard[] = [];
  for (const [at, link] of links.entries()) listen(link, at === 0 ? "HUB" : "SYS", heard);
  for (const link of links) await link.flush();
  return {
    heard,
    settle: async () => {
      for (const link of links) await link.flush();
    },
    stop: async () => {
      for (const link of links) await link.close();
    },
  };
}

/** An agency's link in hostile hands. */
export function dialActor(
  world: World,
  agency: string,
  connect?: Readonly<Record<string, unknown>>,
): Promise<RawNats> {
  const pair = loadLinkPair(world, agency);
  const { port } = world.server;
  return dialRaw({ port, ca: world.rootsPem, ...pair, ...(connect === undefined ? {} : { connect }) });
} // prettier-ignore

/** Puts in what only a running hub knows: mailboxes' names, the server's. */
export function makeFill(world: World): (subject: string, link: RawNats) => string {
  const view = world.register();
  const key = currentMailboxKey(view.mailboxKeys, world.clock.now());
  return (subject, { info }) =>
    subject
      .replace("<server>", String(info["server_id"]))
      .replace(/<([a-z]+\/[a-z]+)>/, (_all, agency: string) => mailboxOf(key, agency));
}

/** What came of one row. */
export interface Tried {
  readonly row: Row;
  readonly outcome: string;
  /** Marks that its messages bore. */
  readonly marks: readonly string[];
  /** The subject as it was sent. */
  readonly subject: string;
}

const queues = ["", "callout", "mine"] as const;
let count = 0;

/** A text that is found again wherever it comes to. */
export function makeMark(actor: Actor): string {
  count += 1;
  return `mark-${actor.consumer}-${count}-`;
}

function outcomeOf(denied: number, ways: number): string {
  if (denied === 0) return "allowed";
  return denied === ways ? "refused" : `refused ${denied} of ${ways}`;
}

/** Publishes each row plainly, with a reply to oneself and with a header; then reads what the server said. */
async function publishAll(
  { link, actor, fill }: { link: RawNats; actor: Actor; fill: (subject: string) => string },
  rows: readonly Row[],
): Promise<readonly Tried[]> {
  const before = link.errors.length;
  const sent = rows.map((row) => {
    const subject = fill(row.subject);
    const marks = [makeMark(actor), makeMark(actor), makeMark(actor)];
    const [plain = "", asked = "", headed = ""] = marks;
    link.publish(subject, plain);
    link.publish(subject, asked, { reply: `${actor.inbox}.${asked}` });
    link.publish(subject, headed, { headers: `NATS/1.0\r\nX-Mark: ${headed}\r\n\r\n` });
    return { row, subject, marks };
  });
  await link.settle();
  const denied = Map.groupBy(link.errors.slice(before), (text) => text);
  return sent.map((one) => {
    const said = denied.get(`Permissions Violation for Publish to "${one.subject}"`);
    return { ...one, outcome: outcomeOf(said?.length ?? 0, one.marks.length) };
  });
}

/** Listens on each row, alone and in two queue groups; then reads what the server said, and stops listening. */
async function subscribeAll(
  { link, fill }: { link: RawNats; fill: (subject: string) => string },
  rows: readonly Row[],
): Promise<readonly Tried[]> {
  const before = link.errors.length;
  const sids: string[] = [];
  const tried = rows.map((row) => {
    const subject = fill(row.subject);
    for (const queue of queues) sids.push(link.subscribe(subject, queue));
    return { row, subject, marks: [] };
  });
  await link.settle();
  const errors = link.errors.slice(before);
  for (const sid of sids) link.unsubscribe(sid);
  return tried.map((one) => {
    const text = `Permissions Violation for Subscription to "${one.subject}"`;
    const said = errors.filter((error) => error === text || error.startsWith(`${text} using queue`));
    return { ...one, outcome: outcomeOf(said.length, queues.length) };
  });
} // prettier-ignore

/** Tries every row over one link; the link must still stand after it. */
export async function tryRows(
  world: World,
  { link, actor }: { link: RawNats; actor: Actor },
  rows: readonly Row[],
): Promise<readonly Tried[]> {
  const fillAll = makeFill(world);
  const fill = (subject: string): string => fillAll(subject, link);
  const published = rows.filter(({ act }) => act === "publish");
  const listened = rows.filter(({ act }) => act === "subscribe");
  const tried = [
    ...(await publishAll({ link, actor, fill }, published)),
    ...(await subscribeAll({ link, fill }, listened)),
  ];
  if (link.isClosed) throw new Error(`the link of ${actor.agency} was closed`);
  return tried;
}

/** The hub as it is set up, and how far everybody but one has read: what no attempt of that one may change. */
export async function pictureOf(world: World, except: Actor): Promise<unknown> {
  const { link, jetStream } = world.desk;
  const streams = Object.keys(world.broker.status().streams).toSorted();
  const picture: unknown[] = [];
  for (const stream of streams) {
    const found = await jetStream.stream(stream);
    const isKept = stream === "DIRECT" || stream.startsWith("FEED_");
    const reply = await link.request(`$JS.API.CONSUMER.LIST.${stream}`, '{"offset":0}');
    const { consumers } = reply.json<{
      consumers: readonly { name: string; config: unknown; delivered: unknown; ack_floor: unknown }[];
    }>();
    picture.push({
      stream,
      config: found?.config,
      instance: found?.instance,
      ...(isKept ? { messages: found?.messages, last: found?.lastSequence } : {}),
      consumers: consumers
        .filter(({ name }) => !name.startsWith("notes-"))
        .map(({ name, config, delivered, ack_floor }) => {
          const isWatched = name !== except.consumer && name !== "admission" && isKept;
          return { name, config, ...(isWatched ? { delivered, ack_floor } : {}) };
        })
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    });
  }
  return picture;
} // prettier-ignore
