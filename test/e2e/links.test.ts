import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { type BadLinkProxy, startBadLinkProxy } from "../kit/bad-link-proxy.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

/** A cut of four gateways' links, all at once since each takes half a minute to notice; and how much each has to send. */
const cuts = [
  { name: "both ways, idle", agency: "ng/moc", way: { up: "held", down: "held" }, count: 0 },
  { name: "both ways, with messages queued", agency: "gh/moc", way: { up: "held", down: "held" }, count: 40 },
  { name: "from here alone", agency: "sn/moc", way: { up: "held" }, count: 5 },
  { name: "to here alone", agency: "lr/moc", way: { down: "held" }, count: 5 },
] as const; // prettier-ignore
type Cut = (typeof cuts)[number];

let world: World;
const proxies = new Map<string, BadLinkProxy>();
let proxy: BadLinkProxy;
let sender: Gateway;
let reader: Gateway;
let number = 0;

beforeAll(async () => {
  world = await startWorld();
  for (const { agency } of cuts) {
    const made = await startBadLinkProxy({ toPort: Number(new URL(world.url).port) });
    proxies.set(agency, made);
    const file = join(world.layout.gateway(agency), "gateway.json");
    const config = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...config, hubs: [`tls://127.0.0.1:${made.port}`] }));
  }
  for (const { agency } of world.plan.agencies) await world.gateway(agency);
  sender = await world.gateway("ng/moc");
  proxy = proxies.get("ng/moc")!;
  reader = await world.gateway("gh/tcu");
}, 300_000);

afterAll(async () => {
  for (const one of proxies.values()) await one.stop();
  await world?.stop();
});

async function send(count: number, from = sender): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id } = await from.exchange.submit(example("maritime"), `link-${(number += 1)}`);
    ids.push(id);
  }
  return ids;
}

function isDelivered(id: string, from = sender): boolean {
  return from.exchange.find(id)?.state === "DELIVERED";
}

const lookMs = 100;

/** How long this process, with its gateways, was kept from working meanwhile: that is the machine's, and no line's. */
function watchStanding(): () => number {
  let [stoodMs, last] = [0, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    stoodMs += Math.max(0, now - last - 2 * lookMs);
    last = now;
  }, lookMs);
  return () => {
    clearInterval(timer);
    return stoodMs;
  };
}

/** How one cut went. */
interface Ended {
  readonly noticedMs: number;
  readonly wasUp: boolean;
  readonly ids: readonly string[];
}

/** Cuts a link and heals it as soon as it is noticed; ends when it is up again. */
async function cutOnce({ agency, way, count }: Cut): Promise<Ended> {
  const from = await world.gateway(agency);
  const { nature } = proxies.get(agency)!;
  Object.assign(nature, way);
  const [began, stood] = [performance.now(), watchStanding()];
  const sending = send(count, from);
  await until("it is noticed", () => !from.exchange.status().linkUp).finally(stood);
  const noticedMs = performance.now() - began - stood();
  const wasUp = from.exchange.status().hub.isUp;
  const ids = await sending;
  Object.assign(nature, { up: "open", down: "open" });
  await until("it is linked", () => from.exchange.status().linkUp);
  return { noticedMs, wasUp, ids };
}

describe("a link that is cut and nobody says so", () => {
  const ended = new Map<string, Promise<Ended>>();
  let before = 0;

  beforeAll(() => {
    before = reader.exchange.status().inbox;
    for (const cut of cuts) {
      const one = cutOnce(cut);
      // looked at by its own test, which comes to it later
      one.catch(() => undefined);
      ended.set(cut.name, one);
    }
  });

  it.each(cuts)("is noticed within 30 s, and all that waited is delivered once it heals: $name", async ({ name, agency, count }) => {
    const { noticedMs, wasUp, ids } = await ended.get(name)!;
    expect(noticedMs).toBeLessThan(30_000);
    expect(wasUp).toBe(false);
    expect(ids).toHaveLength(count);
    const from = await world.gateway(agency);
    await until("all is delivered", () => ids.every((id) => isDelivered(id, from)));
  }); // prettier-ignore

  it("and nothing arrives twice", () => {
    const sent = cuts.reduce((sum, { count }) => sum + count, 0);
    expect(reader.exchange.status().inbox).toBe(before + sent);
  });
});

describe("a link that comes and goes", () => {
  it("makes progress at two seconds of each, dials no more often than it is cut, and nothing arrives twice", async () => {
    const before = reader.exchange.status().inbox;
    const dialsBefore = proxy.dials();
    const sending = send(60);
    const isSomeDelivered = (): boolean => reader.exchange.status().inbox > before;
    let times = 0;
    // a busy machine may need more than two seconds to link now and then
    for (; times < 6 || (times < 30 && !isSomeDelivered()); times += 1) {
      await pause(2_000);
      Object.assign(proxy.nature, { up: "held", down: "held" });
      proxy.cut();
      await pause(2_000);
      Object.assign(proxy.nature, { up: "open", down: "open" });
    }
    expect(isSomeDelivered()).toBe(true);
    const ids = await sending;
    expect(proxy.dials() - dialsBefore).toBeLessThanOrEqual(2 * times);
    await until("all is delivered", () => ids.every((id) => isDelivered(id)));
    expect(reader.exchange.status().inbox).toBe(before + 60);
  }, 300_000);
});

describe("what the status says of the way to the hub", () => {
  it("says since when it is up and how good it is, and when it is down why and when it is tried again", async () => {
    const ids = await send(10);
    await until("all is delivered", () => ids.every((id) => isDelivered(id)));
    await until("something was measured", () => {
      const { roundTripMs, sentPerSecond } = sender.exchange.status().hub;
      return roundTripMs !== undefined && sentPerSecond !== undefined;
    });
    await world.server.kill();
    await until("it is down", () => !sender.exchange.status().linkUp);
    await until(
      "a try came to nothing",
      () => sender.exchange.status().hub.lastFailure !== undefined,
    );
    await until("the next is known", () => sender.exchange.status().hub.nextTryAt !== undefined);
    await send(3);
    const { hub, queue } = sender.exchange.status();
    expect(hub).toMatchObject({ isUp: false, lastFailure: { code: "HUB_UNREACHABLE" } });
    expect(hub.lastFailure?.why).toMatch(/^[A-Za-z_]{4,40}$/u);
    // shares of a new audience key, and what the hub had not yet answered, may wait as well
    expect(queue.count).toBeGreaterThanOrEqual(3);
    const routine = queue.byUrgency.find(({ urgency }) => urgency === "ROUTINE");
    expect(routine?.count).toBeGreaterThanOrEqual(3);
    expect(queue.bytes).toBeGreaterThan(3 * 500);
    expect(queue.byUrgency[0]?.oldestAt).toBeGreaterThan(world.clock.now() - 60_000);
    await world.server.start();
    await until("it is up again", () => sender.exchange.status().linkUp);
    await until("nothing waits", () => sender.exchange.status().queue.count === 0);
  }, 200_000);
});
