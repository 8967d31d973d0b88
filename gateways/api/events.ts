import { type Clock, Fault } from "../../schemas/ground/index.ts";
import type { ChangePage, ChangesQuery, Exchange, Sight } from "../exchange/index.ts";
import { sightOf } from "../people/index.ts";
import type { Call, Desk } from "./call.ts";
import { eventsQuery, parseLiveQuery } from "./changes.ts";
import { makeSightCheck } from "./events-sight.ts";
import { makeListener } from "./events-listener.ts";
import { makeWakes, type Wakes } from "./events-wakes.ts";

/** Listeners at once, streams and polls together: each costs memory for as long as it likes. */
const maxStreams = 64;
/** Bytes a listener may leave unread before no more is written to it. */
const maxUnreadBytes = 64 * 1024;
/** Shorter than the idle time after which proxies cut a connection (60 s). */
const heartbeatMs = 25_000;
/** Then it connects again: nobody listens for longer than this after he may no more, where nobody can be asked whether he may. */
const streamLifeMs = 5 * 60_000;
/** The same where it is asked at each heartbeat: each beginning costs a thin line as much as forty heartbeats. */
const askedLifeMs = 60 * 60_000;

/** Whose stream, and from where. */
export interface Listening {
  readonly sight: Sight;
  /** Goes on after this; from now on without it. */
  readonly cursor?: string | undefined;
  /** Whether he may listen on; asked at each heartbeat. */
  readonly mayStill?: (() => Promise<boolean>) | undefined;
}

/** A question that waits for its answer. */
export interface Polling extends ChangesQuery {
  readonly waitMs: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** The live listeners of one gateway. */
export interface EventStreams {
  /** @throws {Fault} QUOTA_EXCEEDED when there are too many listeners; REQUEST_INVALID, CURSOR_GONE */
  open(listening: Listening): ReadableStream<Uint8Array>;
  /** The next changes; waits for one where there is none. @throws {Fault} as `open` */
  poll(polling: Polling): Promise<ChangePage>;
  /** Ends every stream and answers every poll; none can be opened after. */
  stop(): void;
}

/** What all listeners share. */
interface Hall {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly wakes: Wakes;
  /** How each that is there is ended. */
  readonly ends: Set<() => void>;
}

interface Running {
  readonly pump: () => void;
  readonly release: () => void;
}

type Started = Listening & { readonly controller: ReadableStreamDefaultController<Uint8Array> };

function startStream(hall: Hall, { controller, sight, cursor = "", mayStill }: Started): Running {
  const { exchange, clock, wakes, ends } = hall;
  const listener = makeListener({ exchange, controller, sight, cursor });
  const stops: (() => void)[] = [];
  const release = (): void => {
    for (const stop of stops.splice(0)) stop();
    ends.delete(end);
  };
  const end = (): void => {
    if (!ends.has(end)) return;
    release();
    controller.close();
  };
  const guarded = (act: () => boolean): void => {
    try {
      if (!act()) end();
    } catch {
      // locked, or cut off meanwhile: whoever connects again is told why
      end();
    }
  };
  const pump = (): void =>
    guarded(() => {
      listener.pump();
      return true;
    });
  const beat = (): boolean => {
    listener.pump();
    return listener.beat();
  };
  const askAndBeat = (): void => {
    if (mayStill === undefined) guarded(beat);
    else mayStill().then((may) => guarded(() => may && ends.has(end) && beat()), end); // prettier-ignore
  };
  stops.push(wakes.add(pump));
  for (const timer of [
    clock.every(heartbeatMs, askAndBeat),
    clock.after(mayStill === undefined ? streamLifeMs : askedLifeMs, () => end()),
  ]) {
    stops.push(() => timer.stop());
  }
  ends.add(end);
  pump();
  return { pump, release };
}

/** Resolves at the first change, when the time is over, or when nobody waits any more. */
async function waitForChange({ clock, wakes, ends }: Hall, { waitMs, signal }: Polling): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(waitMs, () => resolve());
  const unwake = wakes.add(() => resolve());
  const end = (): void => resolve();
  signal.addEventListener("abort", end);
  ends.add(end);
  await promise;
  ends.delete(end);
  signal.removeEventListener("abort", end);
  unwake();
  timer.stop();
} // prettier-ignore

async function pollChanges(hall: Hall, polling: Polling, check: () => void): Promise<ChangePage> {
  const { exchange, clock } = hall;
  const { waitMs, signal, ...query } = polling;
  const until = clock.elapsed() + waitMs;
  let page = exchange.changes(query);
  while (page.items.length === 0) {
    const leftMs = page.hasMore ? 0 : until - clock.elapsed();
    if (!page.hasMore && (leftMs <= 0 || signal.aborted)) break;
    check();
    if (!page.hasMore) await waitForChange(hall, { ...polling, waitMs: leftMs });
    page = exchange.changes({ ...query, cursor: page.next });
  }
  return page;
}

/** Builds the event streams over the log of changes. Events are thin: who wants more, asks for the message. */
export function makeEventStreams(exchange: Exchange, clock: Clock): EventStreams {
  const hall: Hall = { exchange, clock, wakes: makeWakes(exchange), ends: new Set() };
  let isStopped = false;
  const checkRoom = (): void => {
    if (!isStopped && hall.ends.size < maxStreams) return;
    throw new Fault("QUOTA_EXCEEDED", `at most ${maxStreams} listen at once; try again later`);
  };
  return {
    open: ({ sight, cursor, mayStill }) => {
      checkRoom();
      // what is gone is refused before anything is answered
      const first = exchange.changes({ cursor, sight, limit: 1 });
      let running: Running | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            running = startStream(hall, {
              controller,
              sight,
              cursor: cursor ?? first.next,
              mayStill,
            });
          },
          pull: () => running?.pump(),
          cancel: () => running?.release(),
        },
        new ByteLengthQueuingStrategy({ highWaterMark: maxUnreadBytes }),
      );
    },
    poll: (polling) => pollChanges(hall, polling, checkRoom),
    stop: () => {
      isStopped = true;
      for (const end of hall.ends) end();
    },
  };
}

/** What became of messages, as server-sent events; from a cursor on, or the last event its reader had. */
export function getEvents(desk: Desk, call: Call): Response {
  const { request, url, caller } = call;
  const last = request.headers.get("last-event-id") ?? "";
  const said = parseLiveQuery(eventsQuery, url.searchParams).cursor;
  // a browser that connects again repeats the address and says where it was: that is newer
  const { cursor } = last === "" ? { cursor: said } : parseLiveQuery(eventsQuery, new URLSearchParams({ cursor: last }));
  const stream = desk.streams.open({ cursor, sight: sightOf(caller), mayStill: makeSightCheck(desk, call) });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
} // prettier-ignore
