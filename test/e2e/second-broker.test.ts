import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { type Cluster, makeCluster } from "../kit/cluster.ts";
import { runHouse } from "../kit/house-run.ts";
import { type HubProcess, startHubProcess } from "../kit/hub-process.ts";
import { effectsOf } from "../kit/replays.ts";
import { freePort, until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { readWholeLog } from "../kit/whole-log.ts";
import { startWorld, type World } from "../kit/world.ts";

/** On three servers too, and what is beside the way of things: `ATUMPAN_LONG=1 npm test -- test/e2e/second-broker`. */
const isLong = process.env["ATUMPAN_LONG"] === "1";
/** Quicker than usual; what it is made of does not hang on how long it is. */
const limits = { turnLeaseMs: isLong ? 10_000 : 3_000, refusalsBurst: 1_000_000 };
const mostMs = 600_000;

describe.each(isLong ? [1, 3] : [1])("two brokers of a hub, of which one works at a time, with %i server(s)", (servers) => {
  let cluster: Cluster | undefined;
  let world: World;
  let ports: number;
  let ng: Gateway;
  let gh: Gateway;
  let one: HubProcess;
  let two: HubProcess;
  const sent: string[] = [];
  const took: Record<string, number> = {};

  const start = (name: "one" | "two"): HubProcess =>
    startHubProcess(world, { name, port: ports + (name === "one" ? 1 : 2), limits, ...(name === "two" ? { folder: "../hub-two" } : {}) });
  let count = 0;
  const send = async (): Promise<void> => {
    count += 1;
    const { id } = await ng.exchange.submit(example("red-flag"), `sent ${count}`);
    sent.push(id);
  };
  const isRead = (id: string): boolean =>
    (ng.exchange.find(id)?.ladder ?? []).some(({ kind, by }) => kind === "DELIVERED" && by === "gh/tcu");
  const arrive = (): Promise<void> =>
    until(() => `all of ${sent.length} are delivered; ${sent.filter((id) => !isRead(id)).length} are not`, () => sent.every(isRead));
  /** Sends on until what is sent is delivered by who works then; how long after `since` that was. */
  const worksFor = async (what: string, since: number): Promise<void> => {
    await send();
    await arrive();
    took[what] = Math.round(performance.now() - since) / 1_000;
  };
  const waiting = (broker: HubProcess): Promise<void> =>
    until(() => `${broker.name} waits: ${broker.said().slice(-2_000)}`, () => broker.waits());
  const working = (broker: HubProcess): Promise<void> =>
    until(() => `${broker.name} works: ${broker.said().slice(-2_000)}`, () => broker.works());
  const hub = async (broker: HubProcess, ...args: readonly string[]): Promise<{ code: number; said: string }> => {
    let said = "";
    const hear = (words: string): void => void (said += words);
    const code = await runHouse({ args: ["hub", ...args, "--config", broker.config], cwd: world.home, out: hear, err: hear, clock: world.clock });
    return { code, said };
  };

  beforeAll(async () => {
    cluster = servers === 1 ? undefined : makeCluster();
    world = await startWorld({ states: ["ng", "gh"], ...cluster?.options });
    // beyond what the gateways and servers of the region listen at
    ports = (await freePort()) + 10;
    await world.stopBroker();
    one = start("one");
    await working(one);
    two = start("two");
    await waiting(two);
    [ng, gh] = await Promise.all([world.gateway("ng/tcu"), world.gateway("gh/tcu")]);
  }, mostMs);

  afterAll(async () => {
    for (const broker of [one, two]) {
      broker?.thaw();
      await broker?.kill();
    }
    await world?.stop();
    if (Object.keys(took).length > 0) process.stderr.write(`seconds until delivered, ${servers} server(s): ${JSON.stringify(took)}\n`);
  }, mostMs);

  it("one waits, says so, and is ready to take over; what is sent is delivered by the other", async () => {
    await send();
    await arrive();
    const ready = await two.show("/readyz");
    expect([ready?.status, JSON.parse(ready?.text ?? "{}")]).toMatchObject([200, { ready: true, standby: true }]);
    expect((await two.show("/metrics"))?.text).toContain("atumpan_hub_ready 0\n");
    expect(JSON.parse((await one.show("/readyz"))?.text ?? "{}")).toMatchObject({ ready: true, standby: false });
    expect(await hub(two, "status")).toMatchObject({ code: 0, said: expect.stringContaining("this one waits, 1 or 0: 1") });
    expect((await hub(one, "status")).said).not.toContain("this one waits, 1 or 0: 1");
  });

  it("F26 the one that works is killed: the other takes over, nothing is lost and nothing taken twice", async () => {
    const since = performance.now();
    await one.kill();
    await Promise.all([send(), send(), send()]);
    await worksFor("after a kill", since);
    await working(two);
    one = start("one");
    await waiting(one);
  }, mostMs);

  it("F8 the one that works stands still: the other takes over; the first wakes, does nothing, and waits", async () => {
    await send();
    two.freeze();
    const since = performance.now();
    await Promise.all([send(), send(), send()]);
    await worksFor("after it stood still", since);
    await working(one);
    two.thaw();
    await waiting(two);
    expect(two.said()).toContain("another broker took over");
    await send();
    await arrive();
    expect(await one.works()).toBe(true);
  }, mostMs);

  it("a stop ordered beside the one that waits counts, and stays when the other takes over and the servers choose another leader", async () => {
    const pressed = performance.now();
    expect(await hub(two, "stop-admission", "--reason", "DRILL")).toMatchObject({ code: 0 });
    took["until nothing new is taken in"] = Math.round(performance.now() - pressed) / 1_000;
    const taken = async (): Promise<number | undefined> => (await world.desk.jetStream.stream("FEED_ECOWAS"))?.lastSequence;
    await until("the desk is linked", () => world.desk.isUp());
    const before = await taken();
    await until("the gateway was told", () => ng.exchange.status().hub.stopped?.reason === "DRILL");
    const leader = await cluster?.leaderOf(world, "FEED_ECOWAS");
    await leader?.kill();
    const since = performance.now();
    expect(await one.end()).toBe(0);
    await working(two);
    took["after an orderly end"] = Math.round(performance.now() - since) / 1_000;
    await send();
    const held = sent.at(-1) ?? "";
    await until("it is held back", async () => (await two.show("/metrics"))?.text.includes('held_back_total{code="HUB_STOPPED"}') === true);
    expect(ng.exchange.find(held)?.state).toBe("QUEUED");
    await leader?.start();
    await until("the desk is linked", () => world.desk.isUp());
    expect(await taken()).toBe(before);
    expect(await hub(two, "resume")).toMatchObject({ code: 0 });
    await arrive();
  }, mostMs);

  it.runIf(isLong)("one that takes no turns is not let in beside them, and ends", async () => {
    const lone = startHubProcess(world, { name: "lone", folder: "../hub-lone", port: ports + 3, limits, change: { dir: world.layout.hub, standby: undefined } });
    expect([await lone.ended(), lone.said()]).toEqual([78, expect.stringContaining("CONFIG_INVALID")]);
    expect(await two.works()).toBe(true);
  }, mostMs);

  it.runIf(isLong)("one of the same name is refused, as on a second machine, and one whose shared folder is another", async () => {
    const twin = startHubProcess(world, { name: "two", folder: "../hub-two", port: ports + 5, limits });
    expect([await twin.ended(), twin.said()]).toEqual([78, expect.stringContaining("another broker that is called two works")]);
    const elsewhere = join(world.layout.hub, "..", "hub-elsewhere");
    cpSync(world.layout.hub, elsewhere, { recursive: true, filter: (file) => !file.endsWith("folder-id") });
    const apart = startHubProcess(world, { name: "three", folder: "../hub-three", port: ports + 6, limits, change: { standby: { name: "three", folder: elsewhere } } });
    expect([await apart.ended(), apart.said()]).toEqual([78, expect.stringContaining("standby.folder is not the folder")]);
    expect(await two.works()).toBe(true);
  }, mostMs);

  it.runIf(isLong)("servers that are away are waited for: it lives, is not ready, says why, and works when they are there", async () => {
    await until("the desk is linked", () => world.desk.isUp());
    await Promise.all([one, two].map((broker) => broker.kill()));
    await world.server.kill();
    one = start("one");
    await until("it answers", async () => (await one.show("/livez"))?.status === 200);
    const ready = await one.show("/readyz");
    expect([ready?.status, JSON.parse(ready?.text ?? "{}")]).toMatchObject([503, { ready: false, standby: false, code: "HUB_UNREACHABLE" }]);
    expect((await one.show("/metrics"))?.text).toContain("atumpan_hub_ready 0\n");
    const wrong = startHubProcess(world, { name: "wrong", port: ports + 4, limits, change: { signing: { certificateFile: "none.pem", keyFile: "none.key" } } });
    expect(await wrong.ended()).toBe(78);
    // longer than the half minute that a start once took at most
    await new Promise((resolve) => setTimeout(resolve, 35_000));
    expect((await one.show("/livez"))?.status).toBe(200);
    await world.server.start();
    await working(one);
    await send();
    await arrive();
    two = start("two");
    await waiting(two);
  }, mostMs);

  it("the log is one: each message stands in it once, and whatever anybody was shown is a beginning of it", async () => {
    await until("the desk is linked", () => world.desk.isUp());
    const { entered, held, wrong, shown, split } = await readWholeLog(world, "FEED_ECOWAS");
    expect(held).toBe(sent.length);
    expect(entered).toEqual(Array.from({ length: held }, (_, i) => i + 1));
    expect({ wrong, split }).toEqual({ wrong: 0, split: 0 });
    expect(shown).toBeGreaterThan(5);
    expect(effectsOf(gh).read.toSorted()).toEqual(sent.map((id) => `ng/tcu ${id}`).toSorted());
    expect(existsSync(join(world.layout.hub, "../hub-two/audit.jsonl"))).toBe(true);
  }, mostMs);
}); // prettier-ignore
