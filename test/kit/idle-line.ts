import { setImmediate as turn } from "node:timers/promises";

import type { HubConnection, Incoming } from "../../gateways/link/connect.ts";
import { makeHeadsRound } from "../../gateways/link/heads.ts";
import { makePulse } from "../../gateways/link/pulse.ts";
import { startPull } from "../../gateways/link/pull.ts";
import { makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock } from "./memory-exchange.ts";

/** What goes over a line where nobody sends anything, by kind; each there and back. */
export interface IdleCounts {
  pings: number;
  pulls: number;
  heartbeats: number;
  heads: number;
}

/** The line that is counted on. */
export interface IdlePlace {
  readonly hours: number;
  readonly streams: number;
  /** The hub's word on how long a request may stand. */
  readonly longestMs: number;
  readonly hasMany: boolean;
  /** Whether servers tell when another comes or goes; they do when left out. */
  readonly isTold?: boolean;
  readonly roundTripMs: number;
}

const tickMs = 1_000;

/** Counts what the loops of a link do by themselves against a hub that answers as a server does, on a clock that is moved. */
export async function countIdle(place: IdlePlace): Promise<IdleCounts> {
  const { hours, streams, longestMs, hasMany, isTold = true, roundTripMs } = place;
  const clock = makeStillClock(1_780_272_000_000);
  const chance = makeSeededChance("idle line");
  const counts: IdleCounts = { pings: 0, pulls: 0, heartbeats: 0, heads: 0 };
  const due: { at: number; act: () => void }[] = [];
  const later = (ms: number, act: () => void): void => void due.push({ at: clock.elapsed() + ms, act });
  const pulse = makePulse(clock);
  const makeConnection = (): HubConnection => {
    let listener: (message: Incoming) => void = () => undefined;
    const hand = (message: Partial<Incoming>): void => {
      pulse.heard();
      listener({ subject: "", bytes: new Uint8Array(), reply: "", ...message });
    };
    const pull = (text: string, subject: string): void => {
      const { expires = 0, idle_heartbeat: beat = 0 } = JSON.parse(text) as Record<string, number>;
      const [expiresMs, beatMs] = [expires / 1e6, beat / 1e6];
      counts.pulls += 1;
      if (expiresMs > longestMs) return later(roundTripMs, () => hand({ subject, status: 409, longestMs }));
      const beats = beatMs === 0 ? 0 : Math.ceil(expiresMs / beatMs) - 1;
      for (const at of Array.from({ length: beats }, (_, n) => (n + 1) * beatMs))
        later(at, () => {
          counts.heartbeats += 1;
          hand({ subject, status: 100 });
        });
      later(expiresMs, () => hand({ subject, status: 408, left: 128, leftBytes: 1e6 }));
    };
    return {
      isUp: true,
      line: pulse,
      state: { since: 0 },
      servers: [],
      publish: (subject, bytes, reply = "") => {
        pulse.sent(subject.length + bytes.length + reply.length);
        pull(Buffer.from(bytes).toString(), reply);
        return true;
      },
      request: () => Promise.reject(new TypeError("nothing is asked here")),
      listen: (onMessage) => {
        listener = onMessage;
        return { name: "_INBOX_ng_fiu.x" };
      },
      reconnect: () => Promise.resolve(),
      pause: () => undefined,
      tick: () => undefined,
      close: () => Promise.resolve(),
    };
  };
  const answered = (count: () => void): Promise<void> => {
    count();
    return new Promise((resolve) => later(roundTripMs, resolve));
  };
  const ground = { clock, chance, log: silentLog };
  pulse.start({ bytesRead: () => 0, ping: () => answered(() => (counts.pings += 1)) });
  const isIdle = (): boolean => true;
  const pulls = Array.from({ length: streams }, (_, at) =>
    startPull({
      ...ground,
      source: { stream: `S${at}`, consumer: "ng_fiu" },
      connection: makeConnection(),
      isIdle,
      hasMany,
      isTold: () => isTold,
      onLost: () => heads.hurry(),
      take: () => Promise.resolve(),
    }),
  );
  const heads = makeHeadsRound({
    ...ground,
    ask: async () => {
      pulse.sent(200);
      const mark = pulse.handed;
      await answered(() => (counts.heads += 1));
      pulse.heard(mark);
      return new Uint8Array();
    },
    before: () => [],
    take: () => Promise.resolve(),
    isIdle,
  });
  // as fine as the round trip: the line is judged by how soon it answers
  for (let at = 0; at < hours * 3_600_000; at += roundTripMs) {
    clock.move(roundTripMs);
    const came = due.filter((one) => one.at <= clock.elapsed());
    for (const one of came) {
      due.splice(due.indexOf(one), 1);
      one.act();
    }
    if (came.length > 0) await turn();
    const isTick = at % tickMs < roundTripMs;
    if (!isTick) continue;
    if (!pulse.tick()) throw new Error("the line was given up");
    for (const pull of pulls) pull.tick();
    heads.tick();
  }
  return counts;
} // prettier-ignore
