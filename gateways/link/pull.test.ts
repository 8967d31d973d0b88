import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { type Bytes, Fault, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import type { HubConnection, Incoming } from "./connect.ts";
import { startPull } from "./pull.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const hubMs = 30 * minutes;

interface Asked {
  readonly reply: string;
  readonly expiresMs: number;
  readonly heartbeatMs: number | undefined;
}

/** A pull against a hub in the test's hands; time goes on a second at a time. */
function make({ hasMany = false, isTold = false, isOld = false } = {}): {
  asked: Asked[];
  taken: string[];
  acknowledged: string[];
  line: { isIdle: boolean; isSilent: boolean; isBehind: boolean; roundTripMs: number };
  lost: () => number;
  pull: ReturnType<typeof startPull>;
  hand: (message: Partial<Incoming>) => void;
  run: (ms: number) => Promise<void>;
} {
  const clock = makeStillClock(1_780_272_000_000);
  const line = { isIdle: true, isSilent: false, isBehind: false, roundTripMs: 20 };
  const asked: Asked[] = [];
  const [taken, acknowledged]: [string[], string[]] = [[], []];
  const open = new Map<string, { endsAt: number; beatMs: number; beatAt: number }>();
  let listener: (message: Incoming) => void = () => undefined;
  let lost = 0;
  const hand = (message: Partial<Incoming>): void =>
    listener({ subject: "", bytes: new Uint8Array(), reply: "", ...message });
  const ask = (text: string, reply: string): void => {
    const { expires, idle_heartbeat: beat } = JSON.parse(text) as Record<string, number>;
    const expiresMs = (expires ?? 0) / 1e6;
    const heartbeatMs = beat === undefined ? undefined : beat / 1e6;
    asked.push({ reply, expiresMs, heartbeatMs });
    if (!isOld && expiresMs > hubMs) return queueMicrotask(() => hand({ subject: reply, status: 409, longestMs: hubMs }));
    const beatMs = heartbeatMs ?? Infinity;
    open.set(reply, { endsAt: clock.elapsed() + expiresMs, beatMs, beatAt: clock.elapsed() + beatMs });
  }; // prettier-ignore
  const connection: HubConnection = {
    isUp: true,
    line: {
      handed: 0, proven: 0, sendBytes: 65_536, receiveBytes: 65_536,
      get answeredAt() {
        return line.isBehind ? 0 : clock.elapsed();
      },
      quality: () => ({ roundTripMs: line.roundTripMs }),
    },
    state: { since: 0 },
    servers: [],
    publish: (subject: string, bytes: Bytes, reply?: string) => {
      if (reply === undefined) acknowledged.push(subject);
      else ask(Buffer.from(bytes).toString(), reply);
      return true;
    },
    request: () => Promise.reject(new Fault("HUB_UNREACHABLE", "for this test")),
    listen: (onMessage) => {
      listener = onMessage;
      return { name: "_INBOX_ng_tcu.x" };
    },
    reconnect: () => Promise.resolve(),
    pause: () => undefined,
    tick: () => undefined,
    close: () => Promise.resolve(),
  }; // prettier-ignore
  const answer = (): void => {
    const now = clock.elapsed();
    for (const [reply, one] of open) {
      if (now >= one.endsAt) {
        open.delete(reply);
        hand({ subject: reply, status: 408, left: 128, leftBytes: 65_536 });
      } else if (now >= one.beatAt) {
        one.beatAt += one.beatMs;
        hand({ subject: reply, status: 100 });
      }
    }
  };
  const pull = startPull({
    source: { stream: "DIRECT", consumer: "ng_tcu" },
    connection,
    clock,
    chance: makeSeededChance("pull"),
    log: silentLog,
    isIdle: () => line.isIdle,
    hasMany,
    isTold: () => isTold,
    onLost: () => (lost += 1),
    take: (batch) => {
      taken.push(...batch.map(({ reply }) => reply));
      return Promise.resolve();
    },
  });
  return {
    asked,
    taken,
    acknowledged,
    line,
    lost: () => lost,
    pull,
    hand,
    run: async (ms) => {
      for (let at = 0; at < ms; at += seconds) {
        clock.move(seconds);
        if (!line.isSilent) answer();
        pull.tick();
        if (at % (30 * seconds) === 0) await turn();
      }
    },
  };
}

describe("a pull over an idle line", () => {
  it("asks for as long as the hub lets it, which it learns by asking for more", async () => {
    const { asked, run } = make();
    await run(2 * seconds);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ expiresMs: 60 * minutes, heartbeatMs: 100 * seconds });
    expect(asked[1]?.expiresMs).toBeLessThanOrEqual(hubMs);
    expect(asked[1]?.expiresMs).toBeGreaterThanOrEqual(18 * minutes);
    expect(asked[1]?.heartbeatMs).toBeLessThanOrEqual(8 * minutes);
    await run(24 * 60 * minutes);
    expect(asked.length).toBeLessThanOrEqual(2 + (24 * 60) / 18);
  });

  it("lets a hub that does not say how long say each 100 s that it remembers us", async () => {
    const { asked, run, lost } = make({ isOld: true });
    await run(5 * 60 * minutes + 30 * seconds);
    expect(asked.length).toBe(6);
    for (const one of asked) expect(one).toMatchObject({ heartbeatMs: 100 * seconds });
    expect(lost()).toBe(0);
  });

  it.each([
    [{ hasMany: false, isTold: false }, 8 * minutes + 10 * seconds],
    [{ hasMany: true, isTold: true }, 8 * minutes + 10 * seconds],
    [{ hasMany: true, isTold: false }, 85 * seconds],
  ])(
    "asks again, and has the hub asked, when it hears no more of its request; %j: after at most %i ms",
    async (hub, withinMs) => {
      const { asked, run, lost, line } = make(hub);
      await run(20 * seconds);
      line.isSilent = true;
      const before = asked.length;
      await run(withinMs);
      expect(lost()).toBe(1);
      expect(asked.length).toBeGreaterThan(before);
      // what the hub says may have changed with what was lost
      expect(asked[before]).toMatchObject({ expiresMs: 60 * minutes });
    },
  ); // prettier-ignore

  it("asks anew at once when whoever had its request may be gone, and takes what comes of either", async () => {
    const { asked, taken, run, hand, pull } = make({ hasMany: true, isTold: true });
    await run(10 * minutes);
    const before = asked.length;
    pull.doubt();
    expect(asked).toHaveLength(before + 1);
    hand({ subject: "direct.x", reply: "$JS.ACK.DIRECT.ng_tcu.1" });
    await turn();
    expect(taken).toHaveLength(1);
    // the note that ends the one before is no reason to ask a third time
    hand({ subject: asked[before - 1]!.reply, status: 408, left: 128, leftBytes: 65_536 });
    expect(asked).toHaveLength(before + 1);
  });

  it("asks anew when another leads who knows only of a request before", async () => {
    const { asked, run, hand, pull } = make({ hasMany: true, isTold: true });
    await run(10 * minutes);
    const [first] = asked.slice(-1);
    pull.doubt();
    await run(5 * seconds);
    const before = asked.length;
    // its notes come one after another, of each request that it knows of
    for (const one of [first, asked.at(-1), first]) hand({ subject: one!.reply, status: 409, isElsewhere: true });
    expect(asked).toHaveLength(before + 1);
  }); // prettier-ignore

  it("has the hub asked once when nobody takes its request any more, and not each time", async () => {
    const { asked, run, lost, hand } = make({ hasMany: true, isTold: true });
    await run(10 * minutes);
    for (let times = 0; times < 4; times += 1) {
      hand({ subject: asked.at(-1)!.reply, status: 503 });
      await run(40 * seconds);
    }
    expect(lost()).toBe(1);
  });

  it("takes what comes at once, and is not asked for it again", async () => {
    const { asked, taken, acknowledged, run, hand } = make();
    await run(10 * minutes);
    const before = asked.length;
    hand({ subject: "direct.x", reply: "$JS.ACK.DIRECT.ng_tcu.1" });
    await turn();
    expect(taken).toEqual(["$JS.ACK.DIRECT.ng_tcu.1"]);
    expect(acknowledged).toEqual(taken);
    expect(asked).toHaveLength(before);
  });
});

describe("a pull over a busy line", () => {
  it("relies on no request for longer than some forty seconds without a word", async () => {
    const { asked, run, line } = make();
    await run(60 * minutes);
    const before = asked.length;
    line.isSilent = true;
    line.isIdle = false;
    await run(42 * seconds);
    expect(asked.length).toBeGreaterThan(before);
    expect(asked.at(-1)?.expiresMs).toBeLessThanOrEqual(90 * seconds);
    expect(asked.at(-1)?.heartbeatMs).toBeUndefined();
  });

  it("of a hub with several servers it notices within some ten seconds that nobody there has its request", async () => {
    const { asked, run, line, lost } = make({ hasMany: true });
    line.isIdle = false;
    await run(10 * minutes);
    expect(asked.at(-1)?.heartbeatMs).toBe(5 * seconds);
    expect(lost()).toBe(0);
    line.isSilent = true;
    const before = asked.length;
    await run(16 * seconds);
    expect(asked.length).toBe(before + 1);
    expect(lost()).toBe(1);
  });

  it("takes no sign for lost that may stand behind what the line carries, and has the hub asked once", async () => {
    const { asked, run, line, lost } = make({ hasMany: true });
    line.isIdle = false;
    await run(30 * seconds);
    Object.assign(line, { isSilent: true, isBehind: true });
    const before = asked.length;
    await run(18 * seconds);
    expect(asked).toHaveLength(before);
    expect(lost()).toBe(1);
    line.isBehind = false;
    await run(2 * seconds);
    expect(asked).toHaveLength(before + 1);
  });

  it("asks for few signs over a far line, and for none over a thin one", async () => {
    const { asked, run, line } = make({ hasMany: true });
    Object.assign(line, { isIdle: false, roundTripMs: 290 });
    await run(2 * minutes);
    expect(asked.at(-1)?.heartbeatMs).toBe(5.8 * seconds);
    line.roundTripMs = 800;
    await run(2 * minutes);
    expect(asked.at(-1)?.heartbeatMs).toBeUndefined();
  });

  it("asks anew at once, and once, when another server leads", async () => {
    const { asked, run, line, hand } = make({ hasMany: true });
    line.isIdle = false;
    await run(10 * seconds);
    const { reply: subject } = asked.at(-1)!;
    const before = asked.length;
    for (let n = 0; n < 3; n += 1) hand({ subject, status: 409, isElsewhere: true });
    expect(asked).toHaveLength(before + 1);
  });

  it("what is said of a request that it gave up starts no second row of requests", async () => {
    const { asked, run, line } = make();
    for (let burst = 0; burst < 5; burst += 1) {
      line.isIdle = true;
      await run(4 * minutes);
      line.isIdle = false;
      await run(2 * minutes);
    }
    line.isIdle = true;
    await run(2 * hubMs);
    const before = asked.length;
    await run(10 * hubMs);
    // one row: each lasts at least six tenths of what the hub allows
    expect(asked.length - before).toBeLessThanOrEqual(10 / 0.6 + 1);
  });
});
