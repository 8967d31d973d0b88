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

/** Starts to pull from a durable consumer. */
export function startPull(options: PullOptions): Pull {
  const { link, stream, consumer, inbox, clock, maxUnderWay, onMessage } = options;
  const { pullBatch, pullExpiresMs, pullHeartbeatMs } = hubLimits;
  const asked = new Map<string, number>();
  let next = 0;
  let underWay = 0;
  let lastHeardAt = clock.elapsed();
  let isStopped = false;

  const outstanding = (): number => [...asked.values()].reduce((sum, one) => sum + one, 0);

  const ask = (batch: number): void => {
    next += 1;
    const token = next.toString(36);
    asked.set(token, batch);
    const request = {
      batch,
      expires: pullExpiresMs * nanos,
      idle_heartbeat: pullHeartbeatMs * nanos,
    };
    link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, utf8(JSON.stringify(request)), {
      reply: `${inbox}.${token}`,
    });
  };

  const pump = (): void => {
    if (isStopped || link.isClosed()) return;
    const pending = outstanding();
    const room = Math.min(maxUnderWay - underWay - pending, pullBatch);
    if (room >= pullBatch / 2 || (pending === 0 && room > 0)) ask(room);
  };

  const take = (token: string, message: Msg): void => {
    const left = (asked.get(token) ?? 0) - 1;
    if (left > 0) asked.set(token, left);
    else asked.delete(token);
    underWay += 1;
    onMessage(message);
    pump();
  };

  const end = (token: string, status: number): void => {
    asked.delete(token);
    if (wellEnded.has(status)) pump();
    else clock.after(retryMs, pump);
  };

  const subscription = link.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error !== null || isStopped) return;
      lastHeardAt = clock.elapsed();
      const token = message.subject.slice(inbox.length + 1);
      const status = statusOf(message);
      if (status === undefined) take(token, message);
      else if (status !== heartbeat) end(token, status);
    },
  });

  const restart = (): void => {
    asked.clear();
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
