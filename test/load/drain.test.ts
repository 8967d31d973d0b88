import { describe, expect, it } from "vitest";

import { hubLimits } from "../../broker/index.ts";
import { makeFloodCounts, type Seen } from "../../broker/flood/index.ts";
import type { HubConnection } from "../../gateways/link/connect.ts";
import type { Line } from "../../gateways/link/pulse.ts";
import { type Sender, startSender } from "../../gateways/link/send.ts";
import { type Bytes, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock, type StillClock } from "../kit/memory-exchange.ts";

/** What stands in the way of one hub and an agency that was away for days. */
interface Trouble {
  readonly gateways: number;
  readonly waiting: number;
  /** Messages that the hub judges a second, by the second it is. */
  readonly perSecond: (second: number) => number;
  /** Milliseconds from when the hub judged one until its receipt is there. */
  readonly receiptMs: number;
  /** Whether all connections break at this moment. */
  readonly breaks?: (second: number) => boolean;
  /** What the intake holds; less where many agencies share the server's memory. */
  readonly room?: number;
}

interface Gateway {
  readonly sender: Sender;
  readonly line: { -readonly [Key in keyof Line]: Line[Key] };
  /** What waits there, from the next that has no receipt on. */
  readonly queue: Set<number>;
}

interface Intake {
  readonly gateway: Gateway;
  readonly seq: number;
}

const size = 1_000;
const bytes = new Uint8Array(size);
const stepMs = 20;

function makeGateway(clock: StillClock, count: number, send: (item: Intake) => void): Gateway {
  const queue = new Set(Array.from({ length: count }, (_, seq) => seq));
  const line: Gateway["line"] = {
    handed: 0,
    proven: 0,
    answeredAt: 0,
    // the most that a gateway ever has under way on its line
    sendBytes: 256 * 1024,
    receiveBytes: 1024 * 1024,
    quality: () => ({}),
  };
  const connection = {
    isUp: true,
    line,
    publish: (subject: string, content: Bytes) => {
      line.handed += content.length;
      send({ gateway, seq: Number(subject) });
      return true;
    },
  } as unknown as HubConnection;
  const waiting = (limit: number): { seq: number; rank: number; isUrgent: boolean }[] => {
    const found = [];
    for (const seq of queue) {
      if (found.length === limit) break;
      found.push({ seq, rank: 1, isUrgent: false });
    }
    return found;
  };
  const load = (seq: number): { subject: string; bytes: Bytes } | undefined =>
    queue.has(seq) ? { subject: String(seq), bytes } : undefined;
  const chance = makeSeededChance("drain");
  const sender = startSender({ queue: { waiting, load }, connection, clock, chance, log: silentLog });
  const gateway = { sender, line, queue };
  return gateway;
} // prettier-ignore

interface Hub {
  arrive(item: Intake): void;
  /** Goes on for one step; those whose receipts come then. */
  step(ms: number): readonly Intake[];
  /** What its watch would be told of the agency. */
  weighed(): { readonly seen: Seen; readonly taken: number };
}

function makeHub({ perSecond, receiptMs, room = hubLimits.intakeMaxMessages }: Trouble): Hub {
  const intake: Intake[] = [];
  const receipts: { at: number; item: Intake }[] = [];
  let [messages, answers, taken] = [0, 0, 0];
  return {
    arrive: (item) => {
      messages += 1;
      if (intake.length < room) intake.push(item);
    },
    step: (ms) => {
      const judged = Math.round((perSecond(Math.floor(ms / 1_000)) * stepMs) / 1_000);
      const out = intake.splice(0, judged);
      taken += out.length;
      receipts.push(...out.map((item) => ({ at: ms + receiptMs, item })));
      const late = receipts.findIndex(({ at }) => at > ms);
      const come = receipts.splice(0, late < 0 ? receipts.length : late);
      // many lines of one receipt
      if (come.length > 0) answers += 1;
      return come.map(({ item }) => item);
    },
    weighed: () => ({ seen: { messages, bytes: messages * size, answers }, taken }),
  };
}

const mostSeconds = 3_600;

/** Drains it through one hub; the most units that were left of it at any look. */
function drain(trouble: Trouble): number {
  const clock = makeStillClock(0);
  const counts = makeFloodCounts();
  const hub = makeHub(trouble);
  const { gateways: count, waiting, breaks } = trouble;
  const gateways = Array.from({ length: count }, () =>
    makeGateway(clock, waiting / count, (item) => hub.arrive(item)),
  );
  const isLeft = (): boolean => gateways.some(({ queue }) => queue.size > 0);
  const look = (): number => counts.note("ng/tcu", { ...hub.weighed(), at: clock.elapsed() });
  let most = look();
  for (let ms = 0; isLeft() && ms < mostSeconds * 1_000; ms += stepMs) {
    clock.move(stepMs);
    for (const { gateway, seq } of hub.step(ms)) gateway.queue.delete(seq);
    const isBreak = ms % 1_000 === 0 && breaks?.(ms / 1_000) === true;
    for (const { sender, line } of gateways) {
      if (isBreak) sender.broke();
      line.proven = line.handed;
      sender.tick();
    }
    if (ms % hubLimits.floodLookMs !== 0) continue;
    if (counts.isDue("ng/tcu", hub.weighed().seen, clock.elapsed())) most = Math.max(most, look());
  }
  expect(isLeft()).toBe(false);
  return most;
}

const usual: Trouble = { gateways: 1, waiting: 100_000, perSecond: () => 5_000, receiptMs: 40 };

describe("a gateway that was away for days and has 100,000 messages to send", () => {
  it.each<[string, Partial<Trouble>]>([
    ["as fast as the hub takes them", {}],
    ["to a hub that takes 60 a second and tells late", { waiting: 4_000, perSecond: () => 60, receiptMs: 4_000 }],
    ["to a hub that takes nothing for a minute, again and again", { perSecond: (second) => (second % 70 < 60 ? 0 : 5_000), waiting: 20_000 }],
    ["over lines that break every other second", { breaks: (second) => second % 2 === 0, perSecond: () => 2_000, waiting: 16_000 }],
    ["with seven more of its agency", { gateways: 8, perSecond: () => 500, waiting: 8_000 }],
    ["into an intake with little room", { gateways: 2, room: 100, perSecond: () => 1_000, waiting: 20_000 }],
  ])("is taken for no flood %s", (_, trouble) => {
    expect(drain({ ...usual, ...trouble })).toBeLessThanOrEqual(hubLimits.floodUnits / 2);
  }); // prettier-ignore

  it("differs from one that does not wait, which is one within a second", () => {
    const counts = makeFloodCounts();
    let [level, messages] = [0, 0];
    for (let at = 0; at <= 1_000; at += hubLimits.floodLookMs) {
      messages += hubLimits.floodLookMs * 20;
      // the hub takes its part all the while
      const taken = at * 10;
      level = counts.note("ng/tcu", { seen: { messages, bytes: messages, answers: 0 }, taken, at });
    }
    expect(level).toBeGreaterThan(hubLimits.floodUnits);
  });
});
