import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide } from "../../certs/trust/index.ts";
import type { RegionPlan } from "../../deploy/local/plan.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { type Clock, systemClock } from "../../schemas/ground/index.ts";
import { type MessageType, outSubject } from "../../schemas/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { runHouse } from "../kit/house-run.ts";
import { freePort, until } from "../kit/server.ts";
import { exampleNow } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";
import { makeWorldApis, type WorldApis } from "../kit/world-apis.ts";

const seat = "ecowas/centre";
const figures = ["statistics.*", "tip.statistics"];

/** A region whose centre may read figures of its community, and nothing else. */
function withSeat(usual: RegionPlan): RegionPlan {
  const [line] = usual.mandates.filter(({ agency, action, scope }) => agency === seat && action === "READ" && scope === "ecowas");
  const own = { ...line!, types: figures, handlingUpTo: "H0" };
  return {
    ...usual,
    mandates: [...usual.mandates.filter(({ agency }) => agency !== seat), own],
    releaseOf: (authority) => {
      const [rule] = usual.releaseOf(authority);
      return [...usual.releaseOf(authority), { ...rule!, kinds: ["REGIONAL_CENTRE"], types: figures, handlingUpTo: "H0" }];
    },
  };
} // prettier-ignore

let world: World;
let apis: WorldApis;
let thief: RawAgency;
let owner: Gateway;
let port = 0;

function edit(file: string, change: (config: Record<string, unknown>) => object): void {
  const config = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(change(config)));
}

beforeAll(async () => {
  port = await freePort();
  world = await startWorld({
    states: ["ng", "gh"],
    plan: withSeat,
    prepare: async ({ layout }) => {
      const serve = { host: "127.0.0.1", port };
      edit(layout.brokerConfig, (config) => ({ ...config, log: { level: "silent", serve } }));
      const file = join(layout.gateway("gh/tcu"), "gateway.json");
      edit(file, (config) => ({ ...config, monitor: "on" }));
      edit(join(layout.gateway(seat), "gateway.json"), (config) => ({
        ...config,
        oversight: "on",
      }));
      await Promise.resolve();
    },
  });
  // what it does every ten seconds it does in each
  const clock: Clock = { ...world.clock, elapsed: () => systemClock.elapsed() * 10 };
  owner = await world.gateway("gh/tcu", clock);
  apis = makeWorldApis(world);
  thief = await rawAgency(world, "gh/tcu");
});

afterAll(async () => {
  await thief?.close();
  await apis?.stop();
  await world?.stop();
});

describe("those who watch a hub's log", () => {
  it("a message sent with a stolen key is told to the key's owner, who sent nothing (T-1)", async () => {
    const { logWatch } = owner.office.store;
    const alarms = (): readonly string[] => owner.log.alarms().map(({ code }) => code);
    await until("the monitor has begun", () => logWatch.of(world.plan.hub) !== undefined);
    const { channel, bytes } = forge(thief.signer, { now: world.clock.now() });
    // the hub's receipt goes to the owner as well, who has no message for it
    thief.link.publish(outSubject(channel), bytes);
    await until("the leaf was read", () => logWatch.suspects(9).length === 1);
    // a receipt of ours might still come
    expect(alarms()).toEqual([]);
    world.shift(45_000);
    await until("it is told", () => alarms().length > 0);
    expect(alarms()).toEqual(["LOG_ENTRY_FOREIGN"]);
  }); // prettier-ignore

  const run = async (...args: readonly string[]): Promise<readonly [number, string]> => {
    let out = "";
    const write = (text: string): void => void (out += text);
    const code = await runHouse({ args, cwd: world.home, clock: world.clock, out: write, err: write });
    return [code, out];
  };
  const follow = async (): Promise<readonly [number, string]> => {
    const { layout, plan } = world;
    const keys = join(layout.gateway("ng/tcu"), "keys");
    return await run(
      "log", "follow", `https://127.0.0.1:${port}`, "--into", "mirror", "--once",
      "--register", layout.register, "--root", layout.root, "--hub", plan.hub,
      "--certificate", join(keys, "link.pem"), "--key", join(keys, "link.key"),
    );
  };

  it("an auditor with a link of his own follows all of it, over TLS", async () => {
    expect(await follow()).toEqual([0, expect.stringMatching(/^[1-9]\d* entries are proved, [1-9]\d* of them new\n$/)]);
  });

  const send = async (from: string, type: MessageType, change: object): Promise<string> => {
    const { crimes, handling, inner, body } = exampleNow(type, world.clock.now());
    const submission: unknown = JSON.parse(JSON.stringify({ type, recs: ["ecowas"], crimes, handling, inner, body, ...change }));
    return (await (await world.gateway(from)).exchange.submit(submission, `${from} ${type} ${JSON.stringify(change).length}`)).id;
  };
  const tell = async (from: string, country: string, more: object = {}): Promise<string> =>
    await send(from, "tip.statistics", { ...more, body: { ...exampleNow("tip.statistics", world.clock.now()).body, country } });
  const askSeat = async (path: string): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> => {
    const answer = await apis.call(seat, path);
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };
  let told: readonly string[] = [];

  it("a seat of oversight holds figures and nothing else; what it may not read is refused by code", async () => {
    const red = await send("ng/tcu", "bulletin.red_flag", { handling: "H1", body: { ...exampleNow("bulletin.red_flag", world.clock.now()).body, publicEdition: undefined } });
    told = [await tell("ng/tcu", "NG"), await tell("gh/tcu", "GH")];
    const [ng, gh] = [await world.gateway("ng/tcu"), owner];
    const isIn = (id: string): boolean => [ng, gh].some(({ exchange }) => exchange.find(id)?.log?.every(({ state }) => state === "PROVED") === true);
    await until("all is in the log", () => [red, ...told].every(isIn));
    // it looks as soon as it is linked, and then finds all of it
    const { exchange, office: { store } } = await world.gateway(seat);
    await until("the figures came and are proved", () => told.every((id) => exchange.find(id)?.log?.[0]?.state === "PROVED"));
    const end = store.tables.end();
    const held = (type: string): number => store.tables.places({ box: "in", type, after: 0, end, limit: 99 }).length;
    expect([exchange.find(red), held("tip.statistics"), end - 1]).toEqual([undefined, 2, 2]);
    expect(await askSeat(`/v1/messages/${red}`)).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
    const question = { action: "READ", agency: seat, originator: "ng/tcu", scope: "ecowas", type: "bulletin.red_flag", crime: "drugs", handling: "H1", purposes: [] } as const;
    expect(decide((await world.gateway(seat)).register(), question, world.clock.now())).toMatchObject({ allow: false, reason: "NO_MANDATE" });
    const before = store.tables.end();
    const odd = await apis.call("ng/tcu", "/v1/oversight/counts");
    expect([odd.status, store.tables.end()]).toEqual([404, before]);
  });

  it("its counts are those of the senders' own lists, and of what was sent with the stolen key besides", async () => {
    const own: string[] = [];
    for (const from of ["ng/tcu", "gh/tcu"]) {
      const answer = await apis.call(from, "/v1/messages?box=out");
      const { items } = (await answer.json()) as { items: readonly { type: string; crimes: readonly string[] }[] };
      // a message about two crimes stands in two channels, and in the log twice
      own.push(...items.flatMap(({ type, crimes }) => crimes.map(() => `${type} ${from.slice(0, 2)}`)));
    }
    own.push("bulletin.red_flag gh");
    const counted = async (): Promise<readonly string[]> => {
      const { json } = await askSeat("/v1/oversight/counts?by=kind,family,type,country");
      const rows = (json["rows"] ?? []) as readonly { of: Record<string, string>; count: number }[];
      return rows.filter(({ of }) => of["kind"] === "FEED").flatMap(({ of, count }) => Array.from({ length: count }, () => `${of["family"]}.${of["type"]} ${of["country"]}`));
    };
    const { oversight } = (await world.gateway(seat)).office.store;
    await until("it is counted", () => (oversight.of(world.plan.hub)?.size ?? 0) > 0);
    expect((await counted()).toSorted()).toEqual(own.toSorted());
    const { json } = await askSeat("/v1/oversight/figures?type=tip.statistics");
    const [whole] = (json["rows"] as readonly { of: object; indicator: string }[]).filter(({ of, indicator }) => indicator === "VICTIMS_DETECTED" && Object.keys(of).length === 0);
    expect(whole).toMatchObject({ count: 236, states: 2 });
    expect(json["readsMore"]).toEqual([]);
    const sources = json["sources"] as readonly { id: string; log: readonly { origin: string; index: number }[] }[];
    expect(sources.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([...told].toSorted((a, b) => (a < b ? -1 : 1)));
    expect(sources.map(({ log }) => log.map(({ origin }) => origin))).toEqual(told.map(() => [`atumpan/${world.plan.hub}`]));
    const acts = (await askSeat("/v1/audit")).json["items"] as readonly { act: string; purpose?: string }[];
    expect(acts.filter(({ act, purpose }) => act === "OVERSIGHT_READ" && purpose === "STATISTICS").length).toBe(1);
  });

  it("whoever follows the log counts the same, and finds a count that was forged", async () => {
    const { json } = await askSeat("/v1/oversight/counts?by=kind,rec,crime,family,type,country");
    const check = async (table: object): Promise<readonly [number, string]> => {
      writeFileSync(join(world.home, "counts.json"), JSON.stringify(table));
      return await run("oversight", "check", "counts.json", "--mirror", "mirror");
    };
    expect((await check(json))[0]).toBe(5);
    await follow();
    expect(await check(json)).toEqual([0, expect.stringMatching(/^every figure is right: [1-9]\d* figures, [1-9]\d* entries counted again\n$/)]);
    const rows = json["rows"] as readonly { count: number; positions: { left: number } }[];
    const forged = { ...rows[0]!, count: rows[0]!.count + 1, positions: { ...rows[0]!.positions, left: 1 } };
    expect(await check({ ...json, rows: [forged, ...rows.slice(1)] })).toEqual([8, expect.stringMatching(/^another number: /)]);
    expect(await check({ ...json, rows: rows.slice(1) })).toEqual([8, expect.stringMatching(/^left out of the file: /)]);
  });

  it("figures that their sender puts others in the place of count no more", async () => {
    const newer = await tell("ng/tcu", "NG", { supersedes: told[0] });
    const { exchange } = await world.gateway(seat);
    await until("it came", () => exchange.find(newer) !== undefined);
    const { json } = await askSeat("/v1/oversight/figures?type=tip.statistics&by=state");
    expect(json["left"]).toEqual([{ id: told[0], why: "SUPERSEDED" }]);
    expect((json["sources"] as readonly { id: string }[]).map(({ id }) => id)).toContain(newer);
  });
}); // prettier-ignore
