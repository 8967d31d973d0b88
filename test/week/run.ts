import { setTimeout as pause } from "node:timers/promises";

import type { BadLinkProxy } from "../kit/bad-link-proxy.ts";
import { makeCluster } from "../kit/cluster.ts";
import { type Dice, makeDice, pick } from "../kit/dice.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";
import { cut, leave, mend, putLine, renew, revoke } from "./happenings.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type Desks, goOn, makeTypeDraw, open, say } from "./officer.ts";
import { planWeek, rec, type Size } from "./plan.ts";
import { type Reckoning, reckon } from "./reckoning.ts";

const hourMs = 3_600_000;
const weekHours = 168;

/** What week is played. */
export interface Week {
  readonly size: Size;
  /** Messages that are taken by their senders' gateways, at least. */
  readonly messages: number;
  /** Hours that pass at once; a divisor of twelve. */
  readonly stepHours: number;
  readonly seed: string;
  /** Of the hub; one when left out. */
  readonly servers?: 1 | 3;
  /** Whose lines are cut for 72 hours, who is revoked, whose state leaves the community. */
  readonly cut: readonly string[];
  readonly revoked: string;
  readonly left: string;
  tell(line: string): void;
}

/** What came of it. */
export interface Played {
  readonly ledger: Ledger;
  readonly reckoning: Reckoning;
}

interface Stage extends Desks {
  readonly week: Week;
  readonly lines: ReadonlyMap<string, BadLinkProxy>;
  readonly drawType: ReturnType<typeof makeTypeDraw>;
}

const cutAt = 12;
const mendedAt = cutAt + 72;
const revokedAt = 60;
const leftAt = 108;
const purgedAt = 120;
const lateAt = 144;

function acting({ world, week }: Stage, hour: number): readonly string[] {
  const all = world.plan.agencies.map(({ agency }) => agency);
  return all.filter((agency) => agency !== week.revoked || hour < revokedAt);
}

/** Some of what was sent is called back: the originator asks all who read it to erase it. */
async function purge(stage: Stage, hour: number): Promise<void> {
  const { dice, ledger } = stage;
  const agencies = new Set(acting(stage, hour));
  const mine = ledger.entries.filter(({ type, from }) => agencies.has(from) && from.endsWith("/tcu") && /^(record|notice|reply)\./.test(type));
  for (let i = 0; i < Math.min(10, mine.length); i += 1) {
    const { id, from, audience, thread } = pick(dice, mine);
    await say(stage, { from, to: audience.slice(0, 4), type: "data.purge", thread, about: id, body: { targetIds: [id] } }, hour);
  }
} // prettier-ignore

/** What happens in the week beside messages, by its hour: what is done, and how it is told. */
const happenings: Readonly<Record<number, (stage: Stage) => Promise<string>>> = {
  [cutAt]: async ({ world, week, lines }) => {
    for (const [agency, line] of lines) await cut(world, agency, line);
    return `the lines of ${week.cut.join(", ")} are cut`;
  },
  [mendedAt]: async ({ world, lines }) => {
    for (const [agency, line] of lines) await mend(world, agency, line);
    return "the lines are mended";
  },
  [revokedAt]: async ({ world, week }) => {
    await revoke(world, week.revoked);
    return `${week.revoked} is revoked`;
  },
  [leftAt]: async ({ world, week }) => {
    await leave(world, week.left);
    return `${week.left} leaves ${rec}`;
  },
  [purgedAt]: async (stage) => {
    await purge(stage, purgedAt);
    return "ten messages are called back";
  },
};

async function happen(stage: Stage, hour: number): Promise<void> {
  const { world, week, ledger } = stage;
  const what = await happenings[hour]?.(stage);
  if (what !== undefined) {
    ledger.events.push(`hour ${hour}: ${what}`);
    week.tell(`hour ${hour}: ${what}`);
  }
  // who was revoked or left stands in the register of that hour
  if (hour % 12 === 0 && hour !== revokedAt && hour !== leftAt) await renew(world);
}

/** An hour's work: half of it goes on with what is open, the other half is new. */
async function work(stage: Stage, { hour, upTo }: { readonly hour: number; readonly upTo: number }): Promise<void> {
  const { dice, ledger } = stage;
  const agencies = acting(stage, hour);
  // what nobody takes must not keep the week from passing
  for (let tries = 0; ledger.entries.length < upTo && tries < 400; tries += 1) {
    if (dice(2) === 0 || hour >= lateAt) await goOn(stage, pick(dice, agencies), hour);
    else await open(stage, stage.drawType(), { hour, acting: agencies });
  }
} // prettier-ignore

/** Waits until everybody's outbox is empty who can send. */
async function drain(stage: Stage): Promise<void> {
  for (const agency of acting(stage, weekHours)) {
    const { exchange } = await stage.world.gateway(agency);
    await until(`${agency} has sent all that it may`, () =>
      exchange
        .list({ box: "out", state: "QUEUED", limit: 200 })
        .items.every(({ code }) => code !== undefined),
    );
  }
}

/** Waits until as many receipts came as will come: none for some seconds. */
async function settle(stage: Stage): Promise<void> {
  const { world, ledger } = stage;
  const count = async (): Promise<number> => {
    let rungs = 0;
    for (const { id, from } of ledger.entries) rungs += (await world.gateway(from)).exchange.find(id)?.ladder.length ?? 0;
    return rungs;
  };
  for (let [was, now] = [-1, await count()]; was !== now; [was, now] = [now, await count()]) await pause(5_000);
} // prettier-ignore

/** Lets what is on its way arrive before the clock moves: an hour that passes in a moment is no clock's fault. */
async function rest(stage: Stage, hour: number): Promise<void> {
  const isCut = hour >= cutAt && hour < mendedAt;
  const linked = acting(stage, hour).filter((agency) => !isCut || !stage.week.cut.includes(agency));
  const gateways = await Promise.all(linked.map((agency) => stage.world.gateway(agency)));
  const isOut = (): boolean => gateways.every(({ exchange }) => exchange.list({ box: "out", state: "QUEUED", limit: 200 }).items.every(({ code }) => code !== undefined));
  await until("what is said is at the hub", isOut);
  await pause(300);
} // prettier-ignore

async function play(stage: Stage): Promise<Reckoning> {
  const { world, week, ledger } = stage;
  for (let hour = 0; hour < weekHours; hour += week.stepHours) {
    await happen(stage, hour);
    await work(stage, { hour, upTo: Math.ceil((week.messages * (hour + week.stepHours)) / weekHours) });
    if (hour % 24 === 0) week.tell(`hour ${hour}: ${ledger.entries.length} messages`);
    await rest(stage, hour);
    world.shift(week.stepHours * hourMs);
  }
  await renew(world);
  await drain(stage);
  await settle(stage);
  const left = world.plan.agencies.filter(({ authority }) => authority === week.left);
  const absent = { revoked: new Set([week.revoked]), left: new Set(left.map(({ agency }) => agency)) };
  let reckoning = await reckon(world, ledger, absent);
  // on a slow machine the last receipts are still on their way; what is wrong stays wrong
  for (let again = 0; reckoning.wrong.length > 0 && again < 12; again += 1) {
    await pause(5_000);
    reckoning = await reckon(world, ledger, absent);
  }
  return reckoning;
} // prettier-ignore

async function stageOf(world: World, week: Week, dice: Dice): Promise<Stage> {
  const lines = new Map<string, BadLinkProxy>();
  for (const agency of week.cut) lines.set(agency, await putLine(world, agency));
  for (const { agency } of world.plan.agencies) await world.gateway(agency);
  return { world, week, lines, dice, ledger: openLedger(), drawType: makeTypeDraw(dice) };
}

/** Plays a week of a fictional region on a clock that is moved, with a real server, hub and gateways, and reckons up at its end. */
export async function playWeek(week: Week): Promise<Played> {
  const { states } = week.size;
  const cluster = week.servers === 3 ? makeCluster({ gates: false }) : undefined;
  const world = await startWorld({
    states,
    recs: [rec],
    plan: (usual) => planWeek(usual, week.size),
    ...cluster?.options,
  });
  let stage: Stage | undefined;
  try {
    if (cluster !== undefined) {
      await cluster.untilWhole(world);
    }
    stage = await stageOf(world, week, makeDice(week.seed));
    return { ledger: stage.ledger, reckoning: await play(stage) };
  } finally {
    for (const line of stage?.lines.values() ?? []) await line.stop();
    await world.stop();
  }
}
