import { type Clock, utf8 } from "../../schemas/ground/index.ts";
import { type Link, type Msg, statusOf } from "./connect.ts";
import { hubLimits } from "./limits.ts";

/** Where messages are pulled from, and who takes them. */
export interface PullOptions {
  readonly link: Link;
  readonly stream: string;
  readonly consumer: string;
  /** Prefix of the reply subjects, this pull's alone. */
  readonly inbox: string;
  readonly clock: Clock;
  /** Messages handed out and not yet `done` at most. */
  readonly maxUnderWay: number;
  /** Takes one message; it must not throw. */
  readonly onMessage: (message: Msg) => void;
}

/** A running pull. Messages come until it is stopped, over lost connections and remade consumers. */
export interface Pull {
  /** One message handed out earlier is finished with. */
  done(): void;
  /** Asks anew: the connection came back, or the consumer was made. */
  restart(): void;
  stop(): void;
  readonly underWay: number;
}

const retryMs = 250;
const nanos = 1_000_000;
/** Statuses that end one request and say that all is well: 404 nothing there, 408 time is up. */
const wellEnded = new Set([404, 408]);
const heartbeat = 100;
/** How many messages of an ended request did not come. */
const pendingHeader = "Nats-Pending-Messages";

/** Starts to pull from a durable consumer. */
export function startPull(options: PullOptions): Pull {
  const { link, stream, consumer, inbox, clock, maxUnderWay, onMessage } = options;
  const { pullBatch, pullExpiresMs, pullHeartbeatMs } = hubLimits;
  let next = 0;
  /** Messages asked for that have not come. */
  let outstanding = 0;
  let underWay = 0;
  let lastHeardAt = clock.elapsed();
  let isStopped = false;

  const ask = (batch: number): void => {
    next += 1;
    outstanding += batch;
    const request = {
      batch,
      expires: pullExpiresMs * nanos,
      idle_heartbeat: pullHeartbeatMs * nanos,
    };
    link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, utf8(JSON.stringify(request)), {
      reply: `${inbox}.${next.toString(36)}`,
    });
  };

  const pump = (): void => {
    if (isStopped || link.isClosed()) return;
    const room = Math.min(maxUnderWay - underWay - outstanding, pullBatch);
    if (room >= pullBatch / 2 || (outstanding === 0 && room > 0)) ask(room);
  };

  const take = (message: Msg): void => {
    outstanding = Math.max(0, outstanding - 1);
    underWay += 1;
    onMessage(message);
    pump();
  };

  const end = (message: Msg, status: number): void => {
    const pending = message.headers?.get(pendingHeader) ?? "";
    outstanding = pending === "" ? 0 : Math.max(0, outstanding - Number(pending));
    if (wellEnded.has(status)) pump();
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
    done: () => {
      underWay -= 1;
      pump();
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
