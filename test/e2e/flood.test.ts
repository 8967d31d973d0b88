import { cpSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type Broker,
  hubLimits,
  loadBrokerConfig,
  loadBrokerOptions,
  startBroker,
} from "../../broker/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { intakeStreamOf, outSubject } from "../../schemas/index.ts";
import { startLog, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { changeHubLimits } from "../kit/hub-limits.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const flooder = "ng/tcu";
/** Floods while the hub has two brokers; the pauses of the first are its own. */
const later = "sn/tcu";
/** Longer than it takes to see that nobody is let in, on a slow machine too. */
const pauseMs = 12_000;
/** Longer than any test. */
const endlessMs = 600_000;
let setBack: () => void;
let world: World;
let own: Gateway;
let other: Gateway;
let raws: readonly RawAgency[];

beforeAll(async () => {
  // nothing is forgotten by and by: however slowly it comes here, so much is a flood
  setBack = changeHubLimits({ floodPauseMs: pauseMs, floodUnitsPerSecond: 1 });
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  own = await world.gateway(flooder);
  other = await world.gateway("gh/tcu");
  raws = [await rawAgency(world, flooder), await rawAgency(world, flooder)];
});

afterAll(async () => {
  await Promise.all((raws ?? []).map((raw) => raw.close()));
  await world?.stop();
  setBack();
});

/** Sends what has no shape over one connection until it is closed. */
async function flood({ link, signer }: RawAgency): Promise<void> {
  const { channel } = forge(signer);
  while (!link.isClosed()) {
    for (let at = 0; at < 64; at += 1) link.publish(outSubject(channel), utf8(`no shape ${at}`));
    await Promise.race([link.flush(), link.closed()]);
  }
}

function audited(event: string): readonly string[] {
  const lines = world.audit().filter((line) => line.event === event && line.fields["code"] === "LINK_PAUSED");
  return lines.map(({ fields }) => String(fields["agency"]));
} // prettier-ignore

let keys = 0;

async function submit(gateway: Gateway): Promise<string> {
  keys += 1;
  const { id } = await gateway.exchange.submit(example("lagos-alert"), `flood ${keys}`);
  return id;
}

function isTaken(gateway: Gateway, id: string): boolean {
  const state = gateway.exchange.find(id)?.state;
  return state === "ACCEPTED" || state === "DELIVERED";
}

describe("an agency that floods", () => {
  it("has all of its connections closed and is let in no more, and the record says so", async () => {
    await flood(raws[0]!);
    await until("its other connection is closed too", () => raws[1]!.link.isClosed());
    await expect(rawAgency(world, flooder)).rejects.toThrow("Authorization Violation");
    expect(world.broker.status().paused).toBe(1);
    expect(audited("agency paused")).toEqual([flooder]);
    expect(audited("login refused")).toEqual([flooder]);
    expect(audited("session closed").length).toBeGreaterThanOrEqual(3);
    expect(new Set(audited("session closed"))).toEqual(new Set([flooder]));
  });

  it("tells its gateway, which says so and asks again when it may", async () => {
    await until("it knows until when", () => {
      const { isUp, lastFailure, nextTryAt = 0 } = own.exchange.status().hub;
      return !isUp && lastFailure?.code === "LINK_PAUSED" && nextTryAt > lastFailure.at;
    });
  });

  it("keeps nobody else waiting meanwhile", async () => {
    const id = await submit(other);
    await until("it is taken", () => isTaken(other, id));
    expect(world.broker.status().paused).toBe(1);
    expect(other.exchange.status().linkUp).toBe(true);
  });

  it("is let in again, with what its gateway had to send, and nothing of the flood before it", async () => {
    const ids = [await submit(own), await submit(own)];
    await until("they are taken", () => ids.every((id) => isTaken(own, id)));
    expect(world.broker.status().paused).toBe(1);
    const stream = await world.desk.jetStream.stream(intakeStreamOf(flooder));
    expect(stream?.messages).toBeLessThan(hubLimits.floodUnits / 8);
  });

  it("waits twice as long the next time", async () => {
    await until("it is let in", () => own.exchange.status().linkUp);
    raws = [await rawAgency(world, flooder)];
    await flood(raws[0]!);
    await until("it is written down", () => audited("agency paused").length === 2);
    const paused = world.audit().filter(({ event }) => event === "agency paused");
    expect(paused.map(({ fields }) => fields["count"])).toEqual([pauseMs / 1_000, (2 * pauseMs) / 1_000]); // prettier-ignore
  });
});

describe("an agency that floods a hub with two brokers", () => {
  let second: Broker;

  /** Another broker of the same hub: its own folder and record, the same keys, the same server. */
  async function startSecond(): Promise<Broker> {
    const folder = join(world.home, "hub-two");
    const place = dirname(world.layout.brokerConfig);
    const left = new Set(["store", "log", "audit.jsonl"]);
    cpSync(place, folder, { recursive: true, filter: (path) => !left.has(relative(place, path)) });
    const copy = loadBrokerConfig(join(folder, basename(world.layout.brokerConfig)));
    // the server is one, and stands where it stood
    const { server } = loadBrokerConfig(world.layout.brokerConfig);
    const config = { ...copy, server };
    const log = startLog({ name: "broker", file: join(world.layout.logs, "broker-two.log") });
    return await startBroker(
      loadBrokerOptions(config, { clock: world.clock, chance: systemChance, log }),
    );
  }

  let setPauseBack: () => void;

  beforeAll(async () => {
    setPauseBack = changeHubLimits({ floodPauseMs: endlessMs, floodMostPauseMs: endlessMs });
    second = await startSecond();
  });
  afterAll(async () => {
    await second?.stop();
    setPauseBack();
  });

  /** Tries to get in, over whichever broker answers; who is let in by one that has not seen it yet is closed by the other. */
  async function tryIn(): Promise<void> {
    const raw = await rawAgency(world, later).catch(() => undefined);
    if (raw === undefined) return;
    await until("it is closed again", () => raw.link.isClosed());
    await raw.close();
  }

  it("gets in at neither, and keeps nobody else waiting, whom both serve", async () => {
    const paused = (): number => world.broker.status().paused + second.status().paused;
    const before = paused();
    raws = [await rawAgency(world, later)];
    await flood(raws[0]!);
    await until("it is paused", () => paused() > before);
    for (let tries = 0; tries < 12; tries += 1) await tryIn();
    const ids = [await submit(other), await submit(other), await submit(other)];
    await until("they are taken", () => ids.every((id) => isTaken(other, id)));
    // each of the two pauses it once: they count the same, and neither counts what the other shut out
    expect(paused() - before).toBeLessThanOrEqual(2);
    expect(other.exchange.status().linkUp).toBe(true);
  });
});
