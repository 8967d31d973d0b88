import type { NatsConnection } from "nats";

import type { Gateway } from "../../gateways/gateway.ts";
import {
  anyIntakeSubject,
  channelsOf,
  decodeMessage,
  decodePublication,
  intakePrefix,
  parseEnvelope,
} from "../../schemas/index.ts";
import {
  type Bytes,
  bytesKey,
  makeUuid,
  renderUuid,
  sha256,
  systemChance,
} from "../../schemas/ground/index.ts";
import { type Draw, makeDraw } from "../fuzz/draw.ts";
import type { MessageSummary } from "../../gateways/exchange/index.ts";
import { reEncoders } from "./re-encode.ts";
import { until } from "./server.ts";
import type { World } from "./world.ts";

/** The spellings that one signed message is replayed in, beside its own. */
export const otherSpellings = [
  "padding",
  "white space",
  "trailing bits",
  "the other alphabet",
  "the higher s",
  "another signature of the slip",
] as const;

/** A publication as it went over the hub's intake. */
export interface Captured {
  readonly originator: string;
  readonly channel: string;
  readonly bytes: Bytes;
}

/** One publication in one spelling. */
export interface Replay extends Captured {
  readonly spelling: string;
}

/** Reads off the wire who is said to have sent a publication, and where it went. */
function capturedOf(bytes: Bytes): Captured {
  const envelope = parseEnvelope(decodeMessage(decodePublication(bytes).message).envelope);
  const [channel = ""] = channelsOf(envelope);
  return { originator: envelope.originator, channel, bytes };
}

/** Listens on the hub's intake and keeps every publication once, as somebody inside the hub could. */
export async function startCapture(link: NatsConnection): Promise<readonly Captured[]> {
  const captured: Captured[] = [];
  const seen = new Set<string>();
  for (const subject of ["in.*.*.msg.>", "in.*.*.direct.*"]) {
    link.subscribe(subject, {
      callback: (error, { data }) => {
        const key = bytesKey(sha256(data));
        // a gateway that had no receipt in time has sent the same again
        if (error !== null || seen.has(key)) return;
        seen.add(key);
        captured.push(capturedOf(Buffer.from(data)));
      },
    });
  }
  await link.flush();
  return captured;
}

/**
 * Every publication in every spelling. Some have no other form of one kind: it then goes as it was.
 *
 * @param signSlip in an originator's name: he alone can sign his slip once more
 */
export function spellAll(
  captured: readonly Captured[],
  signSlip: (originator: string, slip: Bytes) => string,
): readonly Replay[] {
  const draw: Draw = makeDraw("replays");
  const changes = new Map(reEncoders);
  return captured.flatMap((one) => {
    const otherSlipSignature = signSlip(one.originator, decodePublication(one.bytes).slip);
    const spelt = { bytes: one.bytes, moreSignatures: [], otherSlipSignature };
    const others = otherSpellings.map((spelling) => {
      const change = changes.get(spelling);
      if (change === undefined) throw new Error(`there is no way to spell by ${spelling}`);
      return { ...one, spelling, bytes: change(spelt, draw) };
    });
    return [{ ...one, spelling: "as it was" }, ...others];
  });
}

/** A way by which somebody inside the hub lets a publication come again. */
export type Route = (replay: Replay) => string;

/** The place of the intake where it came first. */
export const sentAgain: Route = ({ originator, channel }) =>
  `${intakePrefix(originator)}${channel.startsWith("direct.") ? channel : `msg.${channel}`}`;

/** A place of the intake that is another agency's. */
export function sentBy(agency: string): Route {
  return ({ originator, ...rest }) =>
    sentAgain({ ...rest, originator: originator === agency ? "gh/fiu" : agency });
}

/** The sender's own place of the intake, for other readers than it was meant for. */
export function sentFor(channels: readonly string[]): Route {
  return (replay) =>
    sentAgain({ ...replay, channel: channels.find((one) => one !== replay.channel) ?? "" });
}

/** Past admission, straight into what readers read, under an id that is free. */
export function stored(channels: readonly string[]): Route {
  let turn = 0;
  return ({ originator, channel }) => {
    turn += 1;
    const id = renderUuid(makeUuid(Date.now(), systemChance));
    const place = [channel, ...channels][turn % (channels.length + 1)] ?? channel;
    return place.startsWith("direct.")
      ? `${place}.${"0".repeat(16)}.${id}`
      : `feed.${place}.${originator.replace("/", ".")}.${id}`;
  };
}

/** Publishes replays by their routes, in turns, and waits until hub and readers have dealt with them. */
export async function replayAll(
  { world, link, readers }: { world: World; link: NatsConnection; readers: readonly string[] },
  replays: readonly Replay[],
  routes: readonly Route[],
): Promise<void> {
  for (const [at, replay] of replays.entries()) {
    const route = routes[at % routes.length];
    if (route !== undefined) link.publish(route(replay), replay.bytes);
    // nothing pushes back here: an intake is in memory, and takes as much as it has room for
    if (at % 1000 === 999) await untilIdle(world);
  }
  await link.flush();
  await untilIdle(world);
  for (const agency of readers) {
    for (const stream of Object.keys(await world.desk.marks())) {
      const consumers = await world.desk.jetStream.consumers(stream);
      if (consumers.includes(agency.replace("/", "_"))) await world.desk.taken(stream, agency);
    }
  }
}

async function untilIdle({ desk, broker }: World): Promise<void> {
  await until(
    "every intake is empty",
    async () => {
      const names = await desk.jetStream.streamsOn(anyIntakeSubject);
      const intakes = await Promise.all(names.map((name) => desk.jetStream.stream(name)));
      return intakes.every((one) => one?.messages === 0) && broker.status().underWay === 0;
    },
    120,
  );
}

/** All messages of one box, newest first. */
function listAll({ exchange }: Gateway, box: "in" | "out", state?: string): MessageSummary[] {
  const items: MessageSummary[] = [];
  for (let cursor: string | undefined; ;) {
    const page = exchange.list({
      box,
      limit: 200,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items);
    cursor = page.next;
    if (cursor === undefined) return items;
  }
}

/** What people see of one gateway: ids that were read, and how far what was sent has come. */
export interface Effects {
  readonly read: readonly string[];
  readonly sent: readonly string[];
}

/** Takes down what a second effect would change. */
export function effectsOf(gateway: Gateway): Effects {
  // without its time: a hub that is asked again signs again, and that receipt's time is a later one
  const ladderOf = (id: string): string =>
    JSON.stringify(
      (gateway.exchange.find(id)?.ladder ?? [])
        .map(({ kind, by, channel, code = "" }) => `${kind} ${by} ${channel} ${code}`)
        .toSorted(),
    );
  return {
    read: listAll(gateway, "in", "VERIFIED")
      .map(({ originator, id }) => `${originator} ${id}`)
      .toSorted(),
    sent: listAll(gateway, "out")
      .map(({ id, state }) => `${id} ${state} ${ladderOf(id)}`)
      .toSorted(),
  };
}
