import { z } from "zod";

import { type Bytes, type Clock, Fault, parseUtf8, tryShape } from "../../schemas/ground/index.ts";
import { type Link, makeHeaders, type Msg, statusOf } from "./connect.ts";
import { hubLimits } from "./limits.ts";

/**
 * What became of a publication into a stream: stored (synced) at a place, refused because its subject is
 * taken, or unknown: it may or may not be stored.
 */
export type StoreOutcome =
  | { readonly kind: "stored"; readonly stream: string; readonly sequence: number }
  | { readonly kind: "taken" }
  | { readonly kind: "unknown"; readonly fault: Fault };

/** What is to be stored. */
export interface ToStore {
  readonly subject: string;
  readonly payload: Bytes;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Publishes into streams with many publications under way at once. */
export interface Publisher {
  /** Calls `done` exactly once, when the stream's answer came, or it cannot come any more. */
  send(item: ToStore, done: (outcome: StoreOutcome) => void): void;
  /** Ends everything under way as unknown; for when the connection was lost. */
  reset(): void;
  stop(): void;
  readonly underWay: number;
}

const storeAnswer = z.looseObject({
  stream: z.string().optional(),
  seq: z.number().optional(),
  error: z.looseObject({ err_code: z.number() }).optional(),
});
/** "maximum messages per subject exceeded" */
const subjectTaken = 10077;

function unknown(detail: string): StoreOutcome {
  return { kind: "unknown", fault: new Fault("HUB_STREAM_WRITE_FAILED", detail) };
}

function parseOutcome(message: Msg): StoreOutcome {
  const status = statusOf(message);
  if (status !== undefined) return unknown(`the server answered with status ${status}`);
  let json: unknown;
  try {
    json = JSON.parse(parseUtf8(message.data));
  } catch {
    return unknown("the stream's answer is not JSON");
  }
  const parsed = tryShape(storeAnswer, json);
  if (!parsed.success) return unknown("the stream's answer is not one we know");
  const { stream, seq, error } = parsed.data;
  if (error?.err_code === subjectTaken) return { kind: "taken" };
  if (error !== undefined) return unknown(`the stream refused with ${error.err_code}`);
  if (stream === undefined || seq === undefined || seq < 1)
    return unknown("the answer names no place");
  return { kind: "stored", stream, sequence: seq };
}

interface Waiting {
  readonly since: number;
  readonly done: (outcome: StoreOutcome) => void;
}

/**
 * Starts a publisher on a connection. It has one inbox of its own and matches answers by number: the
 * library's request path costs five times as much.
 */
export function startPublisher(link: Link, inbox: string, clock: Clock): Publisher {
  const waiting = new Map<string, Waiting>();
  let next = 0;
  const settle = (token: string, outcome: StoreOutcome): void => {
    const item = waiting.get(token);
    if (item === undefined || !waiting.delete(token)) return;
    item.done(outcome);
  };
  const subscription = link.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error !== null) return;
      settle(message.subject.slice(inbox.length + 1), parseOutcome(message));
    },
  });
  const expire = (before: number, detail: string): void => {
    // Insertion order is time order, so the first that is young enough ends the walk.
    for (const [token, { since }] of waiting) {
      if (since > before) return;
      settle(token, unknown(detail));
    }
  };
  const timer = clock.every(1000, () =>
    expire(clock.elapsed() - hubLimits.storeTimeoutMs, "the stream did not answer in time"),
  );
  return {
    send: ({ subject, payload, headers }, done) => {
      next += 1;
      const token = next.toString(36);
      waiting.set(token, { since: clock.elapsed(), done });
      const reply = `${inbox}.${token}`;
      try {
        link.publish(
          subject,
          payload,
          headers === undefined ? { reply } : { reply, headers: makeHeaders(headers) },
        );
      } catch {
        settle(token, unknown("the connection is closed"));
      }
    },
    reset: () => expire(Infinity, "the connection was lost"),
    stop: () => {
      timer.stop();
      if (!link.isClosed()) subscription.unsubscribe();
      expire(Infinity, "the hub stops");
    },
    get underWay() {
      return waiting.size;
    },
  };
}
