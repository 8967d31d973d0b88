import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  makeOrder,
  orderFileOf,
  renderSignedOrder,
  signOrder,
  type StopOrder,
} from "../../broker/index.ts";
import { loadSigningKey } from "../../certs/keys/index.ts";
import { systemClock } from "../../schemas/ground/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { runHouse } from "../kit/house-run.ts";
import { effectsOf } from "../kit/replays.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const sender = "ng/tcu";
const reader = "gh/tcu";
const waiting = 8;
let world: World;
let ng: Gateway;
let gh: Gateway;

interface Ran {
  readonly code: number;
  readonly said: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  let said = "";
  const hear = (words: string): void => void (said += words);
  const code = await runHouse({ args: [...args], cwd: world.home, out: hear, err: hear, clock: world.clock });
  return { code, said };
} // prettier-ignore

const hub = (verb: string, ...args: readonly string[]): Promise<Ran> =>
  run("hub", verb, "--config", world.layout.brokerConfig, ...args);
const keyOf = (name: string): string => join(world.home, "duty", name);
const events = (event: string): number => world.audit().filter((one) => one.event === event).length;

/** Everything that stands in the streams of messages, by the hub's own count. */
const accepted = (): number => world.broker.status().accepted;

async function send(key: string): Promise<string> {
  return (await ng.exchange.submit(example("red-flag"), key)).id;
}

const stateOf = (id: string): string | undefined => ng.exchange.find(id)?.state;
const isDelivered = (id: string): boolean =>
  (ng.exchange.find(id)?.ladder ?? []).some(
    ({ kind, by }) => kind === "DELIVERED" && by === reader,
  );

/** An order as somebody writes it into the folder himself, signed by these. */
async function force(order: StopOrder, ...keys: readonly string[]): Promise<void> {
  const signed = keys.reduce(
    (so, key) => signOrder(so, loadSigningKey(keyOf(key))),
    makeOrder(order),
  );
  const before = events("stop order refused");
  writeFileSync(orderFileOf(world.layout.hub), renderSignedOrder(signed));
  await until("the order was answered", () => !existsSync(orderFileOf(world.layout.hub)));
  expect(events("stop order refused")).toBe(before + 1);
}

/** Whether an act stands in a leaf of the log; files of a tile that grew are gone when they are read. */
function isLogged(act: string): boolean {
  const leaves = join(world.layout.hub, "log/tile/entries");
  return globSync("**/*", { cwd: leaves }).some((name) => {
    try {
      return readFileSync(join(leaves, name)).includes(act);
    } catch {
      return false;
    }
  });
}

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh"],
    prepare: async ({ layout }) => {
      const folder = join(layout.hub, "../duty");
      mkdirSync(folder, { recursive: true });
      for (const name of ["one", "two", "stranger"]) {
        const args = ["register", "key", "make", join(folder, name)];
        const made = await runHouse({
          args,
          cwd: folder,
          out: () => undefined,
          err: () => undefined,
          clock: systemClock,
        });
        expect(made).toBe(0);
      }
      const config = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as object;
      const duty = ["one", "two"].map((name) => join(folder, `${name}.pub`));
      writeFileSync(layout.brokerConfig, JSON.stringify({ ...config, duty }));
    },
  });
  ng = await world.gateway(sender);
  gh = await world.gateway(reader);
});

afterAll(async () => {
  await world?.stop();
});

describe("the stop button of a hub", () => {
  let early: string;
  let late: readonly string[];

  it("is pressed by a duty officer and by nobody else", async () => {
    early = await send("early");
    await until("it is delivered", () => isDelivered(early));
    expect(await hub("stop-admission", "--reason", "DRILL")).toMatchObject({ code: 4, said: expect.stringContaining("ROLE_MISSING") });
    expect(await hub("stop-admission", "--reason", "DRILL", "--key", keyOf("stranger"))).toMatchObject({ said: expect.stringContaining("ROLE_MISSING") });
    expect(await hub("stop-admission", "--reason", "bored", "--key", keyOf("one"))).toMatchObject({ code: 2 });
    await force({ act: "STOP", hub: "au/hub-one", at: world.clock.now(), reason: "DRILL" }, "stranger");
    await force({ act: "STOP", hub: "au/hub-two", at: world.clock.now(), reason: "DRILL" }, "one");
    expect(world.broker.status().stopped).toBeUndefined();
    expect(await hub("stop-admission", "--reason", "DRILL", "--key", keyOf("one"))).toMatchObject({ code: 0 });
    expect(world.broker.status().stopped).toMatchObject({ reason: "DRILL" });
    expect(events("admission stopped")).toBe(1);
  }); // prettier-ignore

  it("nothing new is taken in then, and every gateway shows since when and keeps what waits", async () => {
    await until("both were told", () => [ng, gh].every((one) => one.exchange.status().hub.stopped?.reason === "DRILL"));
    const before = accepted();
    late = await Promise.all(Array.from({ length: waiting }, (_, i) => send(`late ${i}`)));
    await until("they came to the hub", () => (world.broker.status().heldBackBy["HUB_STOPPED"] ?? 0) > 0);
    expect(accepted()).toBe(before);
    expect(late.map(stateOf)).toEqual(late.map(() => "QUEUED"));
    expect(ng.exchange.status().hubs[0]).toMatchObject({ isUp: true, waiting, stopped: { reason: "DRILL" } });
  }); // prettier-ignore

  it("stays pressed over a restart of the broker, and of a gateway", async () => {
    await world.stopBroker();
    await world.stopGateway(sender);
    await world.startBroker();
    ng = await world.gateway(sender);
    expect(world.broker.status().stopped).toMatchObject({ reason: "DRILL" });
    await until("it was told anew", () => ng.exchange.status().hub.stopped !== undefined);
    await until(
      "they came again",
      () => (world.broker.status().heldBackBy["HUB_STOPPED"] ?? 0) > 0,
    );
    expect(accepted()).toBe(0);
    expect(effectsOf(gh).read).toHaveLength(1);
    expect(await hub("status")).toMatchObject({ code: 1, said: expect.stringContaining("DRILL") });
  });

  it("is let go by two, each with his own key; then all that waited is delivered once", async () => {
    const { since } = world.broker.status().stopped!;
    expect(await hub("resume")).toMatchObject({ said: expect.stringContaining("ROLE_MISSING") });
    await force({ act: "RESUME", hub: "au/hub-one", at: world.clock.now(), since }, "one", "one");
    await force({ act: "RESUME", hub: "au/hub-one", at: world.clock.now(), since: since - 1 }, "one", "two");
    expect(await hub("resume", "--key", keyOf("one"))).toMatchObject({ code: 0 });
    expect(world.broker.status().stopped).toBeDefined();
    expect(await hub("resume", "--key", keyOf("one"))).toMatchObject({ said: expect.stringContaining("SECOND_PERSON_NEEDED") });
    expect(await hub("resume", "--key", keyOf("two"))).toMatchObject({ code: 0 });
    expect(world.broker.status().stopped).toBeUndefined();
    await until("all are delivered", () => late.every(isDelivered));
    expect(accepted()).toBe(waiting);
    const read = effectsOf(gh).read;
    expect([...read].toSorted()).toEqual([early, ...late].map((id) => `${sender} ${id}`).toSorted());
    await until("both were told", () => [ng, gh].every((one) => one.exchange.status().hub.stopped === undefined));
    expect(events("admission resumed")).toBe(1);
    await until("both stand in the hub's log", () => ["ADMISSION_STOPPED", "ADMISSION_RESUMED"].every(isLogged));
    expect(await hub("resume", "--key", keyOf("one"))).toMatchObject({ said: expect.stringContaining("CHANGE_OUTDATED") });
  }); // prettier-ignore
});
