import { z } from "zod";

import { isFault } from "../../schemas/ground/index.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { pause } from "./pause.ts";

const eventShape = z.object({ id: z.string(), box: z.enum(["in", "out"]), state: z.string() });
type Event = z.infer<typeof eventShape>;

/** Bytes of one event; ours have about a hundred. */
const maxEventBytes = 16 * 1024;
const firstPauseMs = 1_000;
const lastPauseMs = 30_000;

/** The event of one block of a stream; undefined when it holds none of ours. */
export function parseEvent(block: string): Event | undefined {
  const data = block.split("\n").find((line) => line.startsWith("data: "));
  if (data === undefined) return undefined;
  try {
    return eventShape.safeParse(JSON.parse(data.slice(6))).data;
  } catch {
    // a block that was cut short; the engine's error quotes it
    return undefined;
  }
}

/** Events of one connection, until the gateway ends it. */
async function* readEvents(client: Client): AsyncGenerator<Event> {
  const { body } = await client.ask({ path: "/v1/events", accept: "text/event-stream" });
  if (body === null) return;
  const decoder = new TextDecoder();
  let rest = "";
  const pieces: AsyncIterable<Uint8Array> = body;
  for await (const piece of pieces) {
    const blocks = (rest + decoder.decode(piece, { stream: true })).split("\n\n");
    rest = (blocks.pop() ?? "").slice(0, maxEventBytes);
    for (const block of blocks) {
      const event = parseEvent(block);
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

/**
 * Prints every message stored or moved on, until interrupted. When the gateway goes away it says so, waits
 * and connects again; what happened meanwhile is in the lists.
 */
export async function runWatch(desk: Desk, { box, count }: WatchOptions): Promise<number> {
  const { signal } = desk.world;
  const client = desk.client();
  let seen = 0;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      for await (const event of readEvents(client)) {
        pauseMs = firstPauseMs;
        if (box !== undefined && event.box !== box) continue;
        show(desk, event);
        seen += 1;
        if (seen === count) return exitCodes.ok;
      }
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    if (signal.aborted) break;
    desk.say(`The gateway is away; trying again in ${pauseMs / 1000} s.`);
    await pause(pauseMs, desk.world);
    pauseMs = Math.min(lastPauseMs, pauseMs * 2);
  }
  return exitCodes.interrupted;
}
