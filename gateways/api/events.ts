import { type Clock, Fault } from "../../schemas/ground/index.ts";
import type { Exchange, MessageSummary } from "../exchange/index.ts";
import type { Call, Desk } from "./call.ts";

/** Listeners at once: each costs memory for as long as it likes. */
const maxStreams = 64;
/** Bytes a slow listener may leave unread before it is let go; it connects again and reads the list. */
const maxUnreadBytes = 64 * 1024;
/** Shorter than the idle time after which proxies cut a connection (60 s). */
const heartbeatMs = 25_000;

/** The live listeners of one gateway. */
export interface EventStreams {
  /** @throws {Fault} QUOTA_EXCEEDED when there are too many listeners */
  open(): ReadableStream<Uint8Array>;
  /** Ends every stream; none can be opened after. */
  stop(): void;
}

const encoder = new TextEncoder();

function renderEvent({ id, box, state }: MessageSummary): string {
  return `event: message\ndata: ${JSON.stringify({ id, box, state })}\n\n`;
}

/** Builds the event streams over `exchange.watch`. Events are thin: who wants more, asks for the message. */
export function makeEventStreams(exchange: Exchange, clock: Clock): EventStreams {
  const ends = new Set<() => void>();
  let stopped = false;
  const open = (controller: ReadableStreamDefaultController<Uint8Array>): (() => void) => {
    const write = (text: string): void => {
      if ((controller.desiredSize ?? 0) <= 0) end();
      else controller.enqueue(encoder.encode(text));
    };
    const beat = clock.every(heartbeatMs, () => write(": still here\n\n"));
    const unwatch = exchange.watch((message) => write(renderEvent(message)));
    const release = (): void => {
      beat.stop();
      unwatch();
      ends.delete(end);
    };
    const end = (): void => {
      if (!ends.has(end)) return;
      release();
      controller.close();
    };
    ends.add(end);
    write("retry: 2000\n\n");
    return release;
  };
  return {
    open: () => {
      if (stopped || ends.size >= maxStreams) {
        throw new Fault("QUOTA_EXCEEDED", `at most ${maxStreams} listen at once; try again later`);
      }
      let release: (() => void) | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            release = open(controller);
          },
          cancel: () => release?.(),
        },
        new ByteLengthQueuingStrategy({ highWaterMark: maxUnreadBytes }),
      );
    },
    stop: () => {
      stopped = true;
      for (const end of ends) end();
    },
  };
}

/** Messages stored or moved on from now, as server-sent events. */
export function getEvents({ streams }: Desk, _call: Call): Response {
  return new Response(streams.open(), { headers: { "content-type": "text/event-stream" } });
}
