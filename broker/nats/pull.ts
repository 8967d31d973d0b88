import { type Clock, utf8 } from "../../schemas/ground/index.ts";
import { type Link, type Msg, statusOf } from "./connect.ts";
import { hubLimits } from "./limits.ts";

/** How much may be under way. */
export interface PullRoom {
  readonly messages: number;
  readonly bytes: number;
}

/** Where messages are pulled from, and who takes them. */
export interface PullOptions {
  readonly link: Link;
  readonly stream: string;
  readonly consumer: string;
  /** Prefix of the reply subjects, this pull's alone. */
  readonly inbox: string;
  readonly clock: Clock;
  /** Messages handed out and not yet `done` at most, and their bytes; asked each time. */
  readonly room: () => PullRoom;
  /** Takes one message; it must not throw. */
  readonly onMessage: (message: Msg) => void;
}

/** A running pull. Messages come until it is stopped, over lost connections and remade consumers. */
export interface Pull {
  /** One message handed out earlier is finished with. */
  done(message: Msg): void;
  /** Asks for nothing more for so long; what was asked for before still comes. */
  pause(forMs: number): void;
  /** Asks anew: the connection came back, or the consumer was made. */
  restart(): void;
  stop(): void;
  readonly underWay: number;
}

const retryMs = 250;
const nanos = 1_000_000;
/** Statuses that end one request and say that all is well: 404 nothing there, 408 time is up. */
const wellEnded = new Set([404, 408]);
/** How the server says that the next message has more bytes than the request has left: all is well too. */
const bytesEnded = "Message Size Exceeds MaxBytes";
const heartbeat = 100;
/** How many messages of an ended request did not come. */
const pendingHeader = "Nats-Pending-Messages";

/** Starts to pull from a durable consumer. */
export function startPull(options: PullOptions): Pull {
  const { link, stream, consumer, inbox, clock, room, onMessage } = options;
  const { pullBatch, pullBytes, pullExpiresMs, pullHeartbeatMs } = hubLimits;
  let next = 0;
  /** Messages asked for that have not come. */
  let outstanding = 0;
  let underWay = 0;
  let bytesUnderWay = 0;
  let lastHeardAt = clock.elapsed();
  let pausedUntil = 0;
  let isStopped = false;

  const ask = (batch: number): void => {
    next += 1;
    outstanding += batch;
    const request = {
      batch,
      max_bytes: pullBytes,
      expires: pullExpiresMs * nanos,
      idle_heartbeat: pullHeartbeatMs * nanos,
    };
    link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, utf8(JSON.stringify(request)), {
      reply: `${inbox}.${next.toString(36)}`,
    });
  };

  const pump = (): void => {
    if (isStopped || link.isClosed() || clock.elapsed() < pausedUntil) return;
    const { messages, bytes } = room();
    if (bytesUnderWay >= bytes) return;
    const batch = Math.min(messages, pullBatch);
    const free = Math.min(messages - underWay - outstanding, batch);
    if (free >= batch / 2 || (outstanding === 0 && free > 0)) ask(free);
  };

  const take = (message: Msg): void => {
    outstanding = Math.max(0, outstanding - 1);
    underWay += 1;
    bytesUnderWay += message.data.length;
    onMessage(message);
    pump();
  };

  const end = (message: Msg, status: number): void => {
    const pending = message.headers?.get(pendingHeader) ?? "";
    outstanding = pending === "" ? 0 : Math.max(0, outstanding - Number(pending));
    if (wellEnded.has(status) || message.headers?.description === bytesEnded) pump();
    else clock.after(retryMs, pump);
  };

  // A message keeps the subject it was stored under, so it does not show which request it answers.
  const subscription = link.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error !== null || isStopped) return;
      lastHeardAt = clock.elapsed();
      const status = statusOf(message);
      if (status === undefined) take(message);
      else if (status !== heartbeat) end(message, status);
    },
  });

  const restart = (): void => {
    outstanding = 0;
    lastHeardAt = clock.elapsed();
    pump();
  };

  // A request that died with its server is never answered: heartbeats that stop are the sign.
  const timer = clock.every(pullHeartbeatMs, () => {
    if (clock.elapsed() - lastHeardAt > pullHeartbeatMs * 3) restart();
  });
  pump();

  return {
    done: (message) => {
      underWay -= 1;
      bytesUnderWay -= message.data.length;
      pump();
    },
    pause: (forMs) => {
      const until = clock.elapsed() + forMs;
      if (until <= pausedUntil) return;
      pausedUntil = until;
      clock.after(forMs, () => {
        // a timer may come a little before its time, and would find itself paused and never come again
        if (pausedUntil === until) pausedUntil = 0;
        pump();
      });
    },
    restart,
    stop: () => {
      isStopped = true;
      timer.stop();
      if (!link.isClosed()) subscription.unsubscribe();
    },
    get underWay() {
      return underWay;
    },
  };
}

/** Answers that a consumer understands on a message's reply subject. */
export function ackMessage(message: Msg): void {
  message.respond(utf8("+ACK"));
}

/** Gives a message back; it comes again after `delayMs`. */
export function nakMessage(message: Msg, delayMs: number): void {
  message.respond(utf8(`-NAK {"delay": ${Math.round(delayMs * nanos)}}`));
}
