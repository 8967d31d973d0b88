import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { type Bytes, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import type { HubConnection } from "./connect.ts";
import type { Line } from "./pulse.ts";
import { type Sender, startSender } from "./send.ts";

interface Waiting {
  seq: number;
  rank: number;
  bytes: number;
}

interface Desk {
  /** What waits, in any order; whoever takes one out of it gave it a receipt. */
  readonly waiting: Waiting[];
  readonly sender: Sender;
  readonly clock: StillClock;
  readonly line: { -readonly [Key in keyof Line]: Line[Key] };
  readonly connection: { isUp: boolean };
  /** Places in the order they went out. */
  readonly sent: number[];
  /** How often it was told that one is late. */
  late(): number;
  /** Goes on so many seconds; whatever went out is proven to be there with the next. */
  run(seconds: number): Promise<void>;
  receipt(...seqs: readonly number[]): void;
}

const urgent = 7;
const routine = 5;

async function settle(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await turn();
}

function start(count: number, bytes = 10): Desk {
  const waiting: Waiting[] = Array.from({ length: count }, (_, seq) => ({
    seq,
    rank: routine,
    bytes,
  }));
  const sent: number[] = [];
  const clock = makeStillClock(1_780_272_000_000);
  const line: Desk["line"] = {
    handed: 0,
    proven: 0,
    answeredAt: 0,
    sendBytes: 16_384,
    receiveBytes: 16_384,
    quality: () => ({}),
  };
  const connection = {
    isUp: true,
    line,
    publish: (subject: string, content: Bytes) => {
      if (!connection.isUp) return false;
      sent.push(Number(subject));
      line.handed += content.length;
      return true;
    },
  };
  const order = (one: Waiting, other: Waiting): number =>
    other.rank - one.rank || one.seq - other.seq;
  const queue = {
    waiting: (limit: number) =>
      waiting
        .toSorted(order)
        .slice(0, limit)
        .map(({ seq, rank }) => ({ seq, rank, isUrgent: rank >= urgent })),
    load: (seq: number) => {
      const found = waiting.find((one) => one.seq === seq);
      if (found === undefined) return undefined;
      return { subject: String(seq), bytes: new Uint8Array(found.bytes) };
    },
  };
  let late = 0;
  const sender = startSender({
    queue,
    connection: connection as unknown as HubConnection,
    onLate: () => (late += 1),
    clock,
    chance: makeSeededChance("s"),
    log: silentLog,
  });
  return {
    waiting,
    sender,
    clock,
    line,
    connection,
    sent,
    late: () => late,
    run: async (seconds) => {
      for (let second = 0; second < seconds; second += 1) {
        line.proven = line.handed;
        clock.move(1_000);
        sender.tick();
        await settle();
      }
    },
    receipt: (...seqs) => {
      for (const seq of seqs)
        waiting.splice(
          waiting.findIndex((one) => one.seq === seq),
          1,
        );
      sender.wake();
    },
  };
}

async function awake(desk: Desk): Promise<void> {
  desk.sender.wake();
  await settle();
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

describe("how much is under way", () => {
  it("at most 256, and each receipt makes room for the next", async () => {
    const desk = start(300);
    desk.sender.wake();
    await awake(desk);
    expect(desk.sent).toEqual(numbers(0, 255));
    desk.receipt(...numbers(0, 9));
    await settle();
    expect(desk.sent.slice(256)).toEqual(numbers(256, 265));
  });

  it("not more bytes than some seconds of the line", async () => {
    const desk = start(300, 2_000);
    await awake(desk);
    expect(desk.sent).toEqual(numbers(0, 7));
    desk.receipt(0, 1);
    await settle();
    expect(desk.sent.slice(8)).toEqual([8, 9]);
    desk.line.sendBytes = 64_000;
    await awake(desk);
    expect(desk.sent).toHaveLength(34);
  });

  it("one that is larger than all of that goes alone", async () => {
    const desk = start(3, 200_000);
    await awake(desk);
    expect(desk.sent).toEqual([0]);
    desk.receipt(0);
    await settle();
    expect(desk.sent).toEqual([0, 1]);
  });

  it("while the link is down nothing is sent, and nothing is counted as sent", async () => {
    const desk = start(1);
    desk.connection.isUp = false;
    await awake(desk);
    desk.connection.isUp = true;
    desk.sender.tick();
    expect(desk.sent).toEqual([0]);
  });
});

describe("what is urgent", () => {
  it("goes though the line is full of what is not, also when 10,000 wait", async () => {
    const desk = start(10_000, 2_000);
    await awake(desk);
    expect(desk.sent).toHaveLength(8);
    desk.waiting.push({ seq: 10_000, rank: urgent, bytes: 2_000 });
    await awake(desk);
    expect(desk.sent.slice(8)).toEqual([10_000]);
  });

  it("goes first when the link is back", async () => {
    const desk = start(10_000, 2_000);
    desk.connection.isUp = false;
    desk.waiting.push({ seq: 10_000, rank: urgent, bytes: 2_000 });
    desk.connection.isUp = true;
    desk.sender.rise();
    expect(desk.sent[0]).toBe(10_000);
  });

  it("is bounded too, and leaves no room to what is not", async () => {
    const desk = start(100, 2_000);
    for (const one of desk.waiting) one.rank = one.seq < 50 ? urgent : routine;
    await awake(desk);
    expect(desk.sent).toEqual(numbers(0, 7));
  });

  it("does not make what is under way go twice when it pushes it out of sight", async () => {
    const desk = start(256);
    await awake(desk);
    for (const seq of numbers(1_000, 1_999)) desk.waiting.push({ seq, rank: urgent, bytes: 10 });
    await awake(desk);
    desk.receipt(...numbers(1_000, 1_999));
    await settle();
    expect(desk.sent.filter((seq) => seq < 256)).toHaveLength(256);
  });
});

describe("what gets no receipt", () => {
  it("goes again after five seconds from when the hub had it, then ever more seldom, spread by a quarter", async () => {
    const desk = start(1);
    await awake(desk);
    const at: number[] = [];
    for (let second = 1; second <= 300; second += 1) {
      const before = desk.sent.length;
      await desk.run(1);
      if (desk.sent.length > before) at.push(second);
    }
    const gaps = at.map((one, i) => one - (at[i - 1] ?? 0));
    for (const [i, usual] of [5, 10, 20, 40, 60].entries()) {
      expect(gaps[i]).toBeGreaterThanOrEqual(usual * 0.75);
      expect(gaps[i]).toBeLessThanOrEqual(usual * 1.25 + 3);
    }
    expect(at.length).toBeLessThanOrEqual(9);
  });

  it("does not go again while the line has not carried it, however long that takes", async () => {
    const desk = start(1);
    await awake(desk);
    for (let second = 0; second < 120; second += 1) {
      desk.clock.move(1_000);
      desk.sender.tick();
    }
    expect(desk.sent).toEqual([0]);
  });

  it("goes again later where receipts take long", async () => {
    const desk = start(100, 2_000);
    await awake(desk);
    // each receipt comes after twelve seconds; nothing is ever sent twice for it
    for (let round = 0; round < 8; round += 1) {
      await desk.run(12);
      desk.receipt(...desk.waiting.slice(0, 8).map(({ seq }) => seq));
      await settle();
    }
    const again = desk.sent.length - new Set(desk.sent).size;
    // but for the first eight, of whom nothing was known yet
    expect(again).toBeLessThanOrEqual(8);
  });

  it("goes again at once on a new connection only when the hub may not have had it", async () => {
    const desk = start(1);
    await awake(desk);
    desk.line.proven = desk.line.handed;
    desk.waiting.push({ seq: 1, rank: routine, bytes: 10 });
    await awake(desk);
    desk.sender.broke();
    desk.sender.rise();
    expect(desk.sent).toEqual([0, 1, 1]);
    await desk.run(8);
    expect(desk.sent.filter((seq) => seq === 0)).toHaveLength(2);
  });

  it("goes again at once on a new connection, all of it, when the server before had been cut off from the hub", async () => {
    const desk = start(2);
    await awake(desk);
    desk.sender.postpone(1);
    desk.line.proven = desk.line.handed;
    desk.sender.distrust();
    desk.sender.rise();
    // the hub itself had asked for time for the other
    expect(desk.sent).toEqual([0, 1, 0]);
  });

  it("is told once the line carried it, each time one goes again, and not of what the hub asked time for", async () => {
    const desk = start(2);
    await awake(desk);
    desk.sender.postpone(1);
    await desk.run(20);
    expect(desk.late()).toBe(desk.sent.filter((seq) => seq === 0).length - 1);
    expect(desk.late()).toBeGreaterThan(0);
  });

  it("does not wait out its long pause when the hub answers again after a silence", async () => {
    const desk = start(2);
    await awake(desk);
    await desk.run(50);
    const before = desk.sent.length;
    desk.receipt(0);
    await settle();
    await desk.run(9);
    expect(desk.sent.slice(before)).toEqual([1]);
  });

  it("that a hub was away for a minute makes nobody wait longer for the next receipt", async () => {
    const desk = start(100);
    await awake(desk);
    await desk.run(60);
    desk.receipt(...numbers(0, 49));
    await desk.run(1);
    desk.receipt(...numbers(50, 99));
    await settle();
    for (let seq = 100; seq < 110; seq += 1) {
      desk.waiting.push({ seq, rank: routine, bytes: 10 });
      await awake(desk);
      await desk.run(1);
      desk.receipt(seq);
      await settle();
    }
    desk.waiting.push({ seq: 110, rank: routine, bytes: 10 });
    await awake(desk);
    const before = desk.sent.length;
    await desk.run(25);
    expect(desk.sent.slice(before)).toContain(110);
  });

  it("on a link that comes and goes each goes out as often as the link broke under it, not more", async () => {
    const desk = start(200, 2_000);
    for (let round = 0; round < 20; round += 1) {
      desk.sender.rise();
      await settle();
      desk.sender.broke();
      desk.clock.move(4_000);
    }
    expect(desk.sent).toHaveLength(20 * 8);
  });

  it("keeps no place from what comes after it when the hub asked for time, and is left alone longer", async () => {
    const desk = start(300);
    await awake(desk);
    for (let seq = 0; seq < 256; seq += 1) desk.sender.postpone(seq);
    await awake(desk);
    expect(desk.sent).toEqual(numbers(0, 299));
    for (const seq of numbers(256, 299)) desk.sender.postpone(seq);
    desk.clock.move(7_000);
    desk.sender.tick();
    expect(desk.sent).toHaveLength(300);
    desk.sender.stop();
    desk.clock.move(90_000);
    desk.sender.tick();
    expect(desk.sent).toHaveLength(300);
  });
});
