import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import type { RegionPlan } from "../../deploy/local/plan.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import type { RegionalPart } from "../../schemas/index.ts";
import { silentLog, systemChance, systemClock, toFault } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { example, exampleNow } from "../kit/submissions.ts";
import { startTwoHubs, type TwoHubs } from "../kit/two-hubs.ts";

/** Angola and the Congo are of both communities; Cameroon of the first hub's, South Africa of the second's. */
const both = "ao/moc";
const alsoBoth = "cd/moc";
const west = "cm/moc";
const south = "za/moc";

const from = Date.UTC(2025, 0, 29);

/** The centres at sea may write to each other, and every state lets all others read what is sent to them. */
function writeToAll(usual: RegionPlan): RegionPlan {
  const authorities = usual.authorities.map(({ authority }) => authority);
  const rights = [both, alsoBoth, west, south].flatMap((agency) =>
    ["PUBLISH", "READ"].map((action) => ({ agency, action, scope: "direct", types: ["request.*"], crimes: ["*"], handlingUpTo: "H2", from })),
  );
  return {
    ...usual,
    mandates: [...usual.mandates, ...rights],
    releaseOf: (authority) =>
      usual.releaseOf(authority).flatMap((rule, at) => (at > 0 ? [rule] : [rule, { ...rule, authorities, kinds: ["MOC"], types: ["request.*"] }])),
  };
} // prettier-ignore

let region: TwoHubs;
let gateways: Readonly<Record<string, Gateway>> = {};
let api: Api;
let keys = 0;

function gateway(agency: string): Gateway {
  const found = gateways[agency];
  if (found === undefined) throw new Error(`${agency} is not started`);
  return found;
}

async function allUp(agency: string): Promise<void> {
  await until(`${agency} reaches all its hubs`, () => {
    const { hubs } = gateway(agency).exchange.status();
    return hubs.length > 0 && hubs.every(({ isUp }) => isUp);
  });
}

beforeAll(async () => {
  region = await startTwoHubs({
    states: ["ao", "cd", "cm", "za"],
    recs: ["eccas", "sadc"],
    secondRecs: ["sadc"],
    plan: writeToAll,
  });
  const { world } = region;
  const started: Record<string, Gateway> = {};
  for (const { agency } of world.plan.agencies) started[agency] = await world.gateway(agency);
  gateways = started;
  for (const agency of Object.keys(gateways)) await allUp(agency);
  api = await startApi({
    exchange: gateway(both).exchange,
    services: { log: gateway(both).log },
    directory: makeDirectory(() => gateway(both).register(), systemClock),
    dir: world.layout.gateway(both),
    host: "127.0.0.1",
    port: 0,
    clock: systemClock,
    chance: systemChance,
    log: silentLog,
  });
});

afterAll(async () => {
  await api?.stop();
  await region?.stop();
});

async function submit(agency: string, submission: unknown): Promise<string> {
  keys += 1;
  const { id } = await gateway(agency).exchange.submit(submission, `two-hubs-${keys}`);
  return id;
}

const flag = (recs: readonly string[]): unknown => example("red-flag", { recs, crimes: ["drugs"] });

async function delivered(agency: string, id: string): Promise<void> {
  const { exchange } = gateway(agency);
  await until("it is delivered", () => exchange.find(id)?.state === "DELIVERED");
}

/** A request for information to one agency. */
function mail(to: string): unknown {
  const type = "request.information";
  return { type, recipients: [to], ...exampleNow(type, systemClock.now()) };
}

/** By whom it was taken, each with the stream. */
function accepted(agency: string, id: string): readonly string[] {
  const ladder = gateway(agency).exchange.find(id)?.ladder ?? [];
  return ladder
    .flatMap(({ kind, by, stream = "" }) => (kind === "ACCEPTED" ? [`${by} ${stream}`] : []))
    .toSorted();
}

function waitingAt(agency: string, hub: string): number | undefined {
  return gateway(agency)
    .exchange.status()
    .hubs.find((one) => one.hub === hub)?.waiting;
}

describe("a gateway of communities at two hubs", () => {
  it("is linked to each by name, and one of a single community to its own alone", async () => {
    const token = loadToken(region.world.layout.gateway(both), systemChance);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${api.url}/v1/status`, { headers });
    expect(await answer.json()).toMatchObject({
      linkUp: true,
      hubs: [
        { hub: region.first, isUp: true, waiting: 0 },
        { hub: region.second.hub, isUp: true, waiting: 0 },
      ],
    });
    const hubsOf = (agency: string): readonly string[] =>
      gateway(agency).exchange.status().hubs.map(({ hub }) => hub);
    expect([hubsOf(west), hubsOf(south)]).toEqual([[region.first], [region.second.hub]]);
  }); // prettier-ignore

  it("sends one message to both: one id, one copy, taken by each hub and proved in each hub's log", async () => {
    const inbox = gateway(alsoBoth).exchange.status().inbox;
    const id = await submit(both, flag(["eccas", "sadc"]));
    await delivered(both, id);
    await until("both hubs took it", () => accepted(both, id).length === 2);
    expect(accepted(both, id)).toEqual([`${region.first} FEED_ECCAS`, `${region.second.hub} FEED_SADC`]);
    for (const reader of [west, south, alsoBoth]) expect(gateway(reader).exchange.find(id)?.box).toBe("in");
    expect(gateway(alsoBoth).exchange.status().inbox).toBe(inbox + 1);
    const { log } = gateway(both);
    const digest = gateway(both).office.store.messages.find(Buffer.from(id.replaceAll("-", ""), "hex"))?.digest;
    const proofs = () => log.proofs("out", digest ?? new Uint8Array());
    await until("both logs prove it", () => proofs().every(({ state }) => state === "PROVED") && proofs().length === 2);
    const origins = proofs().map(({ proved }) => proved?.origin);
    expect(new Set(origins).size).toBe(2);
  }); // prettier-ignore

  it("waits for a hub that is away, and holds up nobody at the other", async () => {
    const { second, first } = region;
    await second.stopBroker();
    await second.server.kill();
    await until("it is away", () => !gateway(both).exchange.status().hubs.every(({ isUp }) => isUp));
    const shared = await submit(both, flag(["eccas", "sadc"]));
    const own = await submit(both, flag(["eccas"]));
    await delivered(both, own);
    await until("the first took it", () => accepted(both, shared).length === 1);
    expect(accepted(both, shared)).toEqual([`${first} FEED_ECCAS`]);
    await until("the west has it", () => gateway(west).exchange.find(shared)?.box === "in");
    expect([waitingAt(both, first), waitingAt(both, second.hub)]).toEqual([0, 1]);
    expect(gateway(both).exchange.status().linkUp).toBe(true);
    await second.server.start();
    await second.startBroker();
    await delivered(both, shared);
    await until("both took it", () => accepted(both, shared).length === 2);
    expect(gateway(south).exchange.find(shared)?.box).toBe("in");
    expect(waitingAt(both, second.hub)).toBe(0);
  }); // prettier-ignore

  it("writes to one by the hub that both are linked to", async () => {
    const sent = [await submit(both, mail(south)), await submit(both, mail(west)), await submit(both, mail(alsoBoth))];
    for (const id of sent) await delivered(both, id);
    await until("all were taken", () => sent.every((id) => accepted(both, id).length === 1));
    expect(sent.flatMap((id) => accepted(both, id))).toEqual([
      `${region.second.hub} DIRECT`, `${region.first} DIRECT`, `${region.first} DIRECT`,
    ]);
  }); // prettier-ignore

  it("an agency that shares no hub with another is told so, and nothing is stored", async () => {
    const { exchange, office } = gateway(west);
    const before = office.store.outbox.last();
    const fault = await exchange.submit(mail(south), "no-way").catch((error: unknown) => toFault(error, "INTERNAL"));
    expect(fault).toMatchObject({ code: "HUB_NOT_SHARED" });
    expect(office.store.outbox.last()).toBe(before);
  }); // prettier-ignore

  it("gives what waits for a hub that is away another way, once the register names one", async () => {
    const { second, first, world } = region;
    await second.stopBroker();
    await second.server.kill();
    await until("it is away", () => !gateway(both).exchange.status().hubs.every(({ isUp }) => isUp));
    const id = await submit(both, flag(["sadc"]));
    expect(waitingAt(both, second.hub)).toBe(1);
    const move = (hub: string) => (now: RegionalPart): RegionalPart => ({
      ...now,
      hubs: now.hubs.map((one) => ({ ...one, recs: one.hub === hub ? ["eccas", "sadc"] : ["eac"] })),
    });
    await world.publish({ region: move(first) });
    // whoever was linked to the one that is away alone reads it at the other
    for (const agency of [south, "sadc/centre"]) {
      await world.stopGateway(agency);
      gateways = { ...gateways, [agency]: await world.gateway(agency) };
    }
    await delivered(both, id);
    await until("the first took it", () => accepted(both, id).length === 1);
    expect(accepted(both, id)).toEqual([`${first} FEED_SADC`]);
    const names = gateway(both).exchange.status().hubs.map(({ hub }) => hub);
    expect(names).toEqual([first]);
  }); // prettier-ignore
});
