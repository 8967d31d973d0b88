import { z } from "zod";

import { isFault, tryShape } from "../../schemas/ground/index.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { pause } from "./pause.ts";

const eventShape = z.object({
  cursor: z.string(),
  kind: z.string(),
  id: z.string(),
  box: z.enum(["in", "out"]),
  state: z.string(),
});
type Event = z.infer<typeof eventShape>;

/** Bytes of one event; ours have about a hundred. */
const maxEventBytes = 16 * 1024;
const maxPlaceChars = 100;
const firstPauseMs = 1_000;
const lastPauseMs = 30_000;

/** The event of one block of a stream; undefined when it holds none of ours. */
export function parseEvent(block: string): Event | undefined {
  const data = block.split("\n").find((line) => line.startsWith("data: "));
  if (data === undefined) return undefined;
  try {
    return tryShape(eventShape, JSON.parse(data.slice(6))).data;
  } catch {
    // a block that was cut short; the engine's error quotes it
    return undefined;
  }
}

/** Where the gateway says that a stream stands, even before it tells anything. */
export function parsePlace(block: string): string | undefined {
  return block
    .split("\n")
    .find((line) => line.startsWith("id: "))
    ?.slice(4, 4 + maxPlaceChars);
}

/** How far a person was told, over all connections. */
interface Place {
  cursor: string | undefined;
}

/** Events of one connection, from the place on, until the gateway ends it. */
async function* readEvents(client: Client, place: Place): AsyncGenerator<Event> {
  const headers = place.cursor === undefined ? {} : { "last-event-id": place.cursor };
  const { body } = await client.ask({ path: "/v1/events", accept: "text/event-stream", headers });
  if (body === null) return;
  const decoder = new TextDecoder();
  let rest = "";
  const pieces: AsyncIterable<Uint8Array> = body;
  for await (const piece of pieces) {
    const blocks = (rest + decoder.decode(piece, { stream: true })).split("\n\n");
    rest = (blocks.pop() ?? "").slice(0, maxEventBytes);
    for (const block of blocks) {
      const event = parseEvent(block);
      place.cursor = parsePlace(block) ?? place.cursor;
      if (event !== undefined) yield event;
    }
  }
}

/** What a person wants to see go by. */
export interface WatchOptions {
  readonly box?: "in" | "out";
  /** Stop after so many; 0 is never. */
  readonly count: number;
}

/** A connection that breaks while it is read is a TypeError, one that is given up a DOMException. */
function isAway(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof DOMException) return true;
  return isFault(error, "GATEWAY_UNREACHABLE") || isFault(error, "GATEWAY_TIMEOUT");
}

function show(desk: Desk, event: Event): void {
  desk.result(event, `${event.box === "in" ? "←" : "→"} ${event.id}  ${event.state}`);
}

/** One watch, over all its connections. */
interface Watch extends WatchOptions {
  readonly place: Place;
  seen: number;
  pauseMs: number;
}

/** Prints the events of one connection. True once as many were seen as were wanted. */
async function follow(desk: Desk, client: Client, watch: Watch): Promise<boolean> {
  for await (const event of readEvents(client, watch.place)) {
    watch.pauseMs = firstPauseMs;
    if (watch.box !== undefined && event.box !== watch.box) continue;
    show(desk, event);
    watch.seen += 1;
    if (watch.seen === watch.count) return true;
  }
  return false;
}

/** What to do after a connection broke. @throws what is no reason to try again */
function takeBreak(desk: Desk, watch: Watch, error: unknown): void {
  if (isFault(error, "CURSOR_GONE")) {
    desk.say("What happened meanwhile is in the lists; the gateway keeps its changes for a month.");
    watch.place.cursor = undefined;
    return;
  }
  if (!isAway(error)) throw error;
  if (desk.world.signal.aborted) return;
  desk.say(`The gateway is away; trying again in ${watch.pauseMs / 1000} s.`);
}

/**
 * Prints every message stored or moved on, until interrupted. When the gateway goes away it says so, waits
 * and connects again, and then prints what happened meanwhile. Away for too long, it says that and goes on from now.
 */
export async function runWatch(desk: Desk, options: WatchOptions): Promise<number> {
  const { signal } = desk.world;
  const client = desk.client();
  const place: Place = { cursor: undefined };
  const watch: Watch = { ...options, place, seen: 0, pauseMs: firstPauseMs };
  while (!signal.aborted) {
    try {
      // a gateway ends every stream after some minutes, and is asked again for the rest
      if (await follow(desk, client, watch)) return exitCodes.ok;
    } catch (error) {
      takeBreak(desk, watch, error);
    }
    if (signal.aborted) break;
    await pause(watch.pauseMs, desk.world);
    watch.pauseMs = Math.min(lastPauseMs, watch.pauseMs * 2);
  }
  return exitCodes.interrupted;
}
