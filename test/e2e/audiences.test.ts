import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mailboxOf } from "../../certs/trust/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { type Store, openStore } from "../../gateways/store/index.ts";
import type { Mandate, StatePart } from "../../schemas/index.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let ng: Gateway;
let gh: Gateway;
const minute = 60_000;
let keys = 0;
let full: readonly Mandate[];

/** What lets the unit of sn read the feed. */
function feedOf(mandates: readonly Mandate[]): readonly Mandate[] {
  return mandates.filter(
    ({ agency, action, scope }) => agency === "sn/tcu" && action === "READ" && scope === "ecowas",
  );
}

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh", "sn"],
    plan: (usual) => {
      full = usual.mandates;
      const mandates = usual.mandates.filter((one) => !feedOf(full).includes(one));
      return { ...usual, mandates };
    },
  });
  ng = await world.gateway("ng/tcu");
  gh = await world.gateway("gh/tcu");
  // the server goes by the machine's clock: who connects does so before the world's is moved
  await world.gateway("sn/tcu");
});

afterAll(async () => {
  await world?.stop();
});

async function submit(gateway: Gateway): Promise<string> {
  keys += 1;
  return (await gateway.exchange.submit(example("lagos-alert"), `key ${keys}`)).id;
}

async function opens(gateway: Gateway, id: string): Promise<void> {
  const codes = (): string =>
    gateway.exchange.list({ box: "in", state: "QUARANTINED", limit: 9 }).items.map(({ code }) => code).join(" ");
  await until(`${gateway.agency} has it open (${codes()})`, () => gateway.exchange.find(id)?.state === "VERIFIED");
} // prettier-ignore

/** Who may read what ng sends, in force at the hub and at every gateway that runs. */
async function release(change: (now: StatePart["release"]) => StatePart["release"]): Promise<void> {
  await world.publish({ states: { ng: (now) => ({ ...now, release: change(now.release) }) } });
  const { epoch } = world.register();
  // an open message makes the hub's receipt tell its sender of the epoch; readers learn it with what they receive
  for (const gateway of [ng, gh, await world.gateway("ecowas/centre")]) {
    keys += 1;
    await gateway.exchange.submit(example("red-flag"), `flag ${keys}`);
    await until(`${gateway.agency} has the register`, () => gateway.register().epoch === epoch);
  }
}

const denyCentre: StatePart["release"][number] = {
  effect: "DENY", originators: [], authorities: ["ecowas"], kinds: [], agencies: [], types: ["alert.*"], crimes: [], askedAssurances: [], from: Date.UTC(2025, 0, 29),
}; // prettier-ignore

/** Looks into a gateway's store; the gateway is stopped meanwhile. */
async function lookInto<T>(agency: string, look: (store: Store) => T): Promise<T> {
  await world.stopGateway(agency);
  const store = openStore(join(world.layout.gateway(agency), "store.db"));
  try {
    return look(store);
  } finally {
    store.close();
    await world.gateway(agency);
  }
}

async function countMail(agency: string): Promise<number> {
  const boxes = world.register().mailboxKeys.map((key) => mailboxOf(key, agency));
  const stored = await world.desk.read("DIRECT");
  return stored.filter(({ subject }) => boxes.some((box) => subject.startsWith(`direct.${box}.`)))
    .length;
}

describe("an alert to a feed with several readers", () => {
  let first = "";
  let second = "";

  it("opens at those who are there, with one key for all of them", async () => {
    first = await submit(ng);
    await opens(gh, first);

    const sent = ng.exchange.find(first);
    expect(sent?.audience.toSorted()).toEqual(["ecowas/centre", "gh/tcu"]);
    expect(await Promise.all([...(sent?.audience ?? [])].map(countMail))).toEqual([1, 1]);
  });

  it("waits with its key for a reader who was away, and opens when he comes back", async () => {
    second = await submit(ng);
    const centre = await world.gateway("ecowas/centre");
    for (const id of [first, second]) await opens(centre, id);
    for (const id of [first, second]) {
      await until("it is delivered to all", () => ng.exchange.find(id)?.state === "DELIVERED");
    }
    expect(centre.exchange.status()).toMatchObject({ inbox: 2, quarantined: 0, waiting: 0 });
    // keys are no messages to anyone
    const all = centre.exchange.list({ box: "in", limit: 50 }).items;
    expect(all.map(({ type }) => type)).toEqual(["alert.incident", "alert.incident"]);
    expect(await countMail("ecowas/centre")).toBe(1);
  });
});

describe("keys that are asked for", () => {
  let lost = "";
  let quarantined = 0;

  function waiting(gateway: Gateway): readonly (string | undefined)[] {
    const { items } = gateway.exchange.list({ box: "in", state: "QUARANTINED", limit: 50 });
    return items.map(({ code }) => code);
  }

  it("a reader whose store lost a key keeps what needs it, and waits", async () => {
    await lookInto("gh/tcu", (store) => store.heldKeys.erase(Number.MAX_SAFE_INTEGER));
    gh = await world.gateway("gh/tcu");
    lost = await submit(ng);
    await opens(await world.gateway("ecowas/centre"), lost);
    await until("it waits for its key", () => gh.exchange.status().quarantined === 1);
    expect(waiting(gh)).toEqual(["AUDIENCE_KEY_AWAITED"]);
  });

  it("a reader who is admitted later is handed what came before, and waits", async () => {
    const sn = await world.gateway("sn/tcu");
    expect(sn.exchange.status()).toMatchObject({ inbox: 0, quarantined: 0 });
    await world.publish({
      region: (now) => ({ ...now, mandates: [...now.mandates, ...feedOf(full)] }),
      states: { sn: (now) => ({ ...now, nominations: [...now.nominations, ...feedOf(full)] }) },
    });
    keys += 1;
    // the hub's receipt for it tells of the new register
    await sn.exchange.submit(example("red-flag"), `flag ${keys}`);
    await until("sn/tcu waits for keys", () => sn.exchange.status().quarantined >= 3);
    quarantined = sn.exchange.status().quarantined;
    expect(new Set(waiting(sn))).toEqual(new Set(["AUDIENCE_KEY_AWAITED"]));
  });

  it("after some minutes their gateways ask, the sender's answers, and everything opens", async () => {
    world.shift(6 * minute);
    const sn = await world.gateway("sn/tcu");
    await opens(gh, lost);
    await opens(sn, lost);
    await until("all of it opens", () => waiting(gh).length + waiting(sn).length === 0);
    expect(sn.exchange.status().inbox).toBeGreaterThanOrEqual(quarantined);
  });

  it("what is sent from then on needs no asking", async () => {
    await until("ng/tcu has the register", async () => {
      keys += 1;
      await ng.exchange.submit(example("red-flag"), `flag ${keys}`);
      return ng.register().epoch === world.register().epoch;
    });
    const next = await submit(ng);
    expect(ng.exchange.find(next)?.audience).toContain("sn/tcu");
    for (const reader of ["sn/tcu", "gh/tcu", "ecowas/centre"]) {
      await opens(await world.gateway(reader), next);
    }
  });
});

describe("an audience that changes", () => {
  let kept = "";

  it("has a new key, which the one left out is never told", async () => {
    const before = [await countMail("ecowas/centre"), await countMail("gh/tcu")];
    await release((now) => [...now, denyCentre]);
    kept = await submit(ng);
    await opens(gh, kept);
    expect(ng.exchange.find(kept)?.audience).not.toContain("ecowas/centre");
    expect([await countMail("ecowas/centre"), await countMail("gh/tcu")]).toEqual([
      before[0],
      (before[1] ?? 0) + 1,
    ]);
    const centre = await world.gateway("ecowas/centre");
    expect(centre.exchange.find(kept)).toBeUndefined();
  });
});
