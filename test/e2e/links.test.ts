import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { type BadLinkProxy, startBadLinkProxy } from "../kit/bad-link-proxy.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let proxy: BadLinkProxy;
let sender: Gateway;
let reader: Gateway;
let number = 0;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  proxy = await startBadLinkProxy({ toPort: Number(new URL(world.url).port) });
  const file = join(world.layout.gateway("ng/moc"), "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...config, hubs: [`tls://127.0.0.1:${proxy.port}`] }));
  for (const { agency } of world.plan.agencies) await world.gateway(agency);
  sender = await world.gateway("ng/moc");
  reader = await world.gateway("gh/moc");
}, 120_000);

afterAll(async () => {
  await proxy?.stop();
  await world?.stop();
});

afterEach(async () => {
  Object.assign(proxy.nature, { up: "open", down: "open" });
  await until("it is linked", () => sender.exchange.status().linkUp, 90);
}, 100_000);

async function send(count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id } = await sender.exchange.submit(example("maritime"), `link-${(number += 1)}`);
    ids.push(id);
  }
  return ids;
}

function isDelivered(id: string): boolean {
  return sender.exchange.find(id)?.state === "DELIVERED";
}

/** Milliseconds until it is noticed that the link is down. */
async function noticed(): Promise<number> {
  const began = performance.now();
  await until("it is noticed", () => !sender.exchange.status().linkUp, 60);
  return performance.now() - began;
}

describe("a link that is cut and nobody says so", () => {
  it.each([
    ["both ways, idle", { up: "held", down: "held" }, 0],
    ["both ways, with messages queued", { up: "held", down: "held" }, 40],
    ["from here alone", { up: "held" }, 5],
    ["to here alone", { down: "held" }, 5],
  ] as const)("is noticed within 30 s, and all that waited is delivered once it heals: %s", async (_, way, count) => {
    const before = reader.exchange.status().inbox;
    Object.assign(proxy.nature, way);
    const sending = send(count);
    expect(await noticed()).toBeLessThan(30_000);
    const ids = await sending;
    const { hub } = sender.exchange.status();
    expect(hub.isUp).toBe(false);
    Object.assign(proxy.nature, { up: "open", down: "open" });
    await until("all is delivered", () => ids.every(isDelivered), 90);
    expect(reader.exchange.status().inbox).toBe(before + count);
  }, 200_000); // prettier-ignore
});

describe("a link that comes and goes", () => {
  it("makes progress at two seconds of each, dials no more often than it is cut, and nothing arrives twice", async () => {
    const before = reader.exchange.status().inbox;
    const dialsBefore = proxy.dials();
    const sending = send(60);
    let cuts = 0;
    for (; cuts < 8; cuts += 1) {
      await pause(2_000);
      Object.assign(proxy.nature, { up: "held", down: "held" });
      proxy.cut();
      await pause(2_000);
      Object.assign(proxy.nature, { up: "open", down: "open" });
    }
    const ids = await sending;
    const some = ids.filter(isDelivered).length;
    expect(some).toBeGreaterThan(0);
    expect(proxy.dials() - dialsBefore).toBeLessThanOrEqual(2 * cuts);
    await until("all is delivered", () => ids.every(isDelivered), 60);
    expect(reader.exchange.status().inbox).toBe(before + 60);
  }, 200_000);
});

describe("what the status says of the way to the hub", () => {
  it("says since when it is up and how good it is, and when it is down why and when it is tried again", async () => {
    const ids = await send(10);
    await until("all is delivered", () => ids.every(isDelivered));
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
    // shares of a new audience key may wait as well
    expect(queue.count).toBeGreaterThanOrEqual(3);
    expect(queue.byUrgency.find(({ urgency }) => urgency === "ROUTINE")?.count).toBe(3);
    expect(queue.bytes).toBeGreaterThan(3 * 500);
    expect(queue.byUrgency[0]?.oldestAt).toBeGreaterThan(world.clock.now() - 60_000);
    await world.server.start();
    await until("it is up again", () => sender.exchange.status().linkUp, 60);
    await until("nothing waits", () => sender.exchange.status().queue.count === 0, 60);
  }, 200_000);
});
